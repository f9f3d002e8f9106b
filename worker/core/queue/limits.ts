/** Bounds of the durable work queue; `GET /limits` shows them and `kinds.ts` is made from them. */
import type { Limit } from '../limits.ts';

const DAY_MS = 86_400_000;

export const LIMITS = {
  queueBacklogMax: {
    value: 10_000,
    unit: 'open items',
    reason: 'an hour of work at the usual pace; beyond it callers should hear it at once',
  },
  queueBacklogBytesMax: {
    value: 268_435_456,
    unit: 'bytes',
    reason: 'keeps open payloads far below the 10 GB of an object',
  },
  queueEnqueueItemsMax: { value: 100, unit: 'items', reason: 'the most inputs of one call' },
  queuePayloadBytesMax: {
    value: 917_504,
    unit: 'bytes',
    reason: 'a row with its other columns stays under 1 MiB, a full batch under one RPC message',
  },
  queueEnqueueBytesMax: {
    value: 8_388_608,
    unit: 'bytes',
    reason: 'half of what one RPC message of ours may carry',
  },
  queueLeasedDefault: {
    value: 8,
    unit: 'items',
    reason: 'one account cannot take all slots of an isolate; a batch stays under 16 MiB',
  },
  queueLeasedMax: { value: 32, unit: 'items', reason: 'Worker invocations one request may start' },
  queueBatchItemsMax: {
    value: 8,
    unit: 'items',
    reason: 'eight payloads of the largest size fit one RPC message',
  },
  queueSweepRowsMax: {
    value: 100,
    unit: 'rows',
    reason: 'an alarm is over in milliseconds and comes again for the rest',
  },
  queueAttemptsMax: { value: 5, unit: 'attempts', reason: 'about a minute of failing in a row' },
  queueDeathsMax: {
    value: 2,
    unit: 'dead runners',
    reason: 'once may be the runner, twice is the item',
  },
  queueBackoffStartMs: { value: 1_000, unit: 'milliseconds', reason: 'the first wait, at most' },
  queueBackoffMaxMs: { value: 300_000, unit: 'milliseconds', reason: 'five minutes at most' },
  queueReleasePauseMs: {
    value: 5_000,
    unit: 'milliseconds',
    reason: 'a runner without a free slot has one again within seconds',
  },
  queueRunLeaseMs: {
    value: 60_000,
    unit: 'milliseconds',
    reason: 'a batch waits for slots before its items start',
  },
  queueRunWatchdogMs: {
    value: 120_000,
    unit: 'milliseconds',
    reason: 'four times the longest run; what has not reported by then is dead',
  },
  queueRunMaxAgeMs: { value: DAY_MS, unit: 'milliseconds', reason: 'a run later is a surprise' },
  queueActionsWatchdogMs: {
    value: 300_000,
    unit: 'milliseconds',
    reason: '100 actions at three seconds each',
  },
  queueActionsMaxAgeMs: {
    value: 7 * DAY_MS,
    unit: 'milliseconds',
    reason: 'effects of code that ended are owed for longer than a run is wanted',
  },
  queueEndedKeepMs: {
    value: DAY_MS,
    unit: 'milliseconds',
    reason: 'as long as idempotency keys: within it an id means the same item',
  },
  queueEndedMax: { value: 10_000, unit: 'items', reason: 'rows without payload, about 2 MB' },
  queueDeadKeepMs: { value: 30 * DAY_MS, unit: 'milliseconds', reason: 'a month to look at them' },
  queueDeadMax: { value: 1_000, unit: 'items', reason: 'they keep their payload for a replay' },
  queueReasonCharsMax: { value: 200, unit: 'characters', reason: 'a sentence; longer is cut' },
  queueWakeWriteMs: {
    value: 600_000,
    unit: 'milliseconds',
    reason: 'one projection write in ten minutes an account, however busy it is',
  },
  queueWakeGraceMs: {
    value: 300_000,
    unit: 'milliseconds',
    reason: 'an alarm may be minutes late in an outage; the sweep should find only lost ones',
  },
  queueIdleAlarmMs: {
    value: 1_000,
    unit: 'milliseconds',
    reason: 'an alarm that found nothing to do never asks to be called again at once',
  },
  queueAlarmRetryMs: {
    value: 30_000,
    unit: 'milliseconds',
    reason: 'set before the work of an alarm, in case that fails',
  },
} as const satisfies Record<string, Limit>;
