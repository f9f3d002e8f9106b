/**
 * Decisions of a follower at their very edges, each a small bug that no other test noticed when it
 * was planted: what a vote leaves out, a log that is a little too long or too short, the block at
 * which something begins.
 */
import { describe, expect, it } from 'vitest';
import { digestLogs } from '../../../worker/core/chain-follower/digest.ts';
import {
  type BlockLogs,
  extractEvents,
  type FollowedTransaction,
} from '../../../worker/core/chain-follower/extract.ts';
import {
  decideTurn,
  endLease,
  isCurrent,
  leaseLane,
  NEW_LANE,
  nextTurnAt,
} from '../../../worker/core/chain-follower/lanes.ts';
import { LIMITS } from '../../../worker/core/chain-follower/limits.ts';
import { SubscriptionIndex } from '../../../worker/core/chain-follower/matching.ts';
import {
  countContiguous,
  isBefore,
  wholeBlockAfter,
} from '../../../worker/core/chain-follower/position.ts';
import {
  type AlertFacts,
  decideAlert,
  toRanges,
} from '../../../worker/core/chain-follower/status.ts';
import {
  decideSubscribe,
  type SubscribeFacts,
} from '../../../worker/core/chain-follower/subscribe.ts';
import type { ApplicationLog } from '../../../worker/core/neo/vm/application-log.ts';
import type { Notification } from '../../../worker/core/neo/vm/notification.ts';
import { CONSENSUS, execution, GAS, hashOf, MAGIC, scriptHashOf, transfer } from './model-chain.ts';

const payer = scriptHashOf('payer');
const shop = scriptHashOf('shop');
const block = hashOf('block');
const one = hashOf('one');

const sold: Notification = {
  contract: shop,
  eventName: 'Sold',
  state: [{ type: 'Integer', value: 1n }],
};
const logOf = (container: typeof one, notifications: readonly Notification[]): ApplicationLog => ({
  kind: 'transaction',
  container,
  executions: [execution('Application', notifications)],
});
const burn = transfer(payer, null, 30n);

const logsOf = (onPersist: readonly Notification[], more: Partial<BlockLogs> = {}): BlockLogs => ({
  block: {
    kind: 'block',
    container: block,
    executions: [execution('OnPersist', onPersist), execution('PostPersist', [])],
  },
  transactions: [logOf(one, [sold])],
  ...more,
});

const paying: FollowedTransaction = {
  hash: one,
  sender: payer,
  systemFeeDatoshi: 10n,
  networkFeeDatoshi: 20n,
};

const extract = (
  logs: BlockLogs,
  transactions: readonly FollowedTransaction[] = [paying],
  isContradicted = false,
) =>
  extractEvents({ height: 7, hash: block, timeMs: 1_700_000_007_000, transactions }, logs, {
    magic: MAGIC,
    isContradicted,
    contracts: null,
  });
const idsOf = (extracted: ReturnType<typeof extract>) =>
  extracted.ok ? extracted.events.map(({ id }) => id.slice(String(MAGIC).length + 1)) : extracted;

describe('a vote on logs', () => {
  const said = logsOf([burn]);
  it.each<[string, BlockLogs]>([
    [
      'the name of an event',
      logsOf([burn], { transactions: [logOf(one, [{ ...sold, eventName: 'Sold2' }])] }),
    ],
    [
      'the contract of an event',
      logsOf([burn], { transactions: [logOf(one, [{ ...sold, contract: GAS }])] }),
    ],
    [
      'the values of an event',
      logsOf([burn], { transactions: [logOf(one, [{ ...sold, state: [] }])] }),
    ],
    [
      'values that could not be printed',
      logsOf([burn], { transactions: [logOf(one, [{ ...sold, state: null }])] }),
    ],
    [
      'the transaction it was raised in',
      logsOf([burn], { transactions: [logOf(hashOf('two'), [sold])] }),
    ],
    [
      'the part of the block it was raised in',
      {
        ...said,
        block: {
          ...said.block,
          executions: [execution('OnPersist', []), execution('PostPersist', [burn])],
        },
      },
    ],
    [
      'the order of its parts',
      {
        ...said,
        block: { ...said.block, executions: said.block.executions.toReversed() },
      },
    ],
  ])('is another for another answer about %s', (_what, other) => {
    expect(digestLogs(other)).not.toBe(digestLogs(said));
  });

  it('tells OnPersist from PostPersist where both raised the same', () => {
    const parts = (triggers: readonly ['OnPersist' | 'PostPersist', 'OnPersist' | 'PostPersist']) =>
      digestLogs({
        ...said,
        block: { ...said.block, executions: triggers.map((trigger) => execution(trigger, [burn])) },
      });
    expect(parts(['OnPersist', 'PostPersist'])).not.toBe(parts(['PostPersist', 'OnPersist']));
  });
});

describe('a log is refused whole', () => {
  it('that has a transaction more than its block', () => {
    const transactions = [logOf(one, [sold]), logOf(hashOf('two'), [sold])];
    expect(extract(logsOf([burn], { transactions }))).toEqual({
      ok: false,
      fault: 'log_incomplete',
    });
  });

  it('that has no execution of a transaction', () => {
    const transactions = [{ ...logOf(one, []), executions: [] }];
    expect(extract(logsOf([burn], { transactions }))).toEqual({
      ok: false,
      fault: 'log_incomplete',
    });
  });

  it('that has one part of its block', () => {
    const { block: own, ...rest } = logsOf([burn]);
    const executions = own.executions.slice(0, 1);
    expect(extract({ ...rest, block: { ...own, executions } })).toEqual({
      ok: false,
      fault: 'log_incomplete',
    });
  });
});

describe('M10: the burn of fees', () => {
  const free: FollowedTransaction = { ...paying, systemFeeDatoshi: 0n, networkFeeDatoshi: 0n };

  it('is not looked for where nothing was paid', () => {
    expect(idsOf(extract(logsOf([]), [free]))).toEqual([`${one}:0`]);
  });

  it('is none when nothing was burned', () => {
    const nothing = transfer(payer, null, 0n);
    expect(idsOf(extract(logsOf([nothing, burn])))).toEqual([
      `${block}:OnPersist:0`,
      `${one}:fee`,
      `${one}:0`,
    ]);
  });

  it('is of GAS, not of a token that burns as much of itself', () => {
    const token = { ...burn, contract: shop };
    expect(idsOf(extract(logsOf([token, burn])))).toEqual([
      `${block}:OnPersist:0`,
      `${one}:fee`,
      `${one}:0`,
    ]);
    expect(extract(logsOf([token]))).toEqual({ ok: false, fault: 'fee_burns_differ' });
  });
});

describe('an event', () => {
  it('M5: says that an endpoint contradicted, and when its block was made', () => {
    const extracted = extract(logsOf([burn]), [paying], true);
    expect(extracted.ok && extracted.events).toMatchObject([
      { isContradicted: true, blockTimeMs: 1_700_000_007_000, blockHash: block },
      { isContradicted: true, blockTimeMs: 1_700_000_007_000, blockHash: block },
    ]);
    const agreed = extract(logsOf([burn]));
    expect(agreed.ok && agreed.events.some(({ isContradicted }) => isContradicted)).toBe(false);
  });
});

describe('a lane', () => {
  const moment = (random: number) => ({ now: 1_000, random, idleMs: 300 });
  const waitOf = (failures: number, random: number) =>
    endLease({ ...NEW_LANE, failures }, 'failed', moment(random)).nextAt - 1_000;
  const start = LIMITS.followerBackoffStartMs.value;

  it('waits for a half to the whole of its pause, which doubles from the second failure on', () => {
    expect([waitOf(0, 0), waitOf(0, 1)]).toEqual([start / 2, start]);
    expect([waitOf(1, 0), waitOf(1, 1)]).toEqual([start, 2 * start]);
  });

  it('is leased at the moment its wait or its dead lease ends', () => {
    expect(decideTurn({ ...NEW_LANE, nextAt: 5 }, 5)).toBe('lease');
    expect(decideTurn({ ...NEW_LANE, leaseUntil: 5, nextAt: 9 }, 5)).toBe('lease');
    expect(nextTurnAt({ ...NEW_LANE, leaseUntil: 5, nextAt: 3 })).toBe(5);
    expect(nextTurnAt({ ...NEW_LANE, nextAt: 3 })).toBe(3);
  });

  it('takes one report of a lease', () => {
    const leased = leaseLane(NEW_LANE, 1_000);
    expect(isCurrent(leased, leased.leaseNumber)).toBe(true);
    const ended = endLease(leased, 'more', moment(0));
    expect(isCurrent(ended, leased.leaseNumber)).toBe(false);
  });
});

describe('an index of subscriptions', () => {
  const sale = { height: 50, contract: shop, eventName: 'Sold' };
  const wish = (subscriberId: string, eventName: string | null, fromHeight: number) => ({
    subscriberId,
    contract: shop,
    eventName,
    fromHeight,
  });

  it('matches by name who wants all events only later', () => {
    const index = new SubscriptionIndex();
    index.add(wish('a', null, 100));
    index.add(wish('a', 'Sold', 0));
    expect(index.match(sale)).toEqual(['a']);
    expect(index.match({ ...sale, height: 100 })).toEqual(['a']);
  });

  it('begins with the block it is told to begin with', () => {
    const index = new SubscriptionIndex();
    index.add(wish('all', null, 50));
    index.add(wish('named', 'Sold', 50));
    expect(index.match(sale)).toEqual(['all', 'named']);
    expect(index.match({ ...sale, height: 49 })).toEqual([]);
  });

  it('keeps the others when one leaves', () => {
    const index = new SubscriptionIndex();
    for (const [id, name] of [
      ['named', 'Sold'],
      ['other', 'Sold'],
      ['all', null],
    ] as const)
      index.add(wish(id, name, 0));
    index.remove(wish('all', null, 0));
    expect(index.match(sale)).toEqual(['named', 'other']);
    index.remove(wish('other', 'Sold', 0));
    expect(index.match(sale)).toEqual(['named']);
    expect(index.size).toBe(1);
    index.remove(wish('nobody', 'Sold', 0));
    index.add(wish('named', 'Sold', 60));
    expect(index.size).toBe(1);
    expect(index.match(sale)).toEqual([]);
  });
});

describe('a place in the chain', () => {
  it('is not before itself, and has its whole block after it only at its beginning', () => {
    const place = { height: 7, ordinal: 3 };
    expect(isBefore(place, place)).toBe(false);
    expect(isBefore(place, { height: 7, ordinal: 4 })).toBe(true);
    expect(isBefore(place, { height: 8, ordinal: 0 })).toBe(true);
    expect(isBefore({ height: 8, ordinal: 0 }, place)).toBe(false);
    expect([wholeBlockAfter(place), wholeBlockAfter({ height: 7, ordinal: 0 })]).toEqual([8, 7]);
  });
});

describe('a chain of headers', () => {
  const header = (height: number, previous: string) => ({
    height,
    hash: hashOf(String(height)),
    previousHash: hashOf(previous),
  });

  it('has no block under the height of another, though it names the right one before it', () => {
    const position = { height: 1, hash: hashOf('1'), nextConsensus: CONSENSUS };
    expect(countContiguous(position, [header(2, '1'), header(3, '2')])).toBe(2);
    expect(countContiguous(position, [header(3, '1')])).toBe(0);
    expect(countContiguous(position, [header(2, '1'), header(4, '2')])).toBe(1);
  });
});

describe('the alert', () => {
  const quiet: AlertFacts = {
    verified: { height: 9, hash: hashOf('nine'), nextConsensus: CONSENSUS },
    endpoints: ['one', 'two'],
    faults: [],
    gapReasons: [],
    progressAtMs: 0,
    msPerBlock: 1_000,
  };
  const rejecting = (endpoint: string, height: number) => ({
    endpoint,
    height,
    hash: null,
    reason: 'signatures',
    at: 0,
  });

  it('of a chain that stands comes after eight of its blocks, and never too soon', () => {
    const { value: least } = LIMITS.followerStaleMs;
    expect(decideAlert(quiet, least)).toBeNull();
    expect(decideAlert(quiet, least + 1)).toBe('stale');
    const slow = { ...quiet, msPerBlock: least };
    expect(decideAlert(slow, 8 * least)).toBeNull();
    expect(decideAlert(slow, 8 * least + 1)).toBe('stale');
  });

  it('is the gravest of several', () => {
    const gapReasons = ['events_too_many', 'log_refused', 'log_disputed'] as const;
    const faults = [rejecting('one', 10), rejecting('two', 10)];
    expect(decideAlert({ ...quiet, gapReasons, faults }, 0)).toBe('header_rejected');
    expect(decideAlert({ ...quiet, gapReasons }, 0)).toBe('log_disputed');
    expect(decideAlert({ ...quiet, gapReasons: gapReasons.slice(0, 2) }, 0)).toBe('log_refused');
    expect(decideAlert({ ...quiet, gapReasons: gapReasons.slice(0, 1) }, 0)).toBe(
      'events_too_many',
    );
    expect(decideAlert({ ...quiet, gapReasons: ['quorum_missing'] }, 0)).toBeNull();
  });

  it('of a halt needs the word of every endpoint about the very next block', () => {
    const of = (...faults: ReturnType<typeof rejecting>[]) => decideAlert({ ...quiet, faults }, 0);
    expect(of(rejecting('one', 10))).toBeNull();
    expect(of(rejecting('one', 10), rejecting('two', 9))).toBeNull();
    expect(of(rejecting('one', 10), rejecting('two', 11))).toBeNull();
    expect(of(rejecting('one', 10), rejecting('two', 10))).toBe('header_rejected');
    expect(decideAlert({ ...quiet, endpoints: [] }, 0)).toBeNull();
  });

  it('shows ranges that end where a height is missing', () => {
    expect(toRanges([3, 4, 6, 8, 9])).toEqual([
      { fromHeight: 3, toHeight: 4 },
      { fromHeight: 6, toHeight: 6 },
      { fromHeight: 8, toHeight: 9 },
    ]);
  });
});

describe('a subscription', () => {
  const facts: SubscribeFacts = {
    fromHeight: null,
    checkpointHeight: 10,
    cursor: { height: 100, ordinal: 0 },
    indexedFrom: 50,
    subscriber: null,
  };
  const live = { state: 'live' } as const;
  const planOf = (change: Partial<SubscribeFacts>) => {
    const plan = decideSubscribe({ ...facts, ...change });
    return plan.ok ? plan.value : plan.failure;
  };

  it('from the block the stream stands at is live at once', () => {
    expect(planOf({ fromHeight: 100 })).toEqual({ liveFrom: 100, rescan: null, catchUpFrom: null });
    expect(planOf({ fromHeight: 100, subscriber: live })).toEqual({
      liveFrom: 100,
      rescan: null,
      catchUpFrom: null,
    });
    expect(planOf({ fromHeight: 99 })).toMatchObject({ catchUpFrom: 99 });
  });

  it('begins right above the checkpoint at the earliest, and says so', () => {
    expect(planOf({ fromHeight: 11 })).toMatchObject({ liveFrom: 11 });
    expect(planOf({ fromHeight: 10 })).toMatchObject({ limit: 11, observed: 10 });
    expect(planOf({ fromHeight: 101 })).toMatchObject({ limit: 100, observed: 101 });
  });
});
