/**
 * One token bucket of one caller: an API key, or an address under one policy. It leases slices of
 * tokens to isolates, which spend them without asking (worker/http/rate-limit.ts), so that one busy
 * caller costs a call in twenty requests.
 *
 * The bucket is in SQLite: an eviction forgets nothing, else a caller could be patient with us and
 * start full again. A bucket that is full again says no more than an absent one, so after a quiet
 * minute the alarm removes the whole object's storage; a flood from a million addresses leaves
 * nothing behind. The minute is for callers that ask all the time and slowly: theirs is full again
 * after each request, and making and removing tables costs more than any lease.
 */
import { DurableObject } from 'cloudflare:workers';
import { decideLease, fullAt, type Lease } from '../../worker/core/rate-limit/bucket.ts';
import { LIMITS } from '../../worker/core/rate-limit/limits.ts';
import { ok, type Result } from '../../worker/core/result.ts';
import { boundedSql } from '../bounded-sql.ts';
import { migrate } from '../migrate.ts';
import { MIGRATIONS } from './migrations.ts';
import type { LeaseTokens, RateLimiterRpc } from './rpc.ts';
import { bucketStore, type StoredBucket } from './sql.ts';

export class RateLimiter extends DurableObject implements RateLimiterRpc {
  readonly #bucket = bucketStore(boundedSql(this.ctx.storage.sql));
  /** False between the removal of the storage and the next lease, while this instance lives on. */
  #migrated = true;

  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    super(ctx, env);
    void ctx.blockConcurrencyWhile(async () => {
      migrate(ctx.storage, MIGRATIONS, Date.now());
    });
  }

  async leaseTokens({ policy, want }: LeaseTokens): Promise<Result<Lease, never>> {
    const now = Date.now();
    if (!this.#migrated) migrate(this.ctx.storage, MIGRATIONS, now);
    this.#migrated = true;
    return this.ctx.storage.transactionSync(() => {
      const stored = this.#bucket.load();
      const { bucket, lease } = decideLease(stored, {
        now,
        want: Math.min(want, LIMITS.rateSliceTokensMax.value),
        policy,
      });
      // A refusal takes nothing, and refilling is a function of time: a flood of refused calls
      // writes nothing.
      if (lease.granted === 0) return ok(lease);
      const saved = { ...bucket, fullAt: fullAt(bucket, policy) };
      this.#bucket.save(saved);
      // The alarm of an earlier lease comes too early and then finds the later time in the row.
      if (stored === undefined) void this.ctx.storage.setAlarm(removableAt(saved));
      return ok(lease);
    });
  }

  override async alarm(): Promise<void> {
    // A repeated alarm after the removal.
    if (!this.#migrated) return;
    const stored = this.#bucket.load();
    if (stored !== undefined && removableAt(stored) > Date.now()) {
      await this.ctx.storage.setAlarm(removableAt(stored));
      return;
    }
    this.#migrated = false;
    await this.ctx.storage.deleteAll();
  }
}

const removableAt = ({ fullAt, refilledAt }: StoredBucket): number =>
  Math.max(fullAt, refilledAt + LIMITS.rateQuietMs.value);
