/** Bounds of sponsored transactions and of the policies behind them. */
import type { Limit } from '../limits.ts';

export const LIMITS = {
  sponsoredContractsMax: {
    value: 50,
    unit: 'contracts',
    reason: 'of a policy: few applications call ten; each is a row somebody reads before approving',
  },
  sponsoredMethodsMax: {
    value: 32,
    unit: 'methods',
    reason: 'of one contract in a policy, more than most contracts have',
  },
  sponsoredMethodCharsMax: {
    value: 64,
    unit: 'characters',
    reason: 'with policy and contract it stays within the name of a counter of the book',
  },
  sponsoredCallsMax: {
    value: 8,
    unit: 'calls',
    reason: 'each counts against a contract and a method, and a command of the book has 32 budgets',
  },
  sponsoredArgsMax: {
    value: 64,
    unit: 'arguments',
    reason: 'of one call: no method of a known contract takes more',
  },
  sponsoredWindowMinutes: {
    value: 10,
    unit: 'minutes',
    reason: 'a person reads and signs in that time; the hold and the prices are not much older',
  },
  sponsoredWindowBlocksMin: {
    value: 30,
    unit: 'blocks',
    reason: 'signing, sending and a full pool need some blocks, however slow the network is',
  },
  sponsoredWindowBlocksMax: {
    value: 5_760,
    unit: 'blocks',
    reason: 'the longest window of the protocol, which fast networks would pass in ten minutes',
  },
  sponsoredOpenMax: {
    value: 1_000,
    unit: 'open sponsorships',
    reason: 'of a policy, as many transactions as one sponsor wallet sends at once',
  },
  sponsoredFaultsMax: {
    value: 10_000,
    unit: 'faults',
    reason: 'a day; whoever allows more has no budget of faults',
  },
  sponsoredEndUserCharsMax: {
    value: 200,
    unit: 'characters',
    reason: 'an id of the application for its own user, such as a mail address',
  },
  sponsoredOriginsMax: {
    value: 20,
    unit: 'origins',
    reason: 'of one publishable key: an application with its previews',
  },
} as const satisfies Record<string, Limit>;
