/** Bounds of the senders of Neo transactions: one object for each sending wallet and network. */
import type { Limit } from '../limits.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

export const LIMITS = {
  senderOpenMax: {
    value: 1_000,
    unit: 'open intents',
    reason: 'about two full blocks of one wallet; beyond it callers should hear it at once',
  },
  senderIdsMax: {
    value: 10_000_000,
    unit: 'remembered ids',
    reason: 'an id means the same intent for the life of the wallet; 200 bytes each out of 10 GB',
  },
  senderEventsMax: {
    value: 10_000,
    unit: 'events',
    reason: 'an outbox that nobody empties stops new intents, never the verdicts of sent ones',
  },
  senderAttemptsMax: {
    value: 6,
    unit: 'attempts',
    reason: 'each names all before it, and signers and attributes share 16 places',
  },
  senderWindowBlocksMin: {
    value: 4,
    unit: 'blocks',
    reason: 'signing and a first broadcast take one or two',
  },
  senderWindowBlocksMax: {
    value: 240,
    unit: 'blocks',
    reason: 'an hour on the main network: what was not included dies soon and can be sent anew',
  },
  senderAdoptedBlocksMax: {
    value: 5_760,
    unit: 'blocks',
    reason:
      'of a transaction signed elsewhere: the longest window of the protocol, a day of blocks',
  },
  senderFeeMax: {
    value: 1_000_000_000_000,
    unit: 'datoshi',
    reason: '10,000 GAS, above any fee that is not a mistake',
  },
  senderGasSentMax: {
    value: 5_000_000_000_000_000,
    unit: 'datoshi',
    reason: '50 million GAS; with both fees exact in a number of SQLite',
  },
  senderTextCharsMax: {
    value: 500,
    unit: 'characters',
    reason: 'texts of nodes and operators are for people; longer is cut',
  },
  senderIntendedMaxMs: {
    value: 10 * MINUTE_MS,
    unit: 'milliseconds',
    reason: 'prices, balances and the wish itself are old by then; nothing was signed, so it ends',
  },
  senderUnreadableMaxMs: {
    value: 60 * MINUTE_MS,
    unit: 'milliseconds',
    reason: 'beyond twice its window; a chain or endpoints unreadable for so long need a person',
  },
  senderLeaseMs: {
    value: 30_000,
    unit: 'milliseconds',
    reason: 'some reads of 8 s in a row; who has not reported by then is dead',
  },
  senderLeasesMax: {
    value: 16,
    unit: 'steps',
    reason: 'of one wallet in flight at once; their transactions fit one RPC message',
  },
  senderRetryMsStart: {
    value: 1_000,
    unit: 'milliseconds',
    reason: 'the first wait after a step that brought nothing',
  },
  senderRetryMsMax: {
    value: 30_000,
    unit: 'milliseconds',
    reason: 'two blocks of the main network',
  },
  senderDeliveryRetryMsStart: {
    value: 10_000,
    unit: 'milliseconds',
    reason: 'the first wait for events handed over; some writes to D1 have ended by then, or died',
  },
  senderDeliveryRetryMsMax: {
    value: 10 * MINUTE_MS,
    unit: 'milliseconds',
    reason: 'the longest wait between two deliveries while D1 takes none',
  },
  senderDeliveryEventsMax: {
    value: 50,
    unit: 'events',
    reason: 'of one delivery: a D1 batch for each, and a Worker calls out at most 1,000 times',
  },
  senderSpentKeepDays: {
    value: 7,
    unit: 'days',
    reason: 'only today is asked; the others are for people, and for a clock that steps back',
  },
  senderCadenceMsMin: {
    value: 500,
    unit: 'milliseconds',
    reason: 'private networks with blocks of a second are not polled faster than that',
  },
  senderCadenceMsMax: {
    value: 15_000,
    unit: 'milliseconds',
    reason: 'one block of the main network, so that slow networks are not heard of late',
  },
  senderRebroadcastBlocks: {
    value: 5,
    unit: 'blocks',
    reason: 'a node that was cut off sends its pool again only after so many',
  },
  senderSweepRowsMax: {
    value: 50,
    unit: 'rows',
    reason: 'an alarm is over in milliseconds and comes again for the rest',
  },
  senderIdleAlarmMs: {
    value: 1_000,
    unit: 'milliseconds',
    reason: 'an alarm that found nothing to do never asks to be called again at once',
  },
  senderAlarmRetryMs: {
    value: 30_000,
    unit: 'milliseconds',
    reason: 'set before the work of an alarm, in case that fails',
  },
  senderEndedMax: {
    value: 100_000,
    unit: 'ended intents',
    reason:
      'rows without their bytes, about 100 MB; a wallet that sends one in a minute for 90 days',
  },
  senderEndedKeepMs: {
    value: 90 * DAY_MS,
    unit: 'milliseconds',
    reason: 'a quarter to read transactions with their evidence; ids are remembered for ever',
  },
} as const satisfies Record<string, Limit>;
