/**
 * Rewrites one function body so that it pays for what it executes.
 *
 * The body is cut into segments: runs of instructions that are entered only at their first one. A segment starts at
 * the function's entry, at each loop header, at each arm of an `if`, after each loop, and after the `end` of a block or
 * `if` that some branch jumps to. At its start stands one subtraction of the whole segment's price. A segment left
 * early (`br_if`, `return`) has paid for what it did not run; nothing ever runs unpaid, however long a straight line
 * is: there is no cap. Fuel is compared with zero at function entries and loop headers only: what lies between two of
 * those is finite and short, so an empty tank is noticed within one pass through one function body.
 *
 * Bulk instructions pay by length before they run. `memory.grow` first asks the run's own bound and answers -1 past it,
 * which is what a full memory answers, so QuickJS says "out of memory" in its usual way.
 *
 * Calls pay for their depth. QuickJS bounds the stack it keeps in linear memory, but a recursive parser keeps next to
 * nothing there and fills the machine's own stack first, at a depth that depends on the compiler tier, the platform
 * and the frames below: the same run would end differently each time. So every function that calls others adds its
 * frame, estimated by its locals, to what its caller handed it, and traps past a fixed sum.
 */
import { decodeInstruction, type Instruction } from './opcodes.ts';
import { WasmReader } from './wasm-reader.ts';
import { encodeSigned, encodeU32, joinBytes } from './wasm-writer.ts';

export interface MeterGlobals {
  /** i64: what is left to spend. */
  readonly fuel: number;
  /** i32: how many pages the linear memory may reach. */
  readonly memoryPagesMax: number;
  /** i32: how often `memory.grow` was refused; tells a full memory from a user's look-alike error. */
  readonly memoryRefusals: number;
  /** i32: the slots of all frames that are open at a call; above the maximum after a trap for depth. */
  readonly stackSlots: number;
}

export interface MeterTarget extends MeterGlobals {
  readonly stackSlotsMax: number;
}

/** What a frame takes beside its locals: return address, saved registers, the operands of expressions. */
const FRAME_SLOTS = 12;

const I32 = 0x7f;
const OP = {
  unreachable: 0x00,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  memorySize: 0x3f,
  memoryGrow: 0x40,
  i32Const: 0x41,
  i64Const: 0x42,
  i32GreaterUnsigned: 0x4b,
  i64LessSigned: 0x53,
  i64GreaterUnsigned: 0x56,
  i32Add: 0x6a,
  i64Add: 0x7c,
  i64Subtract: 0x7d,
  i64ShiftLeft: 0x86,
  i64ShiftRightUnsigned: 0x88,
  i64ExtendI32Unsigned: 0xad,
} as const;
const NO_RESULT = 0x40;

/** Two bytes or table elements for one unit: measured, copying then costs no more time per unit than computing. */
const chargedLength: readonly number[] = [OP.i64Const, 0x01, OP.i64ShiftRightUnsigned];
/** A page costs 2^14 units, a quarter of a unit a byte: the operating system clears it at first use. */
const chargedPages: readonly number[] = [OP.i64Const, 0x0e, OP.i64ShiftLeft];

interface Segment {
  cost: number;
  /** Compares with zero as well. */
  readonly checks: boolean;
}
type Piece = Uint8Array | Segment;

interface Frame {
  readonly role: 'function' | 'block' | 'loop' | 'if';
  /** The segment the frame was opened in; none in code that cannot be reached. */
  readonly opener: Segment | undefined;
  isTarget: boolean;
}

const spend = (globals: MeterGlobals, amount: readonly number[]): readonly number[] => [
  OP.globalGet,
  ...encodeU32(globals.fuel),
  ...amount,
  OP.i64Subtract,
  OP.globalSet,
  ...encodeU32(globals.fuel),
];

const trapBelowZero = (globals: MeterGlobals): readonly number[] => [
  OP.globalGet,
  ...encodeU32(globals.fuel),
  OP.i64Const,
  0x00,
  OP.i64LessSigned,
  OP.if,
  NO_RESULT,
  OP.unreachable,
  OP.end,
];

const wide = (local: readonly number[]): readonly number[] => [
  OP.localGet,
  ...local,
  OP.i64ExtendI32Unsigned,
];

const chargeLength = (globals: MeterGlobals, local: readonly number[]): readonly number[] => [
  OP.localTee,
  ...local,
  ...spend(globals, [...wide(local), ...chargedLength]),
  ...trapBelowZero(globals),
];

const growWithin = (globals: MeterGlobals, local: readonly number[]): readonly number[] =>
  [
    [OP.localSet, ...local],
    // memory.size + delta > memoryPagesMax, in 64 bits so that nothing wraps around
    [OP.memorySize, 0x00, OP.i64ExtendI32Unsigned, ...wide(local), OP.i64Add],
    [OP.globalGet, ...encodeU32(globals.memoryPagesMax), OP.i64ExtendI32Unsigned],
    [OP.i64GreaterUnsigned, OP.if, I32],
    [OP.globalGet, ...encodeU32(globals.memoryRefusals), OP.i32Const, 0x01, OP.i32Add],
    [OP.globalSet, ...encodeU32(globals.memoryRefusals), OP.i32Const, ...encodeSigned(-1n)],
    [OP.else],
    spend(globals, [...wide(local), ...chargedPages]),
    trapBelowZero(globals),
    [OP.localGet, ...local, OP.memoryGrow, 0x00, OP.end],
  ].flat();

/** At the entry: the frame's own share on top of what the caller left in the global. */
const openFrame = (
  target: MeterTarget,
  slots: number,
  local: readonly number[],
): readonly number[] =>
  [
    [OP.globalGet, ...encodeU32(target.stackSlots), OP.i32Const, ...encodeSigned(BigInt(slots))],
    [OP.i32Add, OP.localTee, ...local],
    [OP.i32Const, ...encodeSigned(BigInt(target.stackSlotsMax)), OP.i32GreaterUnsigned],
    [OP.if, NO_RESULT, OP.localGet, ...local, OP.globalSet, ...encodeU32(target.stackSlots)],
    [OP.unreachable, OP.end],
  ].flat();

/** Before each call: whoever was called before has left a sum of its own in the global. */
const handOver = (target: MeterTarget, local: readonly number[]): readonly number[] => [
  OP.localGet,
  ...local,
  OP.globalSet,
  ...encodeU32(target.stackSlots),
];

const encodeSegment = (segment: Segment, globals: MeterGlobals): readonly number[] => [
  ...(segment.cost > 0 ? spend(globals, [OP.i64Const, ...encodeSigned(BigInt(segment.cost))]) : []),
  ...(segment.checks ? trapBelowZero(globals) : []),
];

/** Follows the structure of one body and decides where segments start. */
class Cutter {
  readonly pieces: Piece[] = [];
  private readonly frames: Frame[] = [];
  /** The segment that pays for the next instruction; none where code cannot be reached. */
  private current: Segment | undefined;

  constructor() {
    this.current = this.start(true);
    this.frames.push({ role: 'function', opener: this.current, isTarget: false });
  }

  get open(): boolean {
    return this.frames.length > 0;
  }

  pay(instruction: Instruction): void {
    if (this.current !== undefined) this.current.cost += instruction.cost;
    for (const depth of instruction.targets) {
      const frame = this.frames.at(-1 - depth);
      if (frame === undefined) throw new Error('a branch leaves its function');
      frame.isTarget = true;
    }
  }

  /** To be called after the instruction's own bytes are in `pieces`. */
  follow(role: Instruction['role']): void {
    if (role === 'block' || role === 'loop' || role === 'if') {
      this.frames.push({ role, opener: this.current, isTarget: false });
      if (role !== 'block' && this.current !== undefined)
        this.current = this.start(role === 'loop');
    } else if (role === 'else') {
      const reachable = this.frames.at(-1)?.opener !== undefined;
      this.current = reachable ? this.start(false) : undefined;
    } else if (role === 'end') {
      this.current = this.close();
    } else if (role === 'branch' || role === 'branchTable' || role === 'exit') {
      this.current = undefined;
    }
  }

  private close(): Segment | undefined {
    const frame = this.frames.pop();
    if (frame === undefined) throw new Error('an end too many');
    if (frame.role === 'function' || frame.opener === undefined) return undefined;
    if (frame.role === 'loop') return this.current === undefined ? undefined : this.start(false);
    if (frame.isTarget) return this.start(false);
    // Whatever follows an `if` runs at most once for each time the `if` was reached: its opener pays.
    return frame.role === 'if' ? frame.opener : this.current;
  }

  private start(checks: boolean): Segment {
    const segment: Segment = { cost: 0, checks };
    this.pieces.push(segment);
    return segment;
  }
}

/** `body` is one entry of the code section without its size; the answer has the same form. */
export function meterFunction(
  body: Uint8Array,
  parameterCount: number,
  target: MeterTarget,
): Uint8Array {
  const reader = new WasmReader(body);
  const locals = Array.from({ length: reader.u32() }, () => ({
    count: reader.u32(),
    type: reader.byte(),
  }));
  const localCount = locals.reduce((sum, { count }) => sum + count, parameterCount);
  const [scratch, frame] = [encodeU32(localCount), encodeU32(localCount + 1)];
  const cutter = new Cutter();
  const roles = new Set<Instruction['role']>();
  while (cutter.open) {
    const from = reader.offset;
    const instruction = decodeInstruction(reader);
    const bytes = body.subarray(from, reader.offset);
    roles.add(instruction.role);
    cutter.pay(instruction);
    if (instruction.role === 'memoryGrow') {
      cutter.pieces.push(new Uint8Array(growWithin(target, scratch)));
    } else if (instruction.role === 'length') {
      cutter.pieces.push(new Uint8Array(chargeLength(target, scratch)), bytes);
    } else if (instruction.role === 'call') {
      cutter.pieces.push(new Uint8Array(handOver(target, frame)), bytes);
    } else {
      cutter.pieces.push(bytes);
    }
    cutter.follow(instruction.role);
  }
  if (!reader.done) throw new Error('bytes after the end of a function');
  const added = ['memoryGrow', 'length', 'call'] as const;
  const groups = added.some((role) => roles.has(role))
    ? [...locals, { count: 2, type: I32 }]
    : locals;
  return joinBytes([
    encodeU32(groups.length),
    ...groups.map(({ count, type }) => [...encodeU32(count), type]),
    roles.has('call') ? openFrame(target, FRAME_SLOTS + localCount, frame) : [],
    ...cutter.pieces.map((piece) => ('cost' in piece ? encodeSegment(piece, target) : piece)),
  ]);
}
