/** Bounds of following a chain; `GET /limits` shows them. */
import type { Limit } from '../limits.ts';

export const LIMITS = {
  followerReadBlocksMax: {
    value: 100,
    unit: 'blocks',
    reason: 'one batch of a node, which takes 101 calls; of 1 s blocks a minute and a half',
  },
  followerReportBytesMax: {
    value: 4_194_304,
    unit: 'bytes',
    reason: 'a quarter of an RPC message; a step ends with the block that passes it',
  },
  followerBlockBytesMax: {
    value: 12_582_912,
    unit: 'bytes',
    reason: 'of events of one block, which travel in one RPC message of 16 MiB; above it: a gap',
  },
  followerLeaseMs: {
    value: 60_000,
    unit: 'milliseconds',
    reason: 'a step of some calls at eight seconds each; what has not reported by then is dead',
  },
  followerPollMsMin: {
    value: 200,
    unit: 'milliseconds',
    reason: 'a third of the shortest block time in use on private networks',
  },
  followerPollMsMax: {
    value: 5_000,
    unit: 'milliseconds',
    reason: 'a third of a block of 15 seconds',
  },
  followerBackoffStartMs: { value: 500, unit: 'milliseconds', reason: 'the first wait, at most' },
  followerBackoffMaxMs: {
    value: 60_000,
    unit: 'milliseconds',
    reason: 'an endpoint that is well again is noticed within a minute',
  },
  followerAheadBlocksMax: {
    value: 1_000,
    unit: 'blocks',
    reason: 'read beyond an open gap, so that the rest is there when it closes; then reading waits',
  },
  followerFanOutRowsMax: {
    value: 5_000,
    unit: 'rows',
    reason: 'one turn of the object writes them in about 30 ms and comes again for the rest',
  },
  followerFanOutEvents: {
    value: 1_000,
    unit: 'events',
    reason: 'looked at in one turn, whoever wants them',
  },
  followerScanBlocks: {
    value: 1_000,
    unit: 'blocks',
    reason: 'of the index, looked through for one scan in one turn',
  },
  followerScanEvents: {
    value: 500,
    unit: 'events',
    reason: 'added for one scan in one turn: 20 scans write 10,000 rows in about 60 ms',
  },
  followerSweepEveryBlocks: {
    value: 100,
    unit: 'blocks',
    reason: 'what left the window is removed in pieces, not at every block',
  },
  followerDeliveriesPerTurn: {
    value: 20,
    unit: 'subscribers',
    reason: 'whose events are handed over in one turn',
  },
  followerDeliveryRetryMsStart: {
    value: 2_000,
    unit: 'milliseconds',
    reason:
      'the first wait for events handed over: a page is read, written and acknowledged in less',
  },
  followerDeliveryRetryMsMax: {
    value: 600_000,
    unit: 'milliseconds',
    reason: 'the longest wait between two hand-overs while nobody takes any',
  },
  followerAlarmRetryMs: {
    value: 10_000,
    unit: 'milliseconds',
    reason: 'set before the work of an alarm, in case that fails',
  },
  followerScansPerTurn: {
    value: 20,
    unit: 'scans',
    reason: 'catch-ups and re-scans that take a turn in one alarm',
  },
  followerContractsMax: {
    value: 2_000,
    unit: 'contracts',
    reason: 'their hashes go with each step that reads: 84 KB',
  },
  followerSubscriptionsMax: {
    value: 50_000,
    unit: 'subscriptions',
    reason: 'held in memory for matching: about 10 MB',
  },
  followerSubscriberSubscriptionsMax: {
    value: 1_000,
    unit: 'subscriptions',
    reason: 'one subscriber cannot take the room of all',
  },
  followerOutboxRowsMax: {
    value: 10_000,
    unit: 'events',
    reason: 'waiting for one subscriber; beyond it the subscriber lags and catches up by height',
  },
  followerOutboxRowsTotalMax: {
    value: 2_000_000,
    unit: 'events',
    reason: 'waiting for all subscribers together, about 600 MB of the 10 GB of an object',
  },
  followerPageEventsMax: { value: 500, unit: 'events', reason: 'as pages of the API' },
  followerPageBytesMax: {
    value: 4_194_304,
    unit: 'bytes',
    reason: 'a quarter of an RPC message; a page ends with the event that passes it',
  },
  followerIndexBlocks: {
    value: 100_000,
    unit: 'blocks',
    reason: 'more than a day of one-second blocks: who was away as long catches up without a node',
  },
  followerAnchorBlocks: {
    value: 500,
    unit: 'blocks',
    reason: 'older headers are kept at this distance, from which a re-scan verifies forward',
  },
  followerSweepRowsMax: {
    value: 500,
    unit: 'rows',
    reason: 'removed in one alarm; more than a step can add in blocks',
  },
  followerScansMax: {
    value: 8,
    unit: 'scans',
    reason: 're-scans of one subscriber that wait at once',
  },
  followerStaleMs: {
    value: 120_000,
    unit: 'milliseconds',
    reason: 'eight blocks of 15 seconds without a new one are an alert',
  },
  followerEventBytesMax: {
    value: 8_192,
    unit: 'bytes',
    reason: 'the VM lets a notification have 1,024; what is longer is no log of this chain',
  },
} as const satisfies Record<string, Limit>;
