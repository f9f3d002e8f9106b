import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RateLimiter } from '../../../durable-objects/rate-limiter/rate-limiter.ts';
import { assert } from '../../../worker/core/assert.ts';
import type { RatePolicy } from '../../../worker/core/rate-limit/bucket.ts';
import { LIMITS } from '../../../worker/core/rate-limit/limits.ts';

const { RATE_LIMITER } = env as unknown as { RATE_LIMITER: DurableObjectNamespace<RateLimiter> };
const policy: RatePolicy = { name: 'key', capacity: 30, refillPerSecond: 10 };
// A day ahead of the real clock: no alarm goes off by itself, each is rung by the test.
const START = Date.now() + 86_400_000;

const limiter = (name = 'key:payer') => RATE_LIMITER.get(RATE_LIMITER.idFromName(name));
const tables = (stub: DurableObjectStub<RateLimiter>) =>
  runInDurableObject(stub, (_instance, state) =>
    state.storage.sql
      .exec<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'")
      .toArray()
      .map(({ name }) => name),
  );

async function lease(want: number, stub = limiter()) {
  const result = await stub.leaseTokens({ policy, want });
  assert(result.ok, 'a lease is never refused as such');
  return result.value;
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('leaseTokens', () => {
  it('does not lease more than one slice at a time', async () => {
    expect(await lease(1_000)).toMatchObject({ granted: 20, remaining: 10 });
  });

  it('does not lease more than there is when calls arrive together', async () => {
    const leases = await Promise.all(Array.from({ length: 50 }, () => lease(3)));
    expect(leases.reduce((sum, { granted }) => sum + granted, 0)).toBe(30);
  });

  it('does not forget what was spent when the object is evicted', async () => {
    await lease(20);
    await lease(10);
    await evictDurableObject(limiter());
    expect(await lease(1)).toMatchObject({ granted: 0, retryAfterMs: 100 });
  });

  it('keeps callers apart', async () => {
    await lease(20);
    expect((await lease(1, limiter('key:stranger'))).remaining).toBe(29);
  });

  it('does not write when it refuses', async () => {
    await lease(20);
    await lease(10);
    const written = () =>
      runInDurableObject(limiter(), (_instance, state) =>
        state.storage.sql.exec('SELECT refilled_at FROM bucket').one(),
      );
    const before = await written();
    vi.setSystemTime(START + 50);
    expect((await lease(5)).granted).toBe(0);
    expect(await written()).toEqual(before);
  });
});

describe('alarm', () => {
  const QUIET_MS = LIMITS.rateQuietMs.value;
  const alarmOf = (stub = limiter()) =>
    runInDurableObject(stub, (_instance, state) => state.storage.getAlarm());

  it('keeps the full bucket of a caller that asks slowly, until a minute was quiet', async () => {
    await lease(1);
    expect(await alarmOf()).toBe(START + QUIET_MS);
    vi.setSystemTime(START + QUIET_MS - 1);
    await lease(1);
    vi.setSystemTime(START + QUIET_MS);
    await runDurableObjectAlarm(limiter());
    expect(await tables(limiter())).toContain('bucket');
    expect(await alarmOf()).toBe(START + 2 * QUIET_MS - 1);
  });

  it('keeps a bucket that needs longer than the quiet minute to be full again', async () => {
    const slow: RatePolicy = { name: 'key', capacity: 300, refillPerSecond: 1 };
    const stub = limiter('key:slow');
    for (let slice = 0; slice < 15; slice += 1) await stub.leaseTokens({ policy: slow, want: 20 });
    vi.setSystemTime(START + QUIET_MS);
    await runDurableObjectAlarm(stub);
    expect(await alarmOf(stub)).toBe(START + 300_000);
    expect(await stub.leaseTokens({ policy: slow, want: 20 })).toMatchObject({
      value: { granted: 20, remaining: 40 },
    });
  });

  it('removes everything after a quiet minute, and leaves no alarm', async () => {
    await lease(10);
    vi.setSystemTime(START + QUIET_MS);
    await runDurableObjectAlarm(limiter());
    expect(await tables(limiter())).not.toContain('bucket');
    expect(await runDurableObjectAlarm(limiter())).toBe(false);
  });

  it('serves the next lease of the same instance and of a fresh one after the removal', async () => {
    await lease(10);
    vi.setSystemTime(START + QUIET_MS);
    await runDurableObjectAlarm(limiter());
    expect(await lease(10)).toMatchObject({ granted: 10, remaining: 20 });
    vi.setSystemTime(START + 3 * QUIET_MS);
    await runDurableObjectAlarm(limiter());
    await evictDurableObject(limiter());
    expect(await lease(10)).toMatchObject({ granted: 10, remaining: 20 });
  });

  it('does not hurt when it is repeated', async () => {
    await lease(10);
    vi.setSystemTime(START + QUIET_MS);
    await runInDurableObject(limiter(), async (instance) => {
      await instance.alarm();
      await instance.alarm();
    });
    expect((await lease(1)).remaining).toBe(29);
  });
});
