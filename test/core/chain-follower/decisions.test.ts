/** Where a subscription joins, how lanes wait, and what a follower says of itself. */
import { describe, expect, it } from 'vitest';
import {
  decideTurn,
  endLease,
  isCurrent,
  leaseLane,
  NEW_LANE,
  pollMs,
  rotateEndpoints,
} from '../../../worker/core/chain-follower/lanes.ts';
import { LIMITS } from '../../../worker/core/chain-follower/limits.ts';
import { countContiguous } from '../../../worker/core/chain-follower/position.ts';
import {
  type AlertFacts,
  decideAlert,
  toRanges,
} from '../../../worker/core/chain-follower/status.ts';
import {
  decideSubscribe,
  type SubscribeFacts,
} from '../../../worker/core/chain-follower/subscribe.ts';
import { CONSENSUS, hashOf, ModelChain } from './model-chain.ts';

const facts: SubscribeFacts = {
  fromHeight: null,
  checkpointHeight: 10,
  cursor: { height: 100, ordinal: 0 },
  indexedFrom: 50,
  subscriber: null,
};
const live = { state: 'live' } as const;

describe('decideSubscribe', () => {
  const cases: readonly (readonly [string, Partial<SubscribeFacts>, object])[] = [
    ['joins the next block', {}, { liveFrom: 100, rescan: null, catchUpFrom: null }],
    [
      'leaves out the block that is half handed out, when nothing is said',
      { cursor: { height: 100, ordinal: 3 } },
      { liveFrom: 101, rescan: null, catchUpFrom: null },
    ],
    [
      'begins in the past as one stream, when it is the first',
      { fromHeight: 40 },
      { liveFrom: 40, rescan: null, catchUpFrom: 40 },
    ],
    [
      'catches up first with blocks that were read without its contract',
      { indexedFrom: 130 },
      { liveFrom: 100, rescan: null, catchUpFrom: 100 },
    ],
    [
      'gets the past on the side, when it is not the first',
      { fromHeight: 40, subscriber: live },
      { liveFrom: 100, rescan: { fromHeight: 40, toHeight: 99 }, catchUpFrom: null },
    ],
    [
      'joins behind the block that is half handed out, and gets the whole of it on the side',
      { fromHeight: 100, subscriber: live, cursor: { height: 100, ordinal: 1 } },
      { liveFrom: 101, rescan: { fromHeight: 100, toHeight: 100 }, catchUpFrom: null },
    ],
    [
      'joins behind what was read without its contract',
      { subscriber: live, indexedFrom: 130 },
      { liveFrom: 130, rescan: { fromHeight: 100, toHeight: 129 }, catchUpFrom: null },
    ],
    [
      'joins the catch-up where that stands',
      { fromHeight: 40, subscriber: { state: 'catching_up', next: { height: 60, ordinal: 2 } } },
      { liveFrom: 61, rescan: { fromHeight: 40, toHeight: 60 }, catchUpFrom: null },
    ],
  ];
  for (const [what, change, plan] of cases)
    it(what, () => {
      expect(decideSubscribe({ ...facts, ...change })).toEqual({ ok: true, value: plan });
    });

  it('M6: does not begin at or below the checkpoint, where nothing is verified', () => {
    expect(decideSubscribe({ ...facts, fromHeight: 10 })).toMatchObject({
      ok: false,
      failure: { code: 'follower.height_out_of_range', limit: 11 },
    });
  });

  it('does not begin beyond the next block', () => {
    expect(decideSubscribe({ ...facts, fromHeight: 101 })).toMatchObject({
      ok: false,
      failure: { limit: 100 },
    });
  });
});

describe('lanes', () => {
  const moment = { now: 1_000, random: 0.5, idleMs: 300 };

  it('D3: have one step out at a time, and another only when its lease has ended', () => {
    const leased = leaseLane(NEW_LANE, 1_000);
    expect(decideTurn(leased, 1_001)).toBe('wait');
    expect(decideTurn(leased, 1_000 + LIMITS.followerLeaseMs.value)).toBe('lease');
    const again = leaseLane(leased, 1_000 + LIMITS.followerLeaseMs.value);
    expect(isCurrent(again, leased.leaseNumber)).toBe(false);
    expect(again.failures).toBe(1);
  });

  it('wait longer after each failure, never longer than the bound, and not after a success', () => {
    let lane = NEW_LANE;
    const waits = [];
    for (let failure = 0; failure < 30; failure += 1) {
      lane = endLease(leaseLane({ ...lane, leaseUntil: null }, 1_000), 'failed', moment);
      waits.push(lane.nextAt - moment.now);
    }
    expect(waits).toEqual(waits.toSorted((one, two) => one - two));
    expect(Math.max(...waits)).toBeLessThanOrEqual(LIMITS.followerBackoffMaxMs.value);
    expect(endLease(lane, 'more', moment)).toMatchObject({ failures: 0, nextAt: 1_000 });
    expect(endLease(lane, 'idle', moment)).toMatchObject({ failures: 0, nextAt: 1_300 });
  });

  it('ask another endpoint first after each failure', () => {
    expect(rotateEndpoints(['a', 'b', 'c'], 4)).toEqual(['b', 'c', 'a']);
    expect(rotateEndpoints([], 4)).toEqual([]);
  });

  it('poll within a third of a block', () => {
    expect([1_000, 3_000, 15_000, 60_000, 10].map(pollMs)).toEqual([333, 1_000, 5_000, 5_000, 200]);
  });
});

describe('countContiguous', () => {
  const chain = new ModelChain(3);
  for (let made = 0; made < 5; made += 1) chain.grow();
  const headers = chain.blocks.slice(1).map(({ header }) => header);

  it('takes a chain of hashes and ends at the first hole', () => {
    expect(countContiguous(chain.checkpoint, headers)).toBe(5);
    expect(countContiguous(chain.checkpoint, headers.slice(1))).toBe(0);
    expect(countContiguous(chain.checkpoint, headers.toSpliced(2, 1))).toBe(2);
  });

  it('M6: ends at a block that follows another one, whatever its height says', () => {
    const forged = headers.map((header) =>
      header.height === 3 ? { ...header, previousHash: hashOf('elsewhere') } : header,
    );
    expect(countContiguous(chain.checkpoint, forged)).toBe(2);
  });
});

describe('the alert of a follower', () => {
  const quiet: AlertFacts = {
    verified: { height: 9, hash: hashOf('nine'), nextConsensus: CONSENSUS },
    endpoints: ['one', 'two'],
    faults: [],
    gapReasons: [],
    progressAtMs: 1_000_000,
    msPerBlock: 15_000,
  };
  const fault = (endpoint: string, height: number) => ({
    endpoint,
    height,
    hash: null,
    reason: 'signatures',
    at: 1,
  });

  it('M6: is header_rejected when every endpoint gave a next block that does not verify', () => {
    const faults = [fault('one', 10), fault('two', 10)];
    expect(decideAlert({ ...quiet, faults }, 1_000_000)).toBe('header_rejected');
  });

  it('is not, while one endpoint is silent or its fault is of an earlier block', () => {
    expect(decideAlert({ ...quiet, faults: [fault('one', 10)] }, 1_000_000)).toBeNull();
    const older = [fault('one', 10), fault('two', 9)];
    expect(decideAlert({ ...quiet, faults: older }, 1_000_000)).toBeNull();
  });

  it('is stale when no block came for long, and nothing while it is only slow', () => {
    expect(decideAlert(quiet, 1_100_000)).toBeNull();
    expect(decideAlert(quiet, 1_120_001)).toBe('stale');
  });

  it('M5: is log_disputed while votes contradict each other', () => {
    expect(decideAlert({ ...quiet, gapReasons: ['log_disputed'] }, 1_000_000)).toBe('log_disputed');
    expect(decideAlert({ ...quiet, gapReasons: ['quorum_missing'] }, 1_000_000)).toBeNull();
  });

  it('names gaps as ranges', () => {
    expect(toRanges([3, 4, 5, 9])).toEqual([
      { fromHeight: 3, toHeight: 5 },
      { fromHeight: 9, toHeight: 9 },
    ]);
  });
});
