/**
 * A small machine that runs what scripts of calls are made of, the plain way: one stack, on which
 * every answer of a call is marked. What it saw called is compared with what our parser read.
 */
import { decodeWhole } from '../../worker/core/neo/byte-reader.ts';
import { encodeHex } from '../../worker/core/neo/hex.ts';
import {
  type Instruction,
  integerOf,
  isSyscall,
  readInstruction,
} from '../../worker/core/neo/script-reader.ts';

/** Numbers and bytes as text, so that two values are equal when their texts are. */
export type ModelValue = string | readonly ModelValue[];
const ANSWER = 'answer of a call';

export interface ModelCall {
  readonly contract: ModelValue;
  readonly method: ModelValue;
  readonly flags: ModelValue;
  readonly args: ModelValue;
}

/** The calls in their order; null when the script faults, or does what the model does not know. */
export function runModel(script: Uint8Array): readonly ModelCall[] | null {
  const machine = new Machine();
  const ran = decodeWhole(script, (reader) => {
    while (reader.left > 0) if (!machine.step(readInstruction(reader))) reader.refuse('fault');
  });
  return ran.ok ? machine.calls : null;
}

/** Whether any part of it is what a call answered. */
export const isAnswered = (value: ModelValue): boolean =>
  typeof value === 'string' ? value === ANSWER : value.some(isAnswered);

class Machine {
  readonly calls: ModelCall[] = [];
  readonly #stack: ModelValue[] = [];

  /** False for a fault. */
  step(instruction: Instruction): boolean {
    const value = pushed(instruction);
    if (value !== null) return this.#stack.push(value) > 0;
    switch (instruction.opcode) {
      case 'PACK':
      case 'PACKSTRUCT':
        return this.#pack(instruction.opcode, 1);
      case 'PACKMAP':
        return this.#pack(instruction.opcode, 2);
      case 'DUP':
        return this.#stack.push(this.#stack.at(-1) ?? '') > 1;
      case 'SWAP':
        return this.#stack.push(...this.#stack.splice(-2).toReversed()) > 1;
      case 'ASSERT':
      case 'DROP':
        return this.#stack.pop() !== undefined;
      case 'SYSCALL':
        return isSyscall(instruction, 'System.Contract.Call') && this.#call();
      default:
        return instruction.opcode === 'NOP';
    }
  }

  #call(): boolean {
    const [args, flags, method, contract] = this.#stack.splice(-4);
    if (args === undefined || flags === undefined || method === undefined || contract === undefined)
      return false;
    this.calls.push({ contract, method, flags, args });
    this.#stack.push(ANSWER);
    return true;
  }

  #pack(kind: string, parts: number): boolean {
    const count = this.#stack.pop();
    if (typeof count !== 'string' || !/^i\d{1,4}$/.test(count)) return false;
    const length = parts * Number(count.slice(1));
    if (length > this.#stack.length) return false;
    this.#stack.push([kind, ...this.#stack.splice(this.#stack.length - length).toReversed()]);
    return true;
  }
}

function pushed(instruction: Instruction): ModelValue | null {
  const integer = integerOf(instruction);
  if (integer !== null) return `i${String(integer)}`;
  switch (instruction.opcode) {
    case 'PUSHT':
    case 'PUSHF':
    case 'PUSHNULL':
      return instruction.opcode;
    case 'PUSHDATA1':
    case 'PUSHDATA2':
    case 'PUSHDATA4':
      return `b${encodeHex(instruction.operand)}`;
    case 'NEWARRAY0':
      return ['PACK'];
    case 'NEWSTRUCT0':
      return ['PACKSTRUCT'];
    case 'NEWMAP':
      return ['PACKMAP'];
    default:
      return null;
  }
}
