/** What several operations of vaults answer. */
import * as z from 'zod';
import { networkIdSchema } from '../../core/neo/network-settings.ts';
import { gasAmount, gasAmountOrZero, gasSum } from '../../http/gas-schemas.ts';
import { accountIdSchema, exampleId, idSchema, timestampSchema } from '../../http/schemas.ts';
import { DEPOSIT_STATUSES, PLATFORM_PURPOSES } from './tables.ts';

export const NETWORK = 'neo3:private';
export const TIME = '2026-11-01T09:00:00.000Z';
export const VAULT = '0x8c7b2a1f0e9d8c7b6a5f4e3d2c1b0a9f8e7d6c5b';

export const networkField = networkIdSchema.meta({
  description: 'CAIP-2 id of the network.',
  example: NETWORK,
});
export const platformWalletIdSchema = idSchema('platformWallet', 'The wallet of the platform.');
export const gasAccountIdSchema = idSchema('gasAccount', 'The gas account.');
export const depositIdSchema = idSchema('deposit', 'The deposit.');
export const addressField = (description: string) =>
  z
    .string()
    .max(64)
    .meta({ description: `${description} An address, or \`0x\` and 40 digits.` });

const heightField = (description: string) => z.int().min(0).nullable().meta({ description });

export const refillRuleSchema = z
  .strictObject({
    below: gasAmount('Refilled from the vault when it has less.'),
    upTo: gasAmount('To how much.'),
  })
  .meta({ id: 'RefillRule' });

export const platformWalletSchema = z
  .strictObject({
    id: platformWalletIdSchema,
    network: networkField,
    networkMagic: z.int().meta({ description: 'What its signatures are bound to.' }),
    purpose: z.enum(PLATFORM_PURPOSES).meta({
      description:
        '`operator` pays what the vault releases; `sponsor` pays fees of others’ transactions; ' +
        '`anchor` writes the root of each proof on the chain. Its key signs nothing else.',
    }),
    address: z.string(),
    scriptHash: z.string(),
    publicKey: z.string().meta({ description: 'Compressed, 66 hexadecimal digits.' }),
    status: z.enum(['active', 'retired']),
    refillRule: refillRuleSchema.nullable(),
    watchedHeight: heightField('It is booked from the next block on; null until then.'),
    createdAt: timestampSchema('When it was made.'),
    updatedAt: timestampSchema('When it was last changed.'),
    retiredAt: timestampSchema('When it was retired.').nullable(),
  })
  .meta({ id: 'PlatformWallet' });

export const platformWalletExample = {
  id: exampleId('platformWallet'),
  network: NETWORK,
  networkMagic: 56_753,
  purpose: 'sponsor',
  address: 'NPTmAHDxo6Pkyic8Nvu3kwyXoYJCvcCB6i',
  scriptHash: '0xa7cbfee3f01f89d58c042644b0b6df2d59a6eb26',
  publicKey: '02a7834be9b32e2981d157cb5bbd3acb42cfd11ea5c3b10224d7a44e98c5910f1b',
  status: 'active',
  refillRule: { below: '5', upTo: '20' },
  watchedHeight: 4_211,
  createdAt: TIME,
  updatedAt: TIME,
  retiredAt: null,
} as const;

const vaultFields = {
  network: networkField,
  networkMagic: z.int(),
  contract: z.string().meta({ description: 'Script hash of the vault.' }),
  address: z.string().meta({ description: 'The same as an address.' }),
  operatorWalletId: platformWalletIdSchema,
  minimumDeposit: gasAmountOrZero('The least that the contract takes.'),
  funding: z.array(z.string()).meta({
    description: 'Addresses whose GAS to a wallet of the platform is the operator’s own.',
  }),
  watchedHeight: heightField('It is booked from the next block on; null until then.'),
  bookedHeight: heightField('All of the chain up to this block is in the book of the platform.'),
  createdAt: timestampSchema('When it was registered.'),
  updatedAt: timestampSchema('When this row last changed.'),
} as const;

export const vaultSchema = z.strictObject(vaultFields).meta({ id: 'Vault' });

export const vaultStateSchema = z
  .strictObject({
    ...vaultFields,
    followedHeight: heightField('Up to which the chain was read; null while it is not followed.'),
    pendingEvents: z.int().min(0).nullable().meta({ description: 'That wait to be booked.' }),
    chain: z
      .strictObject({
        isPaused: z.boolean(),
        releaseCap: gasSum('The most it releases a UTC day.'),
        releasedToday: gasSum('Of that cap.'),
        refillCap: gasSum('The most it refills sponsors with a UTC day.'),
        refilledToday: gasSum('Of that cap.'),
        balance: gasSum('What lies on it.'),
      })
      .nullable()
      .meta({ description: 'As one node has it now; null while none answers.' }),
    book: z
      .strictObject({
        vault: gasSum('On the vault, as far as it is booked.'),
        equity: gasSum('The operator’s own, beside what customers have spent.'),
        clearing: gasSum('Withdrawals between the chain and the books of accounts.'),
        deposits: gasSum('Deposits on their way to books of accounts.'),
      })
      .meta({ description: 'In the book of the platform.' }),
  })
  .meta({ id: 'VaultState' });

export const vaultExample = {
  network: NETWORK,
  networkMagic: 56_753,
  contract: VAULT,
  address: 'NUVaphUShQPD82yoXcbvFkedjHX6rUF7QQ',
  operatorWalletId: platformWalletExample.id,
  minimumDeposit: '0.1',
  funding: ['NfgHwwTi3wHAS8aFAN243C5vGbkYDpqLHP'],
  watchedHeight: 4_210,
  bookedHeight: 4_305,
  createdAt: TIME,
  updatedAt: TIME,
} as const;

const depositFields = {
  id: depositIdSchema,
  network: networkField,
  networkMagic: z.int(),
  gasAccountId: gasAccountIdSchema.nullable(),
  amount: gasAmount('What came.'),
  from: z.string().nullable().meta({ description: 'The address that paid; null for a mint.' }),
  transactionHash: z.string().nullable(),
  blockIndex: z.int().min(0),
  status: z.enum(DEPOSIT_STATUSES).meta({
    description:
      '`credited`: to the gas account that its data named. `suspense`: to nobody yet; an operator ' +
      'assigns it or returns it.',
  }),
  reason: z.string().nullable().meta({
    description: 'Why it lies in suspense, or the operator’s reason for what became of it.',
  }),
  createdAt: timestampSchema('When it was booked.'),
  updatedAt: timestampSchema('When it last changed.'),
} as const;

export const depositSchema = z.strictObject(depositFields).meta({ id: 'GasDeposit' });

/** What operators see of it. */
export const platformDepositSchema = z
  .strictObject({
    ...depositFields,
    accountId: accountIdSchema.nullable(),
    to: z.string().meta({ description: 'The address of ours that it came to.' }),
    chainKey: z.string().meta({ description: 'Its id in every book.' }),
  })
  .meta({ id: 'PlatformDeposit' });

export const depositExample = {
  id: exampleId('deposit'),
  network: NETWORK,
  networkMagic: 56_753,
  gasAccountId: exampleId('gasAccount'),
  amount: '2.5',
  from: 'NfgHwwTi3wHAS8aFAN243C5vGbkYDpqLHP',
  transactionHash: `0x${'4e'.repeat(32)}`,
  blockIndex: 4_290,
  status: 'credited',
  reason: null,
  createdAt: TIME,
  updatedAt: TIME,
} as const;

export const suspenseExample = {
  ...depositExample,
  gasAccountId: null,
  status: 'suspense',
  reason: 'account_unknown',
  accountId: null,
  to: 'NUVaphUShQPD82yoXcbvFkedjHX6rUF7QQ',
  chainKey: `56753:0x${'4e'.repeat(32)}:0`,
} as const;
