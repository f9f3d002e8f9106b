/**
 * Takes a script apart without running it, and makes the check a node makes before it takes a
 * transaction in (error -506; neo-go `IsScriptCorrect`): every instruction is known and whole,
 * jumps end at instructions or at the end, types are types. A script that passes may still fault.
 * The bytes may come from anybody; operands are views of them, not copies.
 */
import { ByteReader, decodeWhole, type Malformed } from './byte-reader.ts';
import { OPCODES, type OpcodeName, opcodeFormOf } from './opcode.ts';
import { encodeSyscall, type SyscallName } from './syscall.ts';
import { LIMITS } from './vm/limits.ts';

/** Bounds what PUSHDATA4 may say. */
const ITEM_BYTES_MAX = LIMITS.itemBytesMax.value;
const ITEM_TYPE_ANY = 0x00;
/** Any, Pointer, Boolean, Integer, ByteString, Buffer, Array, Struct, Map, InteropInterface. */
const ITEM_TYPES: ReadonlySet<number> = new Set([
  ITEM_TYPE_ANY,
  0x10,
  0x20,
  0x21,
  0x28,
  0x30,
  0x40,
  0x41,
  0x48,
  0x60,
]);

export interface Instruction {
  /** Where in the script it begins. */
  readonly offset: number;
  readonly opcode: OpcodeName;
  /** A view of the script, without the length in front of it. */
  readonly operand: Uint8Array;
}

export function readInstruction(reader: ByteReader): Instruction {
  const { offset } = reader;
  const byte = reader.u8();
  const form = opcodeFormOf(byte);
  if (form === undefined) return reader.refuse(`${String(byte)} is no instruction`);
  const { name, lengthBytes } = form;
  let length = form.operandBytes;
  if (lengthBytes === 1) length = reader.u8();
  else if (lengthBytes === 2) length = reader.u16();
  else if (lengthBytes === 4) length = reader.u32();
  if (length > ITEM_BYTES_MAX)
    reader.refuse(`${String(length)} bytes, at most ${String(ITEM_BYTES_MAX)}`);
  return { offset, opcode: name, operand: reader.view(length) };
}

/** The integer an instruction pushes in any of its forms, narrow or wide; null when it pushes none. */
export function integerOf({ opcode, operand }: Instruction): bigint | null {
  const byte = OPCODES[opcode];
  if (byte >= OPCODES.PUSHM1 && byte <= OPCODES.PUSH16) return BigInt(byte - OPCODES.PUSH0);
  if (byte > OPCODES.PUSHINT256) return null;
  const unsigned = operand.reduceRight((value, next) => (value << 8n) | BigInt(next), 0n);
  return BigInt.asIntN(8 * operand.length, unsigned);
}

export function isSyscall({ opcode, operand }: Instruction, name: SyscallName): boolean {
  const expected = encodeSyscall(name);
  return opcode === 'SYSCALL' && expected.every((byte, index) => operand[index] === byte);
}

/**
 * What a node would refuse the script for, or null. `entries` are offsets that must be instructions
 * too, such as a contract's methods.
 */
export function checkScript(script: Uint8Array, entries: readonly number[] = []): Malformed | null {
  const checked = decodeWhole(script, (reader) => {
    const starts = new Uint8Array(script.length + 1);
    // A jump to the end is a return.
    starts[script.length] = 1;
    const jumps: (readonly [from: number, to: number])[] = [];
    while (reader.left > 0) {
      const instruction = readInstruction(reader);
      starts[instruction.offset] = 1;
      checkItemType(reader, instruction);
      for (const distance of jumpsOf(instruction))
        jumps.push([instruction.offset, instruction.offset + distance]);
    }
    for (const [from, to] of jumps)
      if (starts[to] !== 1)
        reader.refuse(
          `the jump at ${String(from)} ends at ${String(to)}, where no instruction begins`,
        );
    for (const entry of entries)
      if (starts[entry] !== 1 || entry >= script.length)
        reader.refuse(`no instruction begins at ${String(entry)}`);
  });
  return checked.ok ? null : checked.malformed;
}

function checkItemType(reader: ByteReader, { opcode, operand }: Instruction): void {
  if (opcode !== 'NEWARRAY_T' && opcode !== 'ISTYPE' && opcode !== 'CONVERT') return;
  const type = operand[0] ?? -1;
  if (!ITEM_TYPES.has(type)) reader.refuse(`${opcode}: ${String(type)} is no type`);
  if (type === ITEM_TYPE_ANY && opcode !== 'NEWARRAY_T')
    reader.refuse(`${opcode}: nothing can be tested for Any`);
}

const SHORT_JUMPS: ReadonlySet<OpcodeName> = new Set<OpcodeName>([
  'JMP',
  'JMPIF',
  'JMPIFNOT',
  'JMPEQ',
  'JMPNE',
  'JMPGT',
  'JMPGE',
  'JMPLT',
  'JMPLE',
  'CALL',
  'TRY',
  'ENDTRY',
]);
const LONG_JUMPS: ReadonlySet<OpcodeName> = new Set<OpcodeName>([
  'PUSHA',
  'JMP_L',
  'JMPIF_L',
  'JMPIFNOT_L',
  'JMPEQ_L',
  'JMPNE_L',
  'JMPGT_L',
  'JMPGE_L',
  'JMPLT_L',
  'JMPLE_L',
  'CALL_L',
  'TRY_L',
  'ENDTRY_L',
]);

/** Distances from the instruction's own begin; two for TRY, which names catch and finally. */
function jumpsOf({ opcode, operand }: Instruction): readonly number[] {
  const bytes = SHORT_JUMPS.has(opcode) ? 1 : LONG_JUMPS.has(opcode) ? 4 : 0;
  if (bytes === 0) return [];
  const reader = new ByteReader(operand);
  const distances: number[] = [];
  while (reader.left > 0) distances.push(bytes === 1 ? reader.i8() : reader.i32());
  return distances;
}
