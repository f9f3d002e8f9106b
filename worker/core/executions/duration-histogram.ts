/**
 * Durations of many runs in a few numbers: buckets that grow by 2^(1/8), so a percentile read from
 * them is at most 9.1 % above the true one, never below. Sums of histograms are histograms of sums,
 * which is what makes p99 of a month answerable without reading every run.
 */
export type DurationHistogram = Readonly<Record<string, number>>;

const STEPS_PER_DOUBLING = 8;

/** Bucket 0 is up to 1 ms; bucket k ends at 2^(k/8) ms. */
const bucketOf = (durationMs: number): number =>
  durationMs <= 1 ? 0 : Math.ceil(Math.log2(durationMs) * STEPS_PER_DOUBLING);

const bucketEndMs = (bucket: number): number => 2 ** (bucket / STEPS_PER_DOUBLING);

export function addDuration(histogram: DurationHistogram, durationMs: number): DurationHistogram {
  const bucket = String(bucketOf(durationMs));
  return { ...histogram, [bucket]: (histogram[bucket] ?? 0) + 1 };
}

export function mergeDurations(histograms: readonly DurationHistogram[]): DurationHistogram {
  const merged: Record<string, number> = {};
  for (const histogram of histograms)
    for (const [bucket, count] of Object.entries(histogram))
      merged[bucket] = (merged[bucket] ?? 0) + count;
  return merged;
}

/**
 * The smallest bucket end that at least this share of runs stayed under; undefined when there were
 * none.
 */
export function percentileMs(histogram: DurationHistogram, share: number): number | undefined {
  const buckets = Object.entries(histogram)
    .map(([bucket, count]) => ({ bucket: Number(bucket), count }))
    .sort((one, other) => one.bucket - other.bucket);
  const total = buckets.reduce((sum, { count }) => sum + count, 0);
  let seen = 0;
  for (const { bucket, count } of buckets) {
    seen += count;
    if (seen >= share * total) return Math.ceil(bucketEndMs(bucket) * 100) / 100;
  }
  return undefined;
}
