/** Bounds of wallets on a Neo network. */
import type { Limit } from '../../core/limits.ts';

export const LIMITS = {
  chainWalletLabelCharsMax: { value: 128, unit: 'characters', reason: 'one line of a terminal' },
  keyExportSignInMinutes: {
    value: 10,
    unit: 'minutes',
    reason: 'whoever exports a key has just held the wallet that signed in; a stolen token has not',
  },
} as const satisfies Record<string, Limit>;
