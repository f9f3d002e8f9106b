/** Bounds of messages that wallets sign. */
import type { Limit } from '../../limits.ts';

export const LIMITS = {
  messageBytesMax: {
    value: 16_384,
    unit: 'bytes',
    reason: 'more than a person reads on the screen of a wallet',
  },
  domainCharsMax: { value: 259, unit: 'characters', reason: 'a DNS name of 253, and a port' },
  uriCharsMax: { value: 1_280, unit: 'characters', reason: 'shown by wallets in full' },
  statementCharsMax: {
    value: 1_280,
    unit: 'characters',
    reason: 'an approval that names three calls with their amounts and receivers in full',
  },
  signInTextCharsMax: {
    value: 3_328,
    unit: 'characters',
    reason: 'all its fields at their longest',
  },
  challengeNetworksMax: { value: 8, unit: 'networks', reason: 'as many as a deployment serves' },
  challengeSecondsMax: {
    value: 300,
    unit: 'seconds',
    reason: 'NEP-20: a nonce lives five minutes',
  },
  clockSkewSecondsMax: {
    value: 300,
    unit: 'seconds',
    reason: 'phones are off by minutes; replay is stopped by the nonce, not by their clock',
  },
} as const satisfies Record<string, Limit>;
