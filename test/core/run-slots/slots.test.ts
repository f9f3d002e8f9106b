/** Who gets the next turn of an isolate, and what nobody can make it do. */
import { describe, expect, it } from 'vitest';
import { RunSlots, type Taking } from '../../../worker/core/run-slots/slots.ts';

const BOUNDS = {
  liveMax: 8,
  waitingMax: 6,
  memoryBytesMax: 64,
  passOverMs: 50,
  waitMs: 2_000,
  awayMs: 90_000,
};

/** An isolate at a time that moves only when told; memory is in units of which a run may grow to 16. */
class Isolate {
  readonly slots = new RunSlots(BOUNDS);
  now = 1_000;
  #ids = 0;
  readonly #tickets = new Map<number, { id: number; accountId: string; memoryBytes: number }>();

  enter(accountId: string, memoryBytes = 16): number | undefined {
    const id = ++this.#ids;
    const ticket = { id, accountId, memoryBytes };
    if (!this.slots.enter(ticket, this.now)) return undefined;
    this.#tickets.set(id, ticket);
    return id;
  }

  take(id: number | undefined): Taking {
    return this.slots.tryTake(id ?? 0, this.now);
  }

  comeBack(id: number): void {
    const ticket = this.#tickets.get(id);
    if (ticket) this.slots.comeBack(ticket, this.now);
  }

  /** A run that started, grew and waits for the world. */
  away(accountId: string, grownBytes: number, memoryBytes = 16): number {
    const id = this.enter(accountId, memoryBytes) ?? 0;
    expect(this.take(id)).toBe('taken');
    this.slots.adopt(id);
    this.slots.leave(id, grownBytes, this.now);
    return id;
  }

  end(id: number, grownBytes: number): void {
    this.slots.end(id, grownBytes);
  }
}

describe('a slot', () => {
  it('is taken at once when nobody is ahead', () => {
    const isolate = new Isolate();
    expect(isolate.take(isolate.enter('payer'))).toBe('taken');
  });

  it('is refused to one who never entered', () => {
    expect(new Isolate().take(7)).toBe('wait');
  });

  it('is not taken twice by one run', () => {
    const isolate = new Isolate();
    const run = isolate.enter('payer');
    expect([isolate.take(run), isolate.take(run)]).toEqual(['taken', 'wait']);
  });

  it('leaves half of the places to others however many of one account run', () => {
    const isolate = new Isolate();
    const greedy = Array.from({ length: 5 }, () => isolate.take(isolate.enter('greedy')));
    expect(greedy).toEqual(['taken', 'taken', 'taken', 'taken', 'wait']);
    expect(isolate.take(isolate.enter('payer'))).toBe('taken');
  });

  it('is given to no more runs than may live', () => {
    const isolate = new Isolate();
    const takings = ['a', 'b', 'c'].flatMap((account) =>
      [1, 2, 3].map(() => isolate.take(isolate.enter(account))),
    );
    expect(takings.filter((taking) => taking === 'taken')).toHaveLength(BOUNDS.liveMax);
  });
});

describe('a waiting place', () => {
  it('is taken by one account at most as often as half of them', () => {
    const isolate = new Isolate();
    const greedy = Array.from({ length: 4 }, () => isolate.enter('greedy'));
    expect(greedy.map((id) => id !== undefined)).toEqual([true, true, true, false]);
    expect(isolate.enter('payer')).toBeDefined();
  });

  it('is refused when all are taken', () => {
    const isolate = new Isolate();
    const entered = ['a', 'a', 'a', 'b', 'b', 'b', 'c'].map((account) => isolate.enter(account));
    expect(entered.at(-1)).toBeUndefined();
  });

  it('is free again once who waited has been silent past all waiting', () => {
    const isolate = new Isolate();
    for (const account of ['a', 'a', 'a', 'b', 'b', 'b']) isolate.enter(account);
    isolate.now += BOUNDS.waitMs + 1;
    expect(isolate.enter('c'), 'the thread may have stood still').toBeUndefined();
    isolate.now += BOUNDS.passOverMs;
    isolate.take(0);
    isolate.now += 1;
    expect(isolate.enter('c')).toBeDefined();
  });
});

describe('turns', () => {
  it('go round the accounts, so a crowd of one delays another by one turn', () => {
    const isolate = new Isolate();
    const crowd = [1, 2, 3].map(() => isolate.enter('greedy'));
    const payer = isolate.enter('payer');
    expect(isolate.take(payer), 'the crowd came first').toBe('wait');
    expect(isolate.take(crowd[0])).toBe('taken');
    expect(isolate.take(crowd[1]), 'now it is the turn of the other').toBe('wait');
    expect(isolate.take(payer)).toBe('taken');
    expect(isolate.take(crowd[1])).toBe('taken');
  });

  it('are given first to the runs of an account that have memory already', () => {
    const isolate = new Isolate();
    const run = isolate.away('payer', 4);
    const fresh = isolate.enter('payer');
    isolate.comeBack(run);
    expect(isolate.take(fresh)).toBe('wait');
    expect(isolate.take(run)).toBe('taken');
    expect(isolate.take(fresh)).toBe('taken');
  });

  it('pass over one who does not ask while others do', () => {
    const isolate = new Isolate();
    isolate.enter('gone');
    const payer = isolate.enter('payer');
    expect(isolate.take(payer)).toBe('wait');
    for (let ms = 0; ms < BOUNDS.passOverMs; ms += 10) {
      isolate.now += 10;
      expect(isolate.take(payer)).toBe('wait');
    }
    isolate.now += 10;
    expect(isolate.take(payer)).toBe('taken');
  });

  it('are not lost by the living when one run held the thread for longer than that', () => {
    const isolate = new Isolate();
    const first = isolate.enter('first');
    const second = isolate.enter('second');
    isolate.now += 1_500;
    expect(isolate.take(second), 'the first could not ask either').toBe('wait');
    expect(isolate.take(first)).toBe('taken');
    expect(isolate.take(second)).toBe('taken');
  });
});

describe('memory', () => {
  it('of runs that wait for the world counts as what they have grown to', () => {
    const isolate = new Isolate();
    for (const account of ['a', 'b', 'c']) isolate.away(account, 16);
    expect(isolate.slots.heldBytes).toBe(48);
    expect(isolate.take(isolate.enter('d'))).toBe('taken');
  });

  it('is never promised beyond the bound', () => {
    const isolate = new Isolate();
    for (const account of ['a', 'b', 'c']) isolate.away(account, 16);
    isolate.away('d', 1);
    expect(isolate.take(isolate.enter('e'))).toBe('wait');
    expect(isolate.take(isolate.enter('f', 15)), 'a smaller one fits').toBe('taken');
  });

  it('of one account stays within half, also by small runs that grow one after the other', () => {
    const isolate = new Isolate();
    const small = [1, 2, 3].map(() => isolate.away('greedy', 2));
    for (const run of small) {
      isolate.comeBack(run);
      if (isolate.take(run) === 'taken') isolate.slots.leave(run, 16, isolate.now);
    }
    expect(isolate.slots.heldBytes).toBeLessThanOrEqual(BOUNDS.memoryBytesMax / 2 + 2);
    expect(isolate.take(isolate.enter('payer'))).toBe('taken');
  });

  it('lets an account run one function whatever its size', () => {
    const isolate = new Isolate();
    expect(isolate.take(isolate.enter('payer', 60))).toBe('taken');
  });

  it('of a run that ended stays counted until it is collected', () => {
    const isolate = new Isolate();
    const bombs = ['a', 'b', 'c', 'd'].map((account) => isolate.away(account, 15));
    for (const run of bombs) isolate.end(run, 16);
    expect(isolate.slots.droppedBytes).toBe(64);
    const next = isolate.enter('e');
    expect(isolate.take(next)).toBe('collect');
    isolate.slots.collected(bombs[0] ?? 0);
    expect(isolate.take(next)).toBe('taken');
  });

  it('is asked of the collector by the one whose turn it is, and by nobody else', () => {
    const isolate = new Isolate();
    const bombs = ['a', 'b', 'c', 'd'].map((account) => isolate.away(account, 15));
    for (const run of bombs) isolate.end(run, 16);
    const first = isolate.enter('e');
    const second = isolate.enter('f');
    expect(isolate.take(second)).toBe('wait');
    expect(isolate.take(first)).toBe('collect');
  });

  it('that a run never had is not waited for', () => {
    const isolate = new Isolate();
    const run = isolate.enter('payer') ?? 0;
    isolate.take(run);
    isolate.end(run, 0);
    expect(isolate.slots.droppedBytes).toBe(0);
  });
});

describe('a run whose request died', () => {
  it('gives its place back after as long as a lease, and its memory when that is collected', () => {
    const isolate = new Isolate();
    const dead = isolate.away('payer', 12);
    isolate.now += BOUNDS.awayMs + 1;
    isolate.take(0);
    expect([isolate.slots.heldBytes, isolate.slots.droppedBytes]).toEqual([0, 12]);
    isolate.slots.collected(dead);
    expect(isolate.slots.droppedBytes).toBe(0);
  });

  it('gives its place back at once when its memory is collected first', () => {
    const isolate = new Isolate();
    isolate.slots.collected(isolate.away('payer', 12));
    expect([isolate.slots.heldBytes, isolate.slots.droppedBytes]).toEqual([0, 0]);
  });

  it('is taken back with its memory when it was alive after all', () => {
    const isolate = new Isolate();
    const slow = isolate.away('payer', 12);
    isolate.now += BOUNDS.awayMs + 1;
    isolate.take(0);
    isolate.comeBack(slow);
    expect([isolate.slots.heldBytes, isolate.slots.droppedBytes]).toEqual([12, 0]);
    expect(isolate.take(slow)).toBe('taken');
  });
});
