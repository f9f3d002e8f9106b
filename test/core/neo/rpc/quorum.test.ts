/** Money rule M5 against endpoints that lie and lag, up to one fewer than the quorum. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Hash256, hash256Of } from '../../../../worker/core/neo/hash256.ts';
import {
  decideQuorum,
  type Sighting,
  type Verdict,
  type Vote,
  verdictKey,
  verdictOf,
} from '../../../../worker/core/neo/rpc/quorum.ts';

const runs = process.env.SLOW === '1' ? 50_000 : 3_000;
const VALID_UNTIL = 120;
const block = (name: number): Hash256 => hash256Of(Uint8Array.of(name));
const included = (
  height: number,
  change: Partial<Sighting & { kind: 'included' }> = {},
): Sighting => ({
  kind: 'included',
  height,
  blockIndex: 100,
  blockHash: block(1),
  vmState: 'HALT',
  notificationsDigest: 'd1',
  ...change,
});
const absent = (height: number): Sighting => ({ kind: 'absent', height });

const decide = (sightings: readonly (readonly [string, Sighting])[], required = 2) =>
  decideQuorum(
    sightings.flatMap(([endpoint, sighting]): Vote<Verdict>[] => {
      const verdict = verdictOf(sighting, VALID_UNTIL);
      return verdict ? [{ endpoint, verdict }] : [];
    }),
    { required, keyOf: verdictKey },
  );

describe('M5: the quorum', () => {
  it('decides by two equal votes', () => {
    expect(
      decide([
        ['a', included(100)],
        ['b', included(101)],
      ]),
    ).toMatchObject({
      kind: 'decided',
      votes: 2,
      verdict: { kind: 'included', vmState: 'HALT' },
    });
  });

  it('decides by one where a single node is trusted', () => {
    expect(decide([['a', included(100)]], 1)).toMatchObject({ kind: 'decided', votes: 1 });
  });

  it('does not count an endpoint whose own height is below the block', () => {
    expect(
      decide([
        ['a', included(100)],
        ['b', included(99)],
      ]),
    ).toEqual({ kind: 'pending', votes: 1 });
  });

  it('does not take not-found-yet for a contradiction', () => {
    expect(
      decide([
        ['a', included(100)],
        ['b', included(101)],
        ['c', absent(VALID_UNTIL)],
      ]),
    ).toMatchObject({
      kind: 'decided',
    });
  });

  it('does not take one endpoint that votes twice for two', () => {
    expect(
      decide([
        ['a', included(100)],
        ['a', included(105)],
      ]),
    ).toEqual({ kind: 'pending', votes: 1 });
  });

  it.each([
    ['another block', { blockHash: block(2) }],
    ['another height', { blockIndex: 99 }],
    ['another VM state', { vmState: 'FAULT' as const }],
    ['other notifications', { notificationsDigest: 'd2' }],
  ])('disputes %s, even beside enough equal votes', (_what, change) => {
    expect(
      decide([
        ['a', included(110)],
        ['b', included(110)],
        ['c', included(110, change)],
      ]).kind,
    ).toBe('disputed');
  });

  it('voids only when every vote says that it is absent and cannot come any more', () => {
    expect(
      decide([
        ['a', absent(120)],
        ['b', absent(120)],
      ]),
    ).toEqual({ kind: 'pending', votes: 0 });
    expect(
      decide([
        ['a', absent(121)],
        ['b', absent(120)],
      ]),
    ).toEqual({ kind: 'pending', votes: 1 });
    expect(
      decide([
        ['a', absent(121)],
        ['b', absent(500)],
      ]),
    ).toMatchObject({
      kind: 'decided',
      verdict: { kind: 'expired' },
    });
    expect(
      decide([
        ['a', absent(121)],
        ['b', included(121)],
      ]).kind,
    ).toBe('disputed');
  });

  it('decides nothing without votes', () => {
    expect(decide([])).toEqual({ kind: 'pending', votes: 0 });
  });
});

const lie: fc.Arbitrary<Sighting> = fc.oneof(
  fc.nat({ max: 300 }).map(absent),
  fc
    .record({
      height: fc.nat({ max: 300 }),
      blockIndex: fc.integer({ min: 90, max: 125 }),
      hash: fc.constantFrom(1, 2),
      vmState: fc.constantFrom('HALT' as const, 'FAULT' as const),
      notificationsDigest: fc.constantFrom('d1', 'd2'),
    })
    .map(({ hash, height, ...rest }) => included(height, { ...rest, blockHash: block(hash) })),
);

/** What an honest endpoint says at a height of its own when the truth is known. */
function honest(truth: 'included' | 'never', height: number): Sighting {
  return truth === 'included' && height >= 100 ? included(height) : absent(height);
}

describe('M5: the quorum, with all but one of it lying and the rest lagging as they like', () => {
  const world = fc.record({
    required: fc.integer({ min: 1, max: 4 }),
    truth: fc.constantFrom('included' as const, 'never' as const),
    heights: fc.array(fc.nat({ max: 300 }), { maxLength: 6 }),
    lies: fc.array(lie, { maxLength: 8 }),
  });

  it('never decides anything but the truth', () => {
    fc.assert(
      fc.property(world, ({ required, truth, heights, lies }) => {
        const honestVotes = heights.map(
          (height, index) => [`h${String(index)}`, honest(truth, height)] as const,
        );
        // A liar may vote as often as it likes; there are at most `required - 1` of them.
        const liars = required - 1;
        const lyingVotes =
          liars === 0
            ? []
            : lies.map((sighting, index) => [`l${String(index % liars)}`, sighting] as const);
        const decision = decide([...lyingVotes, ...honestVotes], required);
        if (decision.kind !== 'decided') return;
        const expected =
          truth === 'included'
            ? { kind: 'included', blockHash: block(1), vmState: 'HALT', notificationsDigest: 'd1' }
            : { kind: 'expired' };
        expect(decision.verdict).toMatchObject(expected);
      }),
      { numRuns: runs },
    );
  });

  it('decides without liars as soon as enough endpoints have passed the block', () => {
    fc.assert(
      fc.property(world, ({ required, truth, heights }) => {
        const passed = heights.filter(
          (height) => height >= (truth === 'included' ? 100 : VALID_UNTIL + 1),
        );
        const votes = heights.map(
          (height, index) => [`h${String(index)}`, honest(truth, height)] as const,
        );
        const decision = decide(votes, required);
        // The truth "included" is seen by an endpoint at 100 or above, and lower ones are no vote.
        expect(decision.kind).toBe(passed.length >= required ? 'decided' : 'pending');
      }),
      { numRuns: runs },
    );
  });
});
