/** Bounds of wallet sign-in and sessions. */
import type { Limit } from '../limits.ts';

export const LIMITS = {
  challengeMinutes: {
    value: 5,
    unit: 'minutes',
    reason: 'NEP-20 calls an older challenge expired; long enough to read and sign',
  },
  accessTokenMinutes: {
    value: 15,
    unit: 'minutes',
    reason: 'what a stolen token is worth at most when nobody notices',
  },
  refreshTokenDays: {
    value: 30,
    unit: 'days',
    reason: 'a month without use, and the wallet signs in again',
  },
  sessionDays: {
    value: 90,
    unit: 'days',
    reason: 'however often it was refreshed, a session ends and the wallet is asked again',
  },
  sessionsPerAccountMax: {
    value: 100,
    unit: 'sessions',
    reason: 'forty people with a browser and a phone each; the oldest ends first',
  },
} as const satisfies Record<string, Limit>;
