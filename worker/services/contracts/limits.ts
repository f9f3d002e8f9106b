/** Bounds of registered contracts. */
import type { Limit } from '../../core/limits.ts';

export const LIMITS = {
  contractLabelCharsMax: { value: 128, unit: 'characters', reason: 'one line of a terminal' },
  contractNameKeptCharsMax: {
    value: 256,
    unit: 'characters',
    reason: 'a manifest may hold a name of 64 KiB; its author chooses it, and lists show hundreds',
  },
  contractStandardsKeptMax: {
    value: 32,
    unit: 'standards',
    reason: 'NEPs a contract can follow, twice over; a manifest may claim thousands',
  },
  contractStandardKeptCharsMax: {
    value: 32,
    unit: 'characters',
    reason: 'names such as NEP-17 and NEP-17-fork; longer ones are left out',
  },
  contractArgsMax: {
    value: 64,
    unit: 'arguments',
    reason: 'no method of a known contract takes more',
  },
  contractMethodCharsMax: {
    value: 128,
    unit: 'characters',
    reason: 'longer than any name in a manifest of a known contract',
  },
} as const satisfies Record<string, Limit>;
