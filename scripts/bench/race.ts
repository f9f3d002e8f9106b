/**
 * Two functions of one process against each other, in rounds as the served ones: each runs for a
 * while, right after the other and in alternating order, and a ratio is taken within its round.
 */
import { type Spread, toSpread } from './statistics.ts';

export interface Race {
  readonly subject: () => unknown;
  readonly floor: () => unknown;
}

export interface Raced {
  /** Times a second, the median of the rounds. */
  readonly subject: number;
  readonly floor: number;
  /** How many times the subject's work is done while the floor's is done once. */
  readonly ratio: Spread;
}

export interface RaceRounds {
  readonly rounds: number;
  readonly seconds: number;
}

const CLOCK_EVERY = 16;

export function race({ subject, floor }: Race, { rounds, seconds }: RaceRounds): Raced {
  const forMs = (seconds * 1000) / 4;
  timesPerSecond(subject, forMs);
  timesPerSecond(floor, forMs);
  const both = Array.from({ length: rounds }, (_, round) => {
    if (round % 2 === 0) {
      const first = timesPerSecond(subject, forMs);
      return { subject: first, floor: timesPerSecond(floor, forMs) };
    }
    const first = timesPerSecond(floor, forMs);
    return { floor: first, subject: timesPerSecond(subject, forMs) };
  });
  return {
    subject: toSpread(both.map((round) => round.subject)).median,
    floor: toSpread(both.map((round) => round.floor)).median,
    ratio: toSpread(both.map((round) => round.subject / round.floor)),
  };
}

export function timesPerSecond(work: () => unknown, forMs: number): number {
  const start = performance.now();
  let times = 0;
  for (;;) {
    // The clock itself takes as long as the fastest of what is measured.
    for (let run = 0; run < CLOCK_EVERY; run += 1) work();
    times += CLOCK_EVERY;
    const elapsedMs = performance.now() - start;
    if (elapsedMs >= forMs) return (times * 1000) / elapsedMs;
  }
}
