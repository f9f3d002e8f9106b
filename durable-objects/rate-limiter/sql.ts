/** The statements of a RateLimiter. */
import type { Bucket } from '../../worker/core/rate-limit/bucket.ts';
import type { BoundedSql } from '../bounded-sql.ts';

type BucketRow = { milli_tokens: number; refilled_at: number; full_at: number };

export interface StoredBucket extends Bucket {
  readonly fullAt: number;
}

export function bucketStore(sql: BoundedSql) {
  return {
    load(): StoredBucket | undefined {
      const row = sql.first<BucketRow>('SELECT milli_tokens, refilled_at, full_at FROM bucket');
      if (row === undefined) return undefined;
      return { milliTokens: row.milli_tokens, refilledAt: row.refilled_at, fullAt: row.full_at };
    },
    save(bucket: StoredBucket): void {
      sql.write(
        `INSERT INTO bucket (only, milli_tokens, refilled_at, full_at) VALUES (1, ?, ?, ?)
         ON CONFLICT (only) DO UPDATE SET milli_tokens = excluded.milli_tokens,
           refilled_at = excluded.refilled_at, full_at = excluded.full_at`,
        bucket.milliTokens,
        bucket.refilledAt,
        bucket.fullAt,
      );
    },
  };
}
