/** Bounds of transactions that are asked for over the API. */
import type { Limit } from '../../core/limits.ts';

export const LIMITS = {
  callsMax: { value: 16, unit: 'calls', reason: 'a script a person can still read before signing' },
  callArgsMax: { value: 64, unit: 'arguments', reason: 'no method of a known contract takes more' },
  methodCharsMax: { value: 128, unit: 'characters', reason: 'longer than any name in a manifest' },
  scriptBase64CharsMax: {
    value: 87_380,
    unit: 'characters',
    reason: 'the 65,535 bytes a script may have, as base64',
  },
  transactionBase64CharsMax: {
    value: 136_536,
    unit: 'characters',
    reason: 'the 102,400 bytes a transaction may have, as base64',
  },
  transactionsOpenMax: {
    value: 1_000,
    unit: 'open transactions',
    reason: 'of an account, as many as one of its senders takes',
  },
  transactionWindowBlocksDefault: {
    value: 60,
    unit: 'blocks',
    reason: 'a quarter of an hour on the main network: time for a full pool to drain',
  },
  disputeReasonCharsMax: {
    value: 500,
    unit: 'characters',
    reason: 'a paragraph, which stays in the audit log',
  },
  multisigWindowBlocksDefault: {
    value: 2_880,
    unit: 'blocks',
    reason: 'half of what the protocol allows; members sign over hours',
  },
  multisigCheckMinutes: {
    value: 5,
    unit: 'minutes',
    reason:
      'how often a proposal is held against the height of the chain, to end with its last block',
  },
  signatureCharsMax: { value: 128, unit: 'characters', reason: '64 bytes in hexadecimal digits' },
  transactionFeeMarginPercent: {
    value: 10,
    unit: 'percent',
    reason: 'over what a simulation took, for state that moves until it is sent',
  },
  proposalMinutesDefault: {
    value: 1_440,
    unit: 'minutes',
    reason: 'approvers in every time zone see it once in their day',
  },
  handOverSeconds: {
    value: 60,
    unit: 'seconds',
    reason: 'who hands a transaction over has so long; then the sweep does it again',
  },
  handOverMinutesMax: {
    value: 60,
    unit: 'minutes',
    reason: 'a sender that took nothing for so long; nothing was signed, so it ends',
  },
  senderCheckMinutes: {
    value: 5,
    unit: 'minutes',
    reason: 'how often a transaction under way is compared with its sender, should events be lost',
  },
  transactionKeepDays: {
    value: 400,
    unit: 'days',
    reason: 'of one that ended: a business year and its audit; the chain has it for ever',
  },
  transactionSweepRowsMax: {
    value: 100,
    unit: 'transactions',
    reason: 'a sweep is over in seconds; the next one does the rest',
  },
} as const satisfies Record<string, Limit>;
