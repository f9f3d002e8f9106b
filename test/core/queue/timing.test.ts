import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs, releasePauseMs } from '../../../worker/core/queue/backoff.ts';
import { shareSlots } from '../../../worker/core/queue/fair-share.ts';
import { LIMITS } from '../../../worker/core/queue/limits.ts';
import { decideWakeBy, type SavedWake } from '../../../worker/core/queue/wake-by.ts';

const NOW = 1_700_000_000_000;
const fraction = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('backoff', () => {
  it('waits at most twice as long each time and never above its bound', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fraction, (attempt, random) => {
        const wait = backoffMs(attempt, random);
        expect(wait).toBeGreaterThanOrEqual(1);
        expect(wait).toBeLessThanOrEqual(Math.min(1_000 * 2 ** (attempt - 1), 300_000));
      }),
    );
  });

  it('uses the whole range, so items that failed together do not come back together', () => {
    expect(backoffMs(4, 0)).toBe(1);
    expect(backoffMs(4, 0.5)).toBe(4_000);
    expect(backoffMs(4, 0.999_999)).toBe(7_999);
    expect(releasePauseMs(0.999_999)).toBeLessThanOrEqual(LIMITS.queueReleasePauseMs.value);
  });
});

describe('shareSlots', () => {
  const kind = (name: string, weight: number, waiting: number, credit = 0) => ({
    kind: name,
    weight,
    waiting,
    credit,
  });
  const taken = (shares: readonly { kind: string; take: number }[]) =>
    Object.fromEntries(shares.map(({ kind: name, take }) => [name, take]));

  it('divides slots by weight while all wait', () => {
    const shares = shareSlots([kind('run', 1, 100), kind('actions', 3, 100)], 8);
    expect(taken(shares)).toEqual({ run: 2, actions: 6 });
  });

  it('leaves no slot free while anybody waits', () => {
    expect(taken(shareSlots([kind('run', 1, 100), kind('actions', 3, 1)], 8))).toEqual({
      run: 7,
      actions: 1,
    });
  });

  it('never starves a light kind, even when slots come one at a time', () => {
    let credits = { run: 0, actions: 0 };
    let served = 0;
    for (let slot = 0; slot < 40; slot++) {
      const kinds = [kind('run', 1, 9, credits.run), kind('actions', 3, 9, credits.actions)];
      const shares = shareSlots(kinds, 1);
      credits = { run: shares[0]?.credit ?? 0, actions: shares[1]?.credit ?? 0 };
      served += shares[0]?.take ?? 0;
    }
    expect(served).toBe(10);
  });

  it('gives no more than there is, neither slots nor items, and keeps the sum of credits', () => {
    const anyKind = fc.record({
      kind: fc.string(),
      weight: fc.integer({ min: 1, max: 9 }),
      waiting: fc.nat(20),
      credit: fc.constant(0),
    });
    fc.assert(
      fc.property(fc.array(anyKind, { maxLength: 6 }), fc.nat(40), (kinds, slots) => {
        const shares = shareSlots(kinds, slots);
        const total = shares.reduce((sum, { take }) => sum + take, 0);
        const waiting = kinds.reduce((sum, one) => sum + one.waiting, 0);
        expect(total).toBe(Math.min(slots, waiting));
        for (const [index, share] of shares.entries())
          expect(share.take).toBeLessThanOrEqual(kinds[index]?.waiting ?? 0);
        expect(shares.reduce((sum, { credit }) => sum + credit, 0)).toBe(0);
      }),
    );
  });
});

describe('D4 decideWakeBy', () => {
  it('writes at once for the first work and nothing for none', () => {
    expect(decideWakeBy({ now: NOW, dueAt: NOW, saved: undefined })).toEqual({
      wakeBy: NOW + 900_000,
      writtenAt: NOW,
    });
    expect(decideWakeBy({ now: NOW, dueAt: null, saved: undefined })).toBeUndefined();
  });

  it('writes at most once in ten minutes, and is never overdue while alarms come', () => {
    let saved: SavedWake | undefined;
    let lastWrite = Number.NEGATIVE_INFINITY;
    for (let now = NOW; now < NOW + 7_200_000; now += 20_000) {
      if (saved !== undefined) expect(now).toBeLessThan(saved.wakeBy);
      const write = decideWakeBy({ now, dueAt: now + 20_000, saved });
      if (write === undefined) continue;
      expect(now - lastWrite).toBeGreaterThanOrEqual(600_000);
      lastWrite = now;
      saved = write;
    }
  });

  it('does not call an object late that is due in an hour', () => {
    const write = decideWakeBy({ now: NOW, dueAt: NOW + 3_600_000, saved: undefined });
    expect(write?.wakeBy).toBeGreaterThan(NOW + 3_600_000);
  });
});
