/**
 * What is told of many numbers. Percentiles are nearest-rank (a time that was measured, never one
 * between two), the median of an even count of ratios is the mean of the middle two.
 */
export interface Timing {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function toTiming(durationsMs: readonly number[], elapsedMs: number): Timing {
  const sorted = durationsMs.toSorted((left, right) => left - right);
  return {
    requestsPerSecond: sorted.length / (elapsedMs / 1000),
    p50Ms: percentile(sorted, 0.5),
    p99Ms: percentile(sorted, 0.99),
  };
}

/** Nearest rank: the smallest of the sorted values that `share` of all are not above. */
export function percentile(sorted: readonly number[], share: number): number {
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  const value = sorted[rank - 1];
  if (value === undefined) throw new Error('no percentile of nothing');
  return value;
}

export function toSpread(values: readonly number[]): Spread {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  const [min, max] = [sorted[0], sorted.at(-1)];
  if (low === undefined || high === undefined || min === undefined || max === undefined)
    throw new Error('no spread of nothing');
  return { median: (low + high) / 2, min, max };
}

/** The median of each number over the rounds. */
export const toMedianTiming = (timings: readonly Timing[]): Timing => ({
  requestsPerSecond: toSpread(timings.map((timing) => timing.requestsPerSecond)).median,
  p50Ms: toSpread(timings.map((timing) => timing.p50Ms)).median,
  p99Ms: toSpread(timings.map((timing) => timing.p99Ms)).median,
});
