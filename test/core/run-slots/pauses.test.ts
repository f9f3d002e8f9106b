/** Runs leave the event loop its rounds. */
import { describe, expect, it } from 'vitest';
import { Pauses } from '../../../worker/core/run-slots/pauses.ts';

const BOUNDS = { batchMs: 10, idleMs: 2 };

/** One run of `ms`, started at `now` by somebody who slept since `mark`, if at all. */
function compute(pauses: Pauses, { now, ms, mark }: { now: number; ms: number; mark?: number }) {
  pauses.begin(mark, now);
  pauses.end(now + ms);
  return now + ms;
}

describe('a run may compute', () => {
  it('at once in an isolate that did nothing', () => {
    expect(new Pauses(BOUNDS).mayCompute(undefined, 0)).toBe(true);
  });

  it('right after short runs, until they add up', () => {
    const pauses = new Pauses(BOUNDS);
    let now = 100;
    for (let run = 0; run < 5; run += 1) now = compute(pauses, { now, ms: 2 });
    expect(pauses.mayCompute(undefined, now)).toBe(true);
    now = compute(pauses, { now, ms: 2 });
    expect(pauses.mayCompute(undefined, now)).toBe(false);
  });

  it('not right after a long run, and not on a timer that was set before that ended', () => {
    const pauses = new Pauses(BOUNDS);
    const before = pauses.mark;
    const now = compute(pauses, { now: 100, ms: 300 });
    expect(pauses.mayCompute(undefined, now)).toBe(false);
    expect(pauses.mayCompute(before, now)).toBe(false);
  });

  it('after a long run on a timer that was set since, and only the first of those', () => {
    const pauses = new Pauses(BOUNDS);
    let now = compute(pauses, { now: 100, ms: 300 });
    const mark = pauses.mark;
    expect(pauses.mayCompute(mark, now + 1)).toBe(true);
    now = compute(pauses, { now: now + 1, ms: 300, mark });
    expect(pauses.mayCompute(mark, now)).toBe(false);
  });

  it('when the thread was idle after a long run', () => {
    const pauses = new Pauses(BOUNDS);
    const now = compute(pauses, { now: 100, ms: 300 });
    expect(pauses.mayCompute(undefined, now + 3)).toBe(true);
  });
});
