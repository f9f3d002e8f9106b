/** Bounds of workspace wallets. */
import type { Limit } from '../../core/limits.ts';

export const LIMITS = {
  walletLabelCharsMax: { value: 128, unit: 'characters', reason: 'one line of a terminal' },
  walletAddressCharsMax: {
    value: 64,
    unit: 'characters',
    reason: 'the longest form has 42; the rest is room for an honest error message',
  },
  approvalHours: {
    value: 24,
    unit: 'hours',
    reason: 'members in every time zone see a request once in their day',
  },
  policyMembersMax: {
    value: 100,
    unit: 'wallets',
    reason: 'the default quota of wallets; few multi-signature sets use 20',
  },
} as const satisfies Record<string, Limit>;
