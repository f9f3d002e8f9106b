/**
 * A subject against its floor. In each round both are measured once, right after each other and in
 * an order that changes with the round, so that what disturbs the machine for a while disturbs both;
 * the ratio is taken within the round, and the median of the rounds is what is told.
 */
import { type Load, measure, type RequestForm } from './load.ts';
import { type Spread, type Timing, toMedianTiming, toSpread } from './statistics.ts';

export interface Pair {
  readonly subject: RequestForm;
  readonly floor: RequestForm;
}

export interface Compared {
  readonly subject: Timing;
  readonly floor: Timing;
  /** Requests a second of the subject by those of the floor. */
  readonly throughput: Spread;
  /** Median of the subject less the floor's. */
  readonly addedMs: Spread;
  /** Times of the subject by those of the floor. */
  readonly p50: Spread;
  readonly p99: Spread;
}

export interface Rounds extends Load {
  readonly rounds: number;
}

export interface Sides {
  readonly subject: (seconds: number) => Promise<Timing>;
  readonly floor: (seconds: number) => Promise<Timing>;
  /** Once neither has anything left to do for what was measured before. */
  readonly settle?: () => Promise<void>;
}

/** What the one side still does after its last answer must not slow the other down. */
const PAUSE_MS = 500;
const WARM_UP_SECONDS = 1;

export async function compare(pair: Pair, { rounds, ...load }: Rounds): Promise<Compared> {
  const sideOf = (form: RequestForm) => (seconds: number) => measure(form, { ...load, seconds });
  const sides = { subject: sideOf(pair.subject), floor: sideOf(pair.floor) };
  return compareSides(sides, { rounds, seconds: load.seconds });
}

/** The same of whatever can be measured for some seconds. */
export async function compareSides(
  sides: Sides,
  { rounds, seconds }: Omit<Rounds, 'connections'>,
): Promise<Compared> {
  const settle = async (): Promise<void> => {
    await pause();
    await sides.settle?.();
  };
  await sides.floor(WARM_UP_SECONDS);
  await settle();
  await sides.subject(WARM_UP_SECONDS);
  const subjects: Timing[] = [];
  const floors: Timing[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const order =
      round % 2 === 0 ? (['subject', 'floor'] as const) : (['floor', 'subject'] as const);
    for (const side of order) {
      await settle();
      const timing = await sides[side](seconds);
      (side === 'subject' ? subjects : floors).push(timing);
    }
  }
  return summarize(subjects, floors);
}

export function summarize(subjects: readonly Timing[], floors: readonly Timing[]): Compared {
  const both = subjects.flatMap((subject, round) => {
    const floor = floors[round];
    return floor === undefined ? [] : [{ subject, floor }];
  });
  return {
    subject: toMedianTiming(subjects),
    floor: toMedianTiming(floors),
    throughput: toSpread(
      both.map(({ subject, floor }) => subject.requestsPerSecond / floor.requestsPerSecond),
    ),
    addedMs: toSpread(both.map(({ subject, floor }) => subject.p50Ms - floor.p50Ms)),
    p50: toSpread(both.map(({ subject, floor }) => subject.p50Ms / floor.p50Ms)),
    p99: toSpread(both.map(({ subject, floor }) => subject.p99Ms / floor.p99Ms)),
  };
}

const pause = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, PAUSE_MS);
  });
