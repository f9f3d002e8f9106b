/**
 * The stack as a script leaves it that only pushes and packs: every item on it stands in the script
 * itself. Anything computed is refused, and so is taking more than was pushed, which would reach
 * for the answer of an earlier call.
 */
import type { ByteReader } from '../byte-reader.ts';
import { type Instruction, integerOf } from '../script-reader.ts';
import type { StackLiteral } from '../stack-argument.ts';
import { LIMITS } from './limits.ts';
import { findMapProblem } from './map-key.ts';

interface Entry {
  readonly literal: StackLiteral;
  /** Collections within collections; 0 for what is no collection. */
  readonly depth: number;
}
type Packing = 'PACK' | 'PACKSTRUCT' | 'PACKMAP';

export class LiteralStack {
  readonly #reader: ByteReader;
  readonly #entries: Entry[] = [];

  /** A refusal ends the reading of `reader`. */
  constructor(reader: ByteReader) {
    this.#reader = reader;
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  pop(): StackLiteral {
    return this.#take(1)[0]?.literal ?? this.#reader.refuse('takes more than was pushed');
  }

  /** A push, or a packing of what was pushed. */
  apply(instruction: Instruction): void {
    const { opcode } = instruction;
    const literal = pushedBy(instruction);
    if (literal) this.#entries.push({ literal, depth: Array.isArray(literal.value) ? 1 : 0 });
    else if (opcode === 'PACK' || opcode === 'PACKSTRUCT' || opcode === 'PACKMAP')
      this.#pack(opcode);
    else this.#reader.refuse(`${opcode} is no push of a literal`);
  }

  #pack(opcode: Packing): void {
    const count = this.pop();
    if (count.type !== 'Integer') return this.#reader.refuse('the count is no literal integer');
    const items = this.#take(Number(count.value) * (opcode === 'PACKMAP' ? 2 : 1));
    const depth = 1 + items.reduce((deepest, item) => Math.max(deepest, item.depth), 0);
    if (depth > LIMITS.argumentDepthMax.value)
      this.#reader.refuse(`collections deeper than ${String(LIMITS.argumentDepthMax.value)}`);
    const literals = items.map(({ literal }) => literal);
    this.#entries.push({ literal: this.#collect(opcode, literals), depth });
  }

  /** The top ones, the topmost first, as the machine packs them. */
  #take(count: number): readonly Entry[] {
    if (count < 0 || count > this.#entries.length)
      this.#reader.refuse('takes more than was pushed');
    return this.#entries.splice(this.#entries.length - count, count).toReversed();
  }

  #collect(opcode: Packing, literals: readonly StackLiteral[]): StackLiteral {
    if (opcode === 'PACK') return { type: 'Array', value: literals };
    if (opcode === 'PACKSTRUCT') return { type: 'Struct', value: literals };
    const keys = literals.filter((_, index) => index % 2 === 0);
    const problem = findMapProblem(keys);
    if (problem) this.#reader.refuse(`item ${String(problem.index)} of a map ${problem.reason}`);
    const value = keys.map((key, index) => {
      const paired = literals[2 * index + 1];
      return { key, value: paired ?? this.#reader.refuse('a key without a value') };
    });
    return { type: 'Map', value };
  }
}

/** Null for an instruction that does anything but push what stands in the script. */
function pushedBy(instruction: Instruction): StackLiteral | null {
  const integer = integerOf(instruction);
  if (integer !== null) return { type: 'Integer', value: integer };
  switch (instruction.opcode) {
    case 'PUSHNULL':
      return { type: 'Any', value: null };
    case 'PUSHT':
      return { type: 'Boolean', value: true };
    case 'PUSHF':
      return { type: 'Boolean', value: false };
    case 'PUSHDATA1':
    case 'PUSHDATA2':
    case 'PUSHDATA4':
      return { type: 'ByteString', value: instruction.operand.slice() };
    case 'NEWARRAY0':
      return { type: 'Array', value: [] };
    case 'NEWSTRUCT0':
      return { type: 'Struct', value: [] };
    case 'NEWMAP':
      return { type: 'Map', value: [] };
    default:
      return null;
  }
}
