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
  endedSessionDays: {
    value: 30,
    unit: 'days',
    reason: 'how long the list still shows where a wallet was signed in',
  },
  signInChallengesMax: {
    value: 50_000,
    unit: 'challenges',
    reason: 'open at once, all callers together: 160 sign-ins a second, and 50 MB at the most',
  },
  walletChallengesMax: {
    value: 20,
    unit: 'challenges',
    reason: 'open at once for one wallet of an account, of those its own credentials ask for',
  },
  accountOpeningsPerHour: {
    value: 10,
    unit: 'accounts',
    reason: 'opened by wallets from one address; an office of people who try it on one day',
  },
  signInOriginsMax: { value: 32, unit: 'origins', reason: 'dashboards of one deployment' },
} as const satisfies Record<string, Limit>;
