/** Bounds of API keys. */
import type { Limit } from '../../core/limits.ts';

export const LIMITS = {
  keyNameCharsMax: { value: 128, unit: 'characters', reason: 'one line of a terminal' },
  keyLifetimeDaysMax: {
    value: 3650,
    unit: 'days',
    reason: 'a typing error of a century is refused; absent means no expiry',
  },
  keyRotationOverlapHoursMax: {
    value: 720,
    unit: 'hours',
    reason: 'a month is enough to redeploy everything that holds the old key',
  },
} as const satisfies Record<string, Limit>;
