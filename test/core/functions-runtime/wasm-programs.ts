/**
 * Random structured programs, as WebAssembly and as a counting interpretation of the same tree: nested blocks, ifs and
 * bounded loops with branches out of any of them. The interpreter counts each instruction that a processor would see
 * (blocks and ends are none), which is what metering must at least charge.
 */
import * as fc from 'fast-check';

export type Node =
  | { readonly kind: 'nops'; readonly count: number }
  | { readonly kind: 'block'; readonly body: readonly Node[] }
  | {
      readonly kind: 'if';
      readonly bit: number;
      readonly yes: readonly Node[];
      readonly no: readonly Node[];
    }
  /** Runs its body `turns` times, counting in local 1 of the function; loops are not nested in loops. */
  | { readonly kind: 'loop'; readonly turns: number; readonly body: readonly Node[] }
  /** Leaves the enclosing construct `depth` levels out, always or when a bit of the argument is set. */
  | { readonly kind: 'leave'; readonly depth: number; readonly bit: number | undefined };

const bit = fc.integer({ min: 0, max: 5 });
const { program } = fc.letrec<{ program: readonly Node[]; node: Node }>((tie) => ({
  program: fc.array(tie('node'), { maxLength: 5 }),
  node: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    fc.record({ kind: fc.constant('nops' as const), count: fc.integer({ min: 1, max: 30 }) }),
    fc.record({
      kind: fc.constant('leave' as const),
      depth: fc.nat(3),
      bit: fc.option(bit, { nil: undefined }),
    }),
    fc.record({ kind: fc.constant('block' as const), body: tie('program') }),
    fc.record({ kind: fc.constant('if' as const), bit, yes: tie('program'), no: tie('program') }),
    fc.record({
      kind: fc.constant('loop' as const),
      turns: fc.integer({ min: 1, max: 4 }),
      body: tie('program'),
    }),
  ),
}));
export const randomProgram: fc.Arbitrary<readonly Node[]> = program;

/** Pushes one bit of the argument: local.get, i32.const, i32.shr_u, i32.const, i32.and. */
const pushBit = (place: number): readonly number[] => [0x20, 0, 0x41, place, 0x76, 0x41, 1, 0x71];
const BIT_INSTRUCTIONS = 5;

/** `depth` is the number of constructs around; a branch past all of them is written as a nop. */
export function encodeNodes(nodes: readonly Node[], depth = 0, inLoop = false): readonly number[] {
  return nodes.flatMap((node) => encodeNode(node, depth, inLoop));
}

function encodeNode(node: Node, depth: number, inLoop: boolean): readonly number[] {
  if (node.kind === 'nops') return Array<number>(node.count).fill(0x01);
  if (node.kind === 'block')
    return [0x02, 0x40, ...encodeNodes(node.body, depth + 1, inLoop), 0x0b];
  if (node.kind === 'if') {
    const yes = encodeNodes(node.yes, depth + 1, inLoop);
    const no = encodeNodes(node.no, depth + 1, inLoop);
    return [...pushBit(node.bit), 0x04, 0x40, ...yes, 0x05, ...no, 0x0b];
  }
  if (node.kind === 'leave') {
    if (node.depth >= depth) return [0x01];
    return node.bit === undefined ? [0x0c, node.depth] : [...pushBit(node.bit), 0x0d, node.depth];
  }
  if (inLoop) return encodeNode({ kind: 'block', body: node.body }, depth, true);
  // Counted down at the header, so that a branch back to it ends as well.
  const body = encodeNodes(node.body, depth + 2, true);
  return [
    [0x41, node.turns, 0x21, 1, 0x02, 0x40, 0x03, 0x40],
    [0x20, 1, 0x45, 0x0d, 1, 0x20, 1, 0x41, 1, 0x6b, 0x21, 1],
    [...body, 0x0c, 0, 0x0b, 0x0b],
  ].flat();
}

export interface Counted {
  readonly instructions: number;
  /** How many constructs out the program is leaving; 0 when it goes on. */
  readonly leaving: number;
}

export function runNodes(nodes: readonly Node[], argument: number): Counted {
  return runList(nodes, { argument, depth: 0, inLoop: false });
}

interface Place {
  readonly argument: number;
  readonly depth: number;
  readonly inLoop: boolean;
}

function runList(nodes: readonly Node[], place: Place): Counted {
  let instructions = 0;
  for (const node of nodes) {
    const counted = runNode(node, place);
    instructions += counted.instructions;
    if (counted.leaving > 0) return { instructions, leaving: counted.leaving };
  }
  return { instructions, leaving: 0 };
}

const isSet = (argument: number, place: number): boolean => ((argument >>> place) & 1) === 1;

function runNode(node: Node, place: Place): Counted {
  if (node.kind === 'nops') return { instructions: node.count, leaving: 0 };
  if (node.kind === 'leave') return leave(node, place);
  if (node.kind === 'if') {
    const arm = isSet(place.argument, node.bit) ? node.yes : node.no;
    const inner = runList(arm, { ...place, depth: place.depth + 1 });
    return {
      instructions: BIT_INSTRUCTIONS + 1 + inner.instructions,
      leaving: Math.max(0, inner.leaving - 1),
    };
  }
  if (node.kind === 'block' || place.inLoop) {
    const inner = runList(node.body, { ...place, depth: place.depth + 1 });
    return { instructions: inner.instructions, leaving: Math.max(0, inner.leaving - 1) };
  }
  return runLoop(node, place);
}

function leave(node: Node & { readonly kind: 'leave' }, place: Place): Counted {
  if (node.depth >= place.depth) return { instructions: 1, leaving: 0 };
  const cost = node.bit === undefined ? 1 : BIT_INSTRUCTIONS + 1;
  const taken = node.bit === undefined || isSet(place.argument, node.bit);
  return { instructions: cost, leaving: taken ? node.depth + 1 : 0 };
}

function runLoop(node: Node & { readonly kind: 'loop' }, place: Place): Counted {
  let instructions = 2;
  for (let left = node.turns; left > 0; left -= 1) {
    const inner = runList(node.body, { ...place, depth: place.depth + 2, inLoop: true });
    instructions += 7 + inner.instructions;
    // 1 turns again, 2 leaves the loop, more leaves what is around it.
    if (inner.leaving >= 2) return { instructions, leaving: inner.leaving - 2 };
    if (inner.leaving === 0) instructions += 1;
  }
  return { instructions: instructions + 3, leaving: 0 };
}
