/**
 * Every instruction metering knows: how long its immediates are and what it costs. One that is not listed here fails
 * the build, because an instruction of unknown length or unknown price cannot be metered: exceptions, SIMD, threads
 * and tail calls are out until somebody prices them.
 *
 * One unit of fuel is one plain instruction; those that a processor does markedly slower cost more, so that a loop of
 * the dearest instruction does not run much longer per unit of fuel than any other.
 */
import type { WasmReader } from './wasm-reader.ts';

/** `length` instructions have the number of bytes or elements on top of the stack and are charged by it. */
export type Role =
  | 'plain'
  | 'block'
  | 'loop'
  | 'if'
  | 'else'
  | 'end'
  | 'branch'
  | 'branchIf'
  | 'branchTable'
  | 'exit'
  | 'memoryGrow'
  | 'call'
  | 'length';

export interface Instruction {
  readonly role: Role;
  readonly cost: number;
  /** Relative depths an instruction can jump to. */
  readonly targets: readonly number[];
}

const COST = { plain: 1, call: 4, indirect: 6, division: 10, branchTable: 3 } as const;

const plain = (cost: number = COST.plain): Instruction => ({ role: 'plain', cost, targets: [] });
const control = (role: Role, cost: number = COST.plain): Instruction => ({
  role,
  cost,
  targets: [],
});

type Decode = (reader: WasmReader) => Instruction;

const none =
  (instruction: Instruction): Decode =>
  () =>
    instruction;
const index =
  (instruction: Instruction): Decode =>
  (reader) => {
    reader.u32();
    return instruction;
  };
const twoIndices =
  (instruction: Instruction): Decode =>
  (reader) => {
    reader.u32();
    reader.u32();
    return instruction;
  };
const skip =
  (bytes: number): Decode =>
  (reader) => {
    reader.take(bytes);
    return plain();
  };
const signed =
  (bytesMax: number): Decode =>
  (reader) => {
    reader.skipSigned(bytesMax);
    return plain();
  };
const blockType =
  (role: Role, cost?: number): Decode =>
  (reader) => {
    reader.skipSigned(5);
    return control(role, cost);
  };
const branch =
  (role: Role): Decode =>
  (reader) => ({
    role,
    cost: COST.plain,
    targets: [reader.u32()],
  });
const branchTable: Decode = (reader) => {
  const count = reader.u32() + 1;
  const targets = Array.from({ length: count }, () => reader.u32());
  return { role: 'branchTable', cost: COST.branchTable, targets };
};

const OPCODES: ReadonlyMap<number, Decode> = new Map<number, Decode>([
  [0x00, none(control('exit'))],
  [0x01, none(plain())],
  // Opening a block does nothing at run time, and a dispatch opens hundreds in one place.
  [0x02, blockType('block', 0)],
  [0x03, blockType('loop')],
  [0x04, blockType('if')],
  [0x05, none(control('else', 0))],
  [0x0b, none(control('end', 0))],
  [0x0c, branch('branch')],
  [0x0d, branch('branchIf')],
  [0x0e, branchTable],
  [0x0f, none(control('exit'))],
  [0x10, index(control('call', COST.call))],
  [0x11, twoIndices(control('call', COST.indirect))],
  [0x1a, none(plain())],
  [0x1b, none(plain())],
  ...opcodes(0x20, 0x26, index(plain())),
  ...opcodes(0x28, 0x3e, twoIndices(plain())),
  [0x3f, skip(1)],
  [0x40, (reader) => (reader.take(1), control('memoryGrow', COST.indirect))],
  [0x41, signed(5)],
  [0x42, signed(10)],
  [0x43, skip(4)],
  [0x44, skip(8)],
  ...opcodes(0x45, 0xc4, none(plain())),
  // Divisions, remainders and square roots take tens of cycles.
  ...opcodes(0x6d, 0x70, none(plain(COST.division))),
  ...opcodes(0x7f, 0x82, none(plain(COST.division))),
  [0x91, none(plain(COST.division))],
  [0x95, none(plain(COST.division))],
  [0x9f, none(plain(COST.division))],
  [0xa3, none(plain(COST.division))],
  [0xd0, skip(1)],
  [0xd1, none(plain())],
  [0xd2, index(plain())],
]);

/** Instructions behind the 0xfc prefix: saturating conversions, bulk memory, tables. */
const PREFIXED: ReadonlyMap<number, Decode> = new Map<number, Decode>([
  ...opcodes(0, 7, none(plain())),
  [8, twoIndices(control('length'))],
  [9, index(plain())],
  [10, twoIndices(control('length'))],
  [11, index(control('length'))],
  [12, twoIndices(control('length'))],
  [13, index(plain())],
  [14, twoIndices(control('length'))],
  [15, index(control('length'))],
  [16, index(plain())],
  [17, index(control('length'))],
]);

function opcodes(
  first: number,
  last: number,
  decode: Decode,
): readonly (readonly [number, Decode])[] {
  return Array.from({ length: last - first + 1 }, (_, step) => [first + step, decode] as const);
}

/** Moves the reader past one instruction and tells what metering must know about it. */
export function decodeInstruction(reader: WasmReader): Instruction {
  const at = reader.offset;
  const opcode = reader.byte();
  const prefixed = opcode === 0xfc ? reader.u32() : undefined;
  const decode = prefixed === undefined ? OPCODES.get(opcode) : PREFIXED.get(prefixed);
  if (decode === undefined) {
    const name = [opcode, prefixed]
      .filter((part) => part !== undefined)
      .map((part) => part.toString(16));
    throw new Error(`unknown opcode ${name.join(' ')} at byte ${at}: price it in opcodes.ts first`);
  }
  return decode(reader);
}
