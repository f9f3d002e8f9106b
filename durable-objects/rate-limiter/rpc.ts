/** What crosses RPC to a RateLimiter: plain structured-clone values. */
import type { Lease, RatePolicy } from '../../worker/core/rate-limit/bucket.ts';
import type { Result } from '../../worker/core/result.ts';

export interface LeaseTokens {
  readonly policy: RatePolicy;
  /** At most the slice size; more is cut. */
  readonly want: number;
}

/** The methods others may call; stubs of the object satisfy it. */
export interface RateLimiterRpc {
  leaseTokens(request: LeaseTokens): Promise<Result<Lease, never>>;
}
