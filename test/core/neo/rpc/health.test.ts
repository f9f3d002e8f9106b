import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decideOrder,
  decideProbes,
  decideStanding,
  type Health,
  type Observation,
  type Observed,
  observe,
  UNKNOWN_HEALTH,
} from '../../../../worker/core/neo/rpc/health.ts';
import { LIMITS } from '../../../../worker/core/neo/rpc/limits.ts';

const START = 1_800_000_000_000;
const MS_PER_BLOCK = 1_000;
const runs = process.env.SLOW === '1' ? 50_000 : 2_000;

const probed = (height: number, blockTimeMs: number, latencyMs = 10): Observation => ({
  kind: 'probed',
  magic: 56_753,
  tip: { height, blockTimeMs, msPerBlock: MS_PER_BLOCK },
  latencyMs,
});
const after = (...seen: readonly (readonly [Observation, number])[]): Health =>
  seen.reduce((health, [one, atMs]) => observe(health, one, atMs), UNKNOWN_HEALTH);
const view = (nowMs: number, liarsMax = 1) => ({ nowMs, liarsMax });
const standing = (health: Health, nowMs: number) =>
  decideStanding({ id: 'one', health }, [{ id: 'one', health }], view(nowMs));

describe('the standing of an endpoint', () => {
  it('is proven by its own network and a block that is new', () => {
    expect(standing(UNKNOWN_HEALTH, START)).toBe('unproven');
    expect(standing(after([probed(7, START - 500), START]), START)).toBe('healthy');
  });

  it('does not count a node as well that answers and stands still', () => {
    expect(standing(after([probed(7, START - 30_000), START]), START)).toBe('stale');
    // Nor one whose block is from the future, which would stay new for ever.
    expect(standing(after([probed(7, START + 600_000), START]), START)).toBe('stale');
  });

  it('leaves no node alone for a day because its clock was set back by one', () => {
    const tomorrow = START + 86_400_000;
    const failed = after(
      [{ kind: 'probing' }, tomorrow],
      [{ kind: 'failed', random: 1 }, tomorrow],
    );
    const limited = after([{ kind: 'limited', retryAfterMs: 10_000 }, tomorrow]);
    const probedThen = after([{ kind: 'probing' }, tomorrow], [probed(7, tomorrow), tomorrow]);
    for (const health of [failed, limited, probedThen])
      expect(decideProbes([{ id: 'one', health }], START)).toEqual(['one']);
    expect([standing(failed, START), standing(limited, START)]).toEqual(['unproven', 'unproven']);
    expect([standing(failed, tomorrow), standing(limited, tomorrow)]).toEqual([
      'failing',
      'cooling',
    ]);
  });

  it('does not grow stale only because nobody looked', () => {
    expect(standing(after([probed(7, START - 500), START]), START + 3_600_000)).toBe('healthy');
  });

  it('backs off longer with each failure in a row, within a bound, and is probed then', () => {
    let health = after([{ kind: 'probing' }, START], [probed(7, START), START]);
    let nowMs = START;
    let pauseMs = 0;
    for (let failure = 0; failure < 30; failure += 1) {
      health = observe(health, { kind: 'failed', random: 0 }, nowMs);
      expect(standing(health, nowMs)).toBe('failing');
      expect(decideProbes([{ id: 'one', health }], nowMs)).toEqual([]);
      expect(health.retryAtMs - nowMs).toBeGreaterThanOrEqual(pauseMs);
      pauseMs = health.retryAtMs - nowMs;
      expect(pauseMs).toBeLessThanOrEqual(LIMITS.rpcBackoffMaxMs.value);
      nowMs = health.retryAtMs;
      expect(standing(health, nowMs)).toBe('unproven');
      expect(decideProbes([{ id: 'one', health }], nowMs)).toEqual(['one']);
      health = observe(health, { kind: 'probing' }, nowMs);
      expect(decideProbes([{ id: 'one', health }], nowMs)).toEqual([]);
    }
    health = observe(health, probed(9, nowMs), nowMs);
    expect(standing(health, nowMs)).toBe('healthy');
  });

  it('leaves an endpoint alone that asked for a pause, and not for ever', () => {
    const limited = (retryAfterMs: number | null) =>
      observe(after([probed(7, START), START]), { kind: 'limited', retryAfterMs }, START);
    const health = limited(2_000);
    const all = [{ id: 'one', health }];
    expect(decideOrder(all, view(START + 1_999))).toEqual([]);
    expect(decideProbes(all, START + 1_999)).toEqual([]);
    expect(decideOrder(all, view(START + 2_000))).toEqual([{ id: 'one', standing: 'healthy' }]);
    expect(limited(1e15).coolUntilMs - START).toBe(LIMITS.rpcCoolDownMaxMs.value);
    expect(limited(-5).coolUntilMs).toBe(START);
    expect(limited(null).coolUntilMs - START).toBe(LIMITS.rpcCoolDownMs.value);
  });

  it('never asks an endpoint of another network, and looks at it again later', () => {
    const health = after([{ kind: 'probing' }, START], [{ kind: 'foreign', magic: 1 }, START]);
    const all = [{ id: 'one', health }];
    expect(decideOrder(all, view(START))).toEqual([]);
    expect(decideProbes(all, START + 30_000)).toEqual([]);
    expect(decideProbes(all, START + 60_000)).toEqual(['one']);
  });
});

describe('the order of endpoints', () => {
  const at = (id: string, health: Health): Observed => ({ id, health });

  it('goes from the quick and healthy to those that failed', () => {
    const failed = observe(UNKNOWN_HEALTH, { kind: 'failed', random: 0.5 }, START);
    const order = decideOrder(
      [
        at('failing', failed),
        at('stale', after([probed(3, START - 60_000), START])),
        at('slow', after([probed(100, START, 300), START])),
        at('unknown', UNKNOWN_HEALTH),
        at('lagging', after([probed(90, START), START])),
        at('quick', after([probed(101, START, 5), START])),
      ],
      view(START),
    );
    expect(order.map(({ id }) => id)).toEqual([
      'quick',
      'slow',
      'unknown',
      'lagging',
      'stale',
      'failing',
    ]);
  });

  it('does not call an endpoint lagging for having been asked earlier', () => {
    const early = at('early', after([probed(100, START), START]));
    const late = ['a', 'b'].map((id) =>
      at(id, after([probed(160, START + 60_000), START + 60_000])),
    );
    expect(decideStanding(early, [early, ...late], view(START + 60_000))).toBe('healthy');
  });
});

const observation: fc.Arbitrary<Observation> = fc.oneof(
  fc.constant({ kind: 'probing' as const }),
  fc.constant({ kind: 'answered' as const }),
  fc.constant({ kind: 'foreign' as const, magic: 1 }),
  fc.record({ kind: fc.constant('failed' as const), random: fc.double({ min: 0, max: 0.999 }) }),
  fc.record({
    kind: fc.constant('limited' as const),
    retryAfterMs: fc.option(fc.integer({ min: -1_000, max: 10_000_000 })),
  }),
  fc.record({
    kind: fc.constant('probed' as const),
    magic: fc.constant(56_753),
    tip: fc.record({
      height: fc.nat({ max: 4_000_000_000 }),
      blockTimeMs: fc.integer({ min: 0, max: 2 * START }),
      msPerBlock: fc.integer({ min: 1, max: 60_000 }),
    }),
    latencyMs: fc.nat({ max: 10_000 }),
  }),
);
const history = fc.array(fc.tuple(observation, fc.nat({ max: 90_000 })), { maxLength: 12 });

function lived(events: readonly (readonly [Observation, number])[]): [Health, number] {
  let nowMs = START;
  let health = UNKNOWN_HEALTH;
  for (const [seen, passedMs] of events) {
    nowMs += passedMs;
    health = observe(health, seen, nowMs);
  }
  return [health, nowMs];
}

describe('health, whatever endpoints do', () => {
  it('asks each endpoint at most once, and none that cools down or is foreign', () => {
    fc.assert(
      fc.property(fc.array(history, { maxLength: 6 }), fc.nat({ max: 3 }), (lives, liarsMax) => {
        const endpoints = lives.map((life, index) => ({
          id: String(index),
          health: lived(life)[0],
        }));
        const nowMs = Math.max(START, ...lives.map((life) => lived(life)[1]));
        const ids = decideOrder(endpoints, view(nowMs, liarsMax)).map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        for (const { id, health } of endpoints) {
          const apart = health.network === 'foreign' || nowMs < health.coolUntilMs;
          expect(ids.includes(id)).toBe(!apart);
        }
      }),
      { numRuns: runs },
    );
  });

  it('probes every endpoint again within the longest pause there is', () => {
    const longestMs = LIMITS.rpcCoolDownMaxMs.value + LIMITS.rpcBackoffMaxMs.value;
    fc.assert(
      fc.property(history, (life) => {
        const [health, nowMs] = lived(life);
        expect(decideProbes([{ id: 'one', health }], nowMs + longestMs)).toEqual(['one']);
      }),
      { numRuns: runs },
    );
  });

  it('does not let as many liars as may be make an honest endpoint look behind', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.nat({ max: 4_000_000_000 }), { minLength: 3, maxLength: 3 }),
        (liarsMax, honestCount, claims) => {
          const honest = Array.from({ length: honestCount }, (_, index) => ({
            id: `honest ${String(index)}`,
            health: after([probed(100 + index, START), START]),
          }));
          const liars = claims.slice(0, liarsMax).map((height, index) => ({
            id: `liar ${String(index)}`,
            health: after([probed(height, START), START]),
          }));
          for (const endpoint of honest) {
            const judged = decideStanding(endpoint, [...liars, ...honest], view(START, liarsMax));
            expect(judged).toBe('healthy');
          }
        },
      ),
      { numRuns: runs },
    );
  });
});
