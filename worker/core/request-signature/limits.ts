/** Bounds of signed requests. */
import type { Limit } from '../limits.ts';

export const LIMITS = {
  requestSignatureSeconds: {
    value: 300,
    unit: 'seconds',
    reason: 'from `created` on: long enough for a slow upload, short enough to keep every nonce',
  },
  requestSignatureSkewSeconds: {
    value: 30,
    unit: 'seconds',
    reason: 'how far ahead of ours the clock of a signer may be',
  },
  requestNonceCharsMin: {
    value: 22,
    unit: 'characters',
    reason: 'of base64url: 16 random bytes, which nobody draws twice',
  },
  requestNonceCharsMax: {
    value: 64,
    unit: 'characters',
    reason: 'a SHA-256 in hexadecimal digits; the nonce is kept',
  },
  requestNonceKeepSeconds: {
    value: 660,
    unit: 'seconds',
    reason: 'twice the time in which a signature can be accepted, for clocks that differ',
  },
  requestSignatureFieldCharsMax: {
    value: 1024,
    unit: 'characters',
    reason: 'twice the longest field of the profile; no more is given to a parser',
  },
} as const satisfies Record<string, Limit>;
