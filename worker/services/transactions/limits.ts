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
} as const satisfies Record<string, Limit>;
