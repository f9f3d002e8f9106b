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
}

export interface Rounds extends Load {
  readonly rounds: number;
}

/** What the one side still does after its last answer must not slow the other down. */
const PAUSE_MS = 500;
const WARM_UP_SECONDS = 1;

export async function compare(pair: Pair, { rounds, ...load }: Rounds): Promise<Compared> {
  const warmUp = { ...load, seconds: WARM_UP_SECONDS };
  await measure(pair.floor, warmUp);
  await measure(pair.subject, warmUp);
  const subjects: Timing[] = [];
  const floors: Timing[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const order =
      round % 2 === 0 ? (['subject', 'floor'] as const) : (['floor', 'subject'] as const);
    for (const side of order) {
      await pause();
      const timing = await measure(pair[side], load);
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
  };
}

const pause = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, PAUSE_MS);
  });
