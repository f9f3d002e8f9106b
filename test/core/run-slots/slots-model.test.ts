/**
 * Random accounts, runs, deaths, clocks and collectors against the slots of an isolate. Runs grow as far as they may,
 * wait for the world as often as they like, end, or vanish without a word. What must hold: memory is never promised
 * beyond the bound, no account has more than its half, and whoever lives and asks gets to its end.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RunSlots } from '../../../worker/core/run-slots/slots.ts';

const BOUNDS = {
  liveMax: 8,
  waitingMax: 12,
  memoryBytesMax: 72,
  passOverMs: 50,
  waitMs: 2_000,
  awayMs: 90_000,
};
const runs = process.env.SLOW === '1' ? 20_000 : 1_000;

const index = fc.nat({ max: 31 });
const grown = fc.constantFrom(1, 3, 16, 32);
const command = fc.oneof(
  fc.record({
    type: fc.constant('enter' as const),
    account: fc.constantFrom('a', 'a', 'a', 'b', 'c'),
    memoryBytes: fc.constantFrom(4, 16, 32),
  }),
  { weight: 4, arbitrary: fc.record({ type: fc.constant('ask' as const), index, grown }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('answer' as const), index }) },
  fc.record({ type: fc.constantFrom('end' as const, 'vanish' as const), index }),
  fc.record({ type: fc.constant('collect' as const), index }),
  fc.record({
    type: fc.constant('time' as const),
    ms: fc.constantFrom(1, 1, 1, 40, 40, 400, 2_500, 91_000),
  }),
);
type Command = typeof command extends fc.Arbitrary<infer One> ? One : never;

interface Run {
  readonly id: number;
  readonly accountId: string;
  readonly memoryBytes: number;
  readonly enteredAt: number;
  /** `slot`: has one, has not computed; `turn`: wants to compute; `away`: waits for the world. */
  phase: 'waiting' | 'slot' | 'turn' | 'away' | 'over';
  grown: number;
  seenAt: number;
  /** Its request died: it asks no more. */
  isDead: boolean;
}

class Model {
  readonly slots = new RunSlots(BOUNDS);
  readonly all: Run[] = [];
  /** Memories that the collector may take. */
  readonly dropped = new Map<number, number>();
  now = 1_000;

  apply(command: Command): void {
    this.now += 1;
    if (command.type === 'enter') this.enter(command.account, command.memoryBytes);
    else if (command.type === 'time') this.now += command.ms;
    else if (command.type === 'collect') this.collect(command.index);
    else if (command.type === 'ask')
      this.ask(this.pick(['waiting', 'turn'], command.index), command.grown);
    else if (command.type === 'answer') this.answer(this.pick(['slot', 'away'], command.index));
    else if (command.type === 'end') this.end(this.pick(['slot', 'away'], command.index));
    else this.vanish(this.pick(['waiting', 'slot', 'turn', 'away'], command.index));
  }

  pick(phases: readonly Run['phase'][], at: number): Run | undefined {
    const found = this.all.filter((run) => phases.includes(run.phase) && !run.isDead);
    return found[at % Math.max(found.length, 1)];
  }

  enter(accountId: string, memoryBytes: number): void {
    const ticket = { id: this.all.length + 1, accountId, memoryBytes };
    const waiting = this.all.filter(
      ({ phase, enteredAt, isDead }) =>
        phase === 'waiting' && !isDead && this.now - enteredAt <= BOUNDS.waitMs,
    );
    const own = waiting.filter((run) => run.accountId === accountId);
    if (!this.slots.enter(ticket, this.now)) return;
    expect(waiting.length, 'waiting places').toBeLessThan(BOUNDS.waitingMax);
    expect(own.length, 'waiting places of one account').toBeLessThan(BOUNDS.waitingMax / 2);
    const enteredAt = this.now;
    this.all.push({
      ...ticket,
      enteredAt,
      phase: 'waiting',
      grown: 0,
      seenAt: enteredAt,
      isDead: false,
    });
  }

  /** Asks, and computes when it may: grows, as far as its limit lets it, and waits for the world. */
  ask(run: Run | undefined, grownTo: number): boolean {
    if (!run) return false;
    run.seenAt = this.now;
    if (run.phase === 'turn') this.slots.comeBack(run, this.now);
    if (this.slots.tryTake(run.id, this.now) !== 'taken') {
      if (run.phase === 'waiting' && this.now - run.enteredAt > BOUNDS.waitMs) this.end(run);
      return false;
    }
    const others = this.all.filter((one) => one.phase !== 'over' && one !== run);
    const held = sum(others.map(({ grown: bytes }) => bytes));
    expect(held + sum([...this.dropped.values()]) + run.memoryBytes).toBeLessThanOrEqual(
      BOUNDS.memoryBytesMax,
    );
    const own = others.filter((one) => one.accountId === run.accountId && one.phase !== 'waiting');
    // One silent for longer than a lease has no slot any more, but its memory still.
    const living = own.filter(
      ({ isDead, seenAt }) => !isDead && this.now - seenAt <= BOUNDS.awayMs,
    );
    if (run.phase === 'waiting') {
      expect(living.length).toBeLessThan(BOUNDS.liveMax / 2);
      run.phase = 'slot';
      return true;
    }
    const ownHeld = sum(own.filter(({ isDead }) => !isDead).map(({ grown: bytes }) => bytes));
    if (ownHeld > 0)
      expect(ownHeld + run.memoryBytes).toBeLessThanOrEqual(BOUNDS.memoryBytesMax / 2);
    this.slots.adopt(run.id);
    run.grown = Math.max(run.grown, Math.min(grownTo, run.memoryBytes));
    this.slots.leave(run.id, run.grown, this.now);
    run.phase = 'away';
    return true;
  }

  answer(run: Run | undefined): void {
    if (!run) return;
    this.slots.comeBack(run, this.now);
    run.seenAt = this.now;
    run.phase = 'turn';
  }

  end(run: Run | undefined): void {
    if (!run) return;
    this.slots.end(run.id, run.grown);
    this.over(run);
  }

  vanish(run: Run | undefined): void {
    if (run) run.isDead = true;
  }

  over(run: Run): void {
    run.phase = 'over';
    if (run.grown > 0) this.dropped.set(run.id, run.grown);
  }

  /** Takes a dropped memory, or one that a dead request left behind. */
  collect(at: number): void {
    const dead = this.all.filter((run) => run.isDead && run.grown > 0 && run.phase !== 'over');
    const ids = [...this.dropped.keys(), ...dead.map(({ id }) => id)];
    const id = ids[at % Math.max(ids.length, 1)];
    if (id === undefined) return;
    this.slots.collected(id);
    this.dropped.delete(id);
    const run = this.all[id - 1];
    if (run && run.phase !== 'over') run.phase = 'over';
    if (run) run.grown = 0;
  }

  get living(): readonly Run[] {
    return this.all.filter((run) => run.phase !== 'over' && !run.isDead);
  }

  /** Everybody who lives goes on asking, the world answers, the collector works: all run, or are refused in time. */
  settle(): void {
    for (let round = 0; round < 400 && this.living.length > 0; round += 1) {
      this.now += 10;
      for (let at = 0; this.all.length > at; at += 1) this.collect(0);
      for (const run of this.living) this.goOn(run);
    }
  }

  goOn(run: Run): void {
    if (run.phase === 'slot' || run.phase === 'away') this.answer(run);
    else if (this.ask(run, run.memoryBytes) && isAway(run)) this.end(run);
  }
}

const isAway = ({ phase }: Run): boolean => phase === 'away';
const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

describe('slots under random runs', () => {
  it('hold their bounds at every turn, and everybody who lives comes to an end', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 200, size: 'max' }), (commands) => {
        const model = new Model();
        for (const one of commands) model.apply(one);
        model.settle();
        expect(model.living.map(({ id, phase }) => ({ id, phase }))).toEqual([]);
      }),
      { numRuns: runs },
    );
  });

  it('give accounts that wait together the same number of turns, give or take one', () => {
    const crowd = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(crowd, (accounts) => {
        const slots = new RunSlots(BOUNDS);
        const waiting = new Map<number, string>();
        for (const [id, accountId] of accounts.entries())
          if (slots.enter({ id, accountId, memoryBytes: 16 }, 0)) waiting.set(id, accountId);
        const turns: Record<string, number> = { a: 0, b: 0, c: 0 };
        while (waiting.size > 0) {
          const id = [...waiting.keys()].find((one) => slots.tryTake(one, 0) === 'taken') ?? -1;
          const accountId = waiting.get(id) ?? '';
          turns[accountId] = (turns[accountId] ?? 0) + 1;
          waiting.delete(id);
          slots.end(id, 0);
          for (const other of waiting.values())
            expect((turns[accountId] ?? 0) - (turns[other] ?? 0)).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: runs },
    );
  });
});
