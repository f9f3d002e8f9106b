import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Bucket,
  decideLease,
  fullAt,
  type RatePolicy,
} from '../../../worker/core/rate-limit/bucket.ts';

const policy: RatePolicy = { name: 'key', capacity: 10, refillPerSecond: 3 };
const START = 1_700_000_000_000;

const leaseAt = (bucket: Bucket | undefined, now: number, want: number) =>
  decideLease(bucket, { now, want, policy });

describe('decideLease', () => {
  it('treats an absent bucket as a full one', () => {
    const { lease } = leaseAt(undefined, START, 4);
    expect(lease).toEqual({ granted: 4, remaining: 6, retryAfterMs: 0, resetSeconds: 2 });
  });

  it('grants what is there when more is wanted', () => {
    expect(leaseAt(undefined, START, 25).lease.granted).toBe(10);
  });

  it('names the first millisecond at which one token is there', () => {
    const empty = leaseAt(undefined, START, 10).bucket;
    const refused = leaseAt(empty, START, 1).lease;
    expect(refused).toEqual({ granted: 0, remaining: 0, retryAfterMs: 334, resetSeconds: 4 });
    expect(leaseAt(empty, START + 333, 1).lease.granted).toBe(0);
    expect(leaseAt(empty, START + 334, 1).lease.granted).toBe(1);
  });

  it('does not lose fractions of tokens when it is asked every millisecond', () => {
    let bucket = leaseAt(undefined, START, 10).bucket;
    let granted = 0;
    for (let ms = 1; ms <= 10_000; ms++) {
      const decision = leaseAt(bucket, START + ms, 1);
      bucket = decision.bucket;
      granted += decision.lease.granted;
    }
    expect(granted).toBe(30);
  });

  it('adds nothing when the clock steps back, nor a second time when it comes round again', () => {
    const empty = leaseAt(undefined, START, 10).bucket;
    const before = leaseAt(empty, START - 60_000, 1);
    expect(before.lease.granted).toBe(0);
    expect(leaseAt(before.bucket, START, 1).lease.granted).toBe(0);
  });

  it('cuts what is above a lowered capacity', () => {
    const { bucket } = leaseAt(undefined, START, 1);
    const lower = { ...policy, capacity: 2 };
    expect(decideLease(bucket, { now: START, want: 9, policy: lower }).lease.granted).toBe(2);
  });

  it('is full exactly at fullAt', () => {
    const { bucket } = leaseAt(undefined, START, 10);
    const at = fullAt(bucket, policy);
    expect(leaseAt(bucket, at, 10).lease.granted).toBe(10);
    expect(leaseAt(bucket, at - 1, 10).lease.granted).toBe(9);
  });

  it('refuses policies and wants that are not positive integers', () => {
    const bad = [
      { ...policy, capacity: 0 },
      { ...policy, refillPerSecond: 0.5 },
      { ...policy, refillPerSecond: Number.NaN },
    ];
    for (const one of bad)
      expect(() => decideLease(undefined, { now: START, want: 1, policy: one })).toThrow();
    expect(() => leaseAt(undefined, START, 0)).toThrow();
  });
});

describe('conservation', () => {
  const call = fc.record({
    stepMs: fc.oneof(fc.integer({ min: 0, max: 400 }), fc.integer({ min: -5_000, max: 20_000 })),
    want: fc.integer({ min: 1, max: 30 }),
  });
  const anyPolicy = fc.record({
    name: fc.constant('key'),
    capacity: fc.integer({ min: 1, max: 500 }),
    refillPerSecond: fc.integer({ min: 1, max: 500 }),
  });

  it('never grants more than capacity and refill over any window, whatever the clock does', () => {
    fc.assert(
      fc.property(anyPolicy, fc.array(call, { maxLength: 60 }), (one, calls) => {
        let bucket: Bucket | undefined;
        let now = START;
        const grants: { at: number; granted: number }[] = [];
        for (const { stepMs, want } of calls) {
          now += stepMs;
          const decision = decideLease(bucket, { now, want, policy: one });
          bucket = decision.bucket;
          grants.push({ at: decision.bucket.refilledAt, granted: decision.lease.granted });
        }
        for (const [from, first] of grants.entries()) {
          let sum = 0;
          for (const { at, granted } of grants.slice(from)) {
            sum += granted;
            const milliMax = one.capacity * 1_000 + (at - first.at) * one.refillPerSecond;
            expect(sum * 1_000).toBeLessThanOrEqual(milliMax);
          }
        }
      }),
    );
  });

  it('grants a token at retryAfterMs, so an obedient client is not refused twice', () => {
    fc.assert(
      fc.property(anyPolicy, fc.nat(5_000), (one, elapsed) => {
        const { bucket } = decideLease(undefined, { now: START, want: 1_000, policy: one });
        const later = decideLease(bucket, { now: START + elapsed, want: 1_000, policy: one });
        const refused = decideLease(later.bucket, { now: START + elapsed, want: 1, policy: one });
        const at = START + elapsed + refused.lease.retryAfterMs;
        expect(decideLease(refused.bucket, { now: at, want: 1, policy: one }).lease.granted).toBe(
          1,
        );
      }),
    );
  });
});
