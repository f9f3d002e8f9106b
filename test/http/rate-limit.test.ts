import { describe, expect, it } from 'vitest';
import type { LeaseTokens, RateLimiterRpc } from '../../durable-objects/rate-limiter/rpc.ts';
import { type Bucket, decideLease, type RatePolicy } from '../../worker/core/rate-limit/bucket.ts';
import { LIMITS } from '../../worker/core/rate-limit/limits.ts';
import { RATE_POLICIES } from '../../worker/core/rate-limit/policies.ts';
import { ok } from '../../worker/core/result.ts';
import { addressCaller, createTokenSlices, keyCaller } from '../../worker/http/rate-limit.ts';

const START = 1_700_000_000_000;
const policy: RatePolicy = { name: 'key', capacity: 50, refillPerSecond: 10 };

/** The pure bucket behind the object's interface, with a clock in the test's hand. */
function limiterAt(clock: { now: number }) {
  const buckets = new Map<string, Bucket>();
  const calls: { name: string; want: number }[] = [];
  const limiterFor = (name: string): RateLimiterRpc => ({
    leaseTokens: async (request: LeaseTokens) => {
      calls.push({ name, want: request.want });
      const decision = decideLease(buckets.get(name), { now: clock.now, ...request });
      buckets.set(name, decision.bucket);
      return ok(decision.lease);
    },
  });
  return { calls, limiterFor };
}

function setUp(callersMax?: number) {
  const clock = { now: START };
  const { calls, limiterFor } = limiterAt(clock);
  const slices = createTokenSlices(callersMax);
  const take = (caller = 'payer') =>
    slices.takeToken(caller, policy, { now: clock.now, limiterFor });
  return { clock, calls, take, slices, limiterFor };
}

describe('takeToken', () => {
  it('asks for one token first and doubles while slices are used up in their time', async () => {
    const { calls, take } = setUp();
    for (let request = 0; request < 31; request++) await take();
    expect(calls.map(({ want }) => want)).toEqual([1, 2, 4, 8, 16]);
  });

  it('does not spend a slow caller on slices that expire unused', async () => {
    const { calls, clock, take } = setUp();
    for (let request = 0; request < 200; request++) {
      expect((await take()).outcome).toBe('allowed');
      clock.now += 1_000;
    }
    expect(calls.every(({ want }) => want === 1)).toBe(true);
  });

  it('lets pass exactly the capacity in one instant', async () => {
    const { take } = setUp();
    const outcomes: string[] = [];
    for (let request = 0; request < 70; request++) outcomes.push((await take()).outcome);
    expect(outcomes.filter((outcome) => outcome === 'allowed')).toHaveLength(50);
    expect(outcomes.slice(50).every((outcome) => outcome === 'limited')).toBe(true);
  });

  it('does not ask the object again before Retry-After', async () => {
    const { calls, clock, take } = setUp();
    for (let request = 0; request < 51; request++) await take();
    const asked = calls.length;
    const refused = await take();
    expect(refused).toMatchObject({ outcome: 'limited', remaining: 0, retryAfterMs: 100 });
    for (let request = 0; request < 1_000; request++) await take();
    expect(calls).toHaveLength(asked);
    clock.now += refused.retryAfterMs;
    expect((await take()).outcome).toBe('allowed');
  });

  it('counts its own unused tokens as remaining', async () => {
    const { take } = setUp();
    const remaining: number[] = [];
    for (let request = 0; request < 10; request++) remaining.push((await take()).remaining);
    expect(remaining).toEqual([49, 48, 47, 46, 45, 44, 43, 42, 41, 40]);
  });

  it('pays parallel requests without granting more than the bucket holds', async () => {
    const { take } = setUp();
    const answers = await Promise.all(Array.from({ length: 80 }, () => take()));
    const allowed = answers.filter(({ outcome }) => outcome === 'allowed').length;
    expect(allowed).toBe(50);
  });

  it('keeps the slices of several isolates within capacity and the stated overshoot', async () => {
    const { clock, limiterFor } = setUp();
    const isolates = Array.from({ length: 4 }, () => createTokenSlices());
    let allowed = 0;
    for (let ms = 0; ms < 5_000; ms += 10) {
      clock.now = START + ms;
      for (const isolate of isolates) {
        const deps = { now: clock.now, limiterFor };
        const { outcome } = await isolate.takeToken('payer', policy, deps);
        if (outcome === 'allowed') allowed++;
      }
    }
    const refilled = 5 * policy.refillPerSecond;
    const overshoot = isolates.length * LIMITS.rateSliceTokensMax.value;
    expect(allowed).toBeLessThanOrEqual(policy.capacity + refilled + overshoot);
    expect(allowed).toBeGreaterThan(policy.capacity);
  });

  it('does not let one caller spend the tokens of another', async () => {
    const { take } = setUp();
    for (let request = 0; request < 60; request++) await take('stranger');
    expect((await take('payer')).outcome).toBe('allowed');
  });

  it('forgets the caller longest unused when more callers come than it holds', async () => {
    const { calls, take } = setUp(2);
    for (const caller of ['first', 'second', 'first', 'third', 'second']) await take(caller);
    const asked = calls.map(({ name }) => name);
    expect(asked).toEqual(['key:first', 'key:second', 'key:first', 'key:third', 'key:second']);
  });

  it('refuses for a second when the object does not answer, and then asks again', async () => {
    const { clock, limiterFor, slices } = setUp();
    let asked = 0;
    const broken = (): RateLimiterRpc => {
      asked++;
      return { leaseTokens: () => Promise.reject(new Error('overloaded')) };
    };
    const deps = () => ({ now: clock.now, limiterFor: broken });
    for (let request = 0; request < 5; request++) {
      const answer = await slices.takeToken('payer', policy, deps());
      expect(answer).toMatchObject({ outcome: 'unreachable', retryAfterMs: 1_000 });
    }
    expect(asked).toBe(1);
    clock.now += 1_000;
    const answer = await slices.takeToken('payer', policy, { now: clock.now, limiterFor });
    expect(answer.outcome).toBe('allowed');
  });

  it('keeps the buckets of one caller under two policies apart', async () => {
    const { calls, clock, limiterFor, slices } = setUp();
    const deps = { now: clock.now, limiterFor };
    await slices.takeToken(keyCaller('payer'), RATE_POLICIES.key, deps);
    await slices.takeToken('payer', RATE_POLICIES.address, deps);
    expect(calls.map(({ name }) => name)).toEqual(['key:payer', 'address:payer']);
  });
});

describe('addressCaller', () => {
  it('counts an IPv6 network of 64 bits as one caller, however its addresses are spelled', () => {
    const callers = [
      '2001:db8:0:1::1',
      '2001:0DB8:0000:0001:ffff:ffff:ffff:ffff',
      '2001:db8:0:1:1:2:3:4',
    ].map(addressCaller);
    expect(new Set(callers)).toEqual(new Set(['2001:db8:0:1::/64']));
  });

  it('tells neighbouring networks apart', () => {
    expect(addressCaller('2001:db8:0:2::1')).not.toBe(addressCaller('2001:db8:0:1::1'));
  });

  it('counts an IPv4 address written as IPv6 as the IPv4 address', () => {
    expect(addressCaller('::ffff:192.0.2.7')).toBe(addressCaller('192.0.2.7'));
  });

  it('gives everything that is no address one bucket', () => {
    for (const text of [undefined, null, '', 'localhost', '1.2.3.4, 5.6.7.8'])
      expect(addressCaller(text)).toBe('unknown');
  });
});
