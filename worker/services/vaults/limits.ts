/** Bounds of vaults, of the platform's wallets, and of booking the chain. */
import type { Limit } from '../../core/limits.ts';

export const LIMITS = {
  platformWalletsMax: {
    value: 100,
    unit: 'wallets',
    reason: 'of one network, retired ones included: each is looked at for every transfer of GAS',
  },
  fundingAddressesMax: {
    value: 20,
    unit: 'addresses',
    reason: 'that an operator sends GAS to wallets of the platform from',
  },
  feedPagesMax: {
    value: 20,
    unit: 'pages',
    reason: 'of 500 events in one run, some ten blocks that are full; the next run goes on',
  },
  depositCheckSeconds: {
    value: 60,
    unit: 'seconds',
    reason: 'until it is first looked at whether the book of the account took a deposit',
  },
  depositCheckHoursMax: {
    value: 72,
    unit: 'hours',
    reason: 'after which nobody looks any more; a book answers within seconds',
  },
  depositChecksPerSweep: {
    value: 50,
    unit: 'deposits',
    reason: 'looked at in one sweep; at one a second all of an hour are done in 72 sweeps',
  },
  depositReasonCharsMax: {
    value: 300,
    unit: 'characters',
    reason: 'of an operator, a sentence or two',
  },
} as const satisfies Record<string, Limit>;
