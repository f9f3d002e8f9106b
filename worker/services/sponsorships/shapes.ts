/** Parts that several operations of sponsorships have in common. */
import * as z from 'zod';
import { networkIdSchema } from '../../core/neo/network-settings.ts';
import { LIMITS as TRANSACTION_LIMITS } from '../../core/neo/transaction/limits.ts';
import { LIMITS as BOUNDS } from '../../core/sponsorships/limits.ts';
import { SPONSORSHIP_STATUSES } from '../../core/sponsorships/status.ts';
import { gasSum } from '../../http/gas-schemas.ts';
import { accountIdSchema, exampleId, idSchema, timestampSchema } from '../../http/schemas.ts';
import { sponsorshipTermsExample, sponsorshipTermsFields } from '../../http/sponsorship-schemas.ts';

const NETWORK = 'neo3:private';
export const ADDRESS = 'NPTmAHDxo6Pkyic8Nvu3kwyXoYJCvcCB6i';
const GAME = '0xa7cbfee3f01f89d58c042644b0b6df2d59a6eb26';
const TIME = '2026-11-01T09:00:00.000Z';
export const SCRIPT_CHARS_MAX = 4 * Math.ceil(TRANSACTION_LIMITS.scriptBytesMax.value / 3);

export const policyIdSchema = idSchema('sponsorshipPolicy', 'The policy that pays.');
const sponsorshipIdSchema = idSchema('sponsorship', 'The sponsorship.');
export const gasAccountIdSchema = idSchema('gasAccount', 'The gas account that pays.');
const chainWalletIdSchema = idSchema('wallet', 'The wallet on a Neo network.');

export const networkField = networkIdSchema.meta({
  description: 'CAIP-2 id of a network.',
  example: NETWORK,
});

export const params = z.strictObject({ accountId: accountIdSchema });
export const policyParams = z.strictObject({
  accountId: accountIdSchema,
  policyId: policyIdSchema,
});
export const sponsorshipParams = z.strictObject({
  accountId: accountIdSchema,
  sponsorshipId: sponsorshipIdSchema,
});

export const callSchema = z
  .strictObject({
    contract: z.string().max(64).meta({ description: '`0x` and 40 digits.', example: GAME }),
    method: z.string().min(1).max(BOUNDS.sponsoredMethodCharsMax.value),
    args: z
      .array(z.unknown())
      .max(BOUNDS.sponsoredArgsMax.value)
      .default([])
      .meta({ description: 'Contract parameters, `{"type", "value"}` as JSON-RPC has them.' }),
    flags: z
      .string()
      .max(64)
      .default('All')
      .meta({ description: 'Call flags, e.g. `ReadOnly` or `All`.' }),
    result: z
      .enum(['kept', 'asserted', 'dropped'])
      .default('kept')
      .meta({ description: 'What becomes of the answer; a transfer should be `asserted`.' }),
  })
  .meta({ id: 'SponsoredCall' });

export const callExample = {
  contract: GAME,
  method: 'play',
  args: [{ type: 'Integer', value: '7' }],
} as const;

export const policySchema = z
  .strictObject({
    id: policyIdSchema,
    network: networkField,
    networkMagic: z.int(),
    gasAccountId: gasAccountIdSchema,
    name: z.string(),
    status: z.enum(['active', 'suspended']).meta({
      description: '`suspended` by its own faults; it pays for nothing until it is resumed.',
    }),
    ...sponsorshipTermsFields,
    createdAt: timestampSchema('When it was made.'),
    updatedAt: timestampSchema('When it last changed.'),
    suspendedAt: timestampSchema('When its faults suspended it.').nullable(),
  })
  .meta({ id: 'SponsorshipPolicy' });

export const policyExample = {
  id: exampleId('sponsorshipPolicy'),
  network: NETWORK,
  networkMagic: 56_753,
  gasAccountId: exampleId('gasAccount'),
  name: 'game',
  status: 'active',
  ...sponsorshipTermsExample,
  createdAt: TIME,
  updatedAt: TIME,
  suspendedAt: null,
} as const;

export const statusSchema = z.enum(SPONSORSHIP_STATUSES).meta({
  description:
    '`prepared` waits for the signature of the user, `sending` is on its way. `confirmed` and ' +
    '`faulted` are on the chain, with HALT and FAULT, and paid; `expired` and `rejected` can never ' +
    'be, and cost nothing. `disputed`: nodes contradict each other, an operator decides.',
});

const summaryFields = {
  id: sponsorshipIdSchema,
  requestId: z.string().meta({ description: 'Your own id of it.' }),
  policyId: policyIdSchema,
  gasAccountId: gasAccountIdSchema,
  network: networkField,
  networkMagic: z.int().meta({ description: 'Stands before the hash in what is signed.' }),
  sponsor: z.string().meta({ description: 'The address that pays both fees.' }),
  signer: z.string().meta({ description: 'The address of the user.' }),
  walletId: chainWalletIdSchema.nullable().meta({
    description: 'The wallet of the account that is the user.',
  }),
  endUser: z.string().nullable(),
  status: statusSchema,
  statusSince: timestampSchema('Since when.'),
  reason: z.string().nullable().meta({ description: 'Why it ended like this; for programs.' }),
  detail: z.string().nullable().meta({ description: 'The same for people.' }),
  hash: z.string().meta({ description: 'Of the transaction.' }),
  systemFee: gasSum('Of the transaction.'),
  networkFee: gasSum('Of the transaction.'),
  cost: gasSum('Both fees: exactly what is held, and taken on HALT and on FAULT.'),
  validUntilBlock: z.int().meta({ description: 'The last block that can hold it.' }),
  expiresAt: timestampSchema('Until when it can be signed.'),
  blockIndex: z.int().nullable().meta({ description: 'The block it is in.' }),
  createdBy: z.string().meta({ description: 'A key, a session, or `operator:<name>`.' }),
  createdAt: timestampSchema('When it was asked for.'),
  updatedAt: timestampSchema('When it last changed here.'),
  endedAt: timestampSchema('When its end was known.').nullable(),
} as const;

export const summarySchema = z.strictObject(summaryFields).meta({ id: 'SponsorshipSummary' });

export const sponsorshipSchema = z
  .strictObject({
    ...summaryFields,
    transaction: z.string().meta({
      description:
        'The transaction without witnesses, Base64. The user signs the magic of the network (4 ' +
        'bytes, little-endian) and its hash (32 bytes as they are in memory).',
    }),
    context: z.record(z.string(), z.unknown()).meta({
      description: 'The same as ContractParametersContext, which NEP-21 wallets sign.',
    }),
  })
  .meta({ id: 'Sponsorship' });

export const summaryExample = {
  id: exampleId('sponsorship'),
  requestId: 'move-7',
  policyId: exampleId('sponsorshipPolicy'),
  gasAccountId: exampleId('gasAccount'),
  network: NETWORK,
  networkMagic: 56_753,
  sponsor: 'NfgHwwTi3wHAS8aFAN243C5vGbkYDpqLHP',
  signer: ADDRESS,
  walletId: null,
  endUser: null,
  status: 'prepared',
  statusSince: TIME,
  reason: null,
  detail: null,
  hash: `0x${'9f'.repeat(32)}`,
  systemFee: '0.0997778',
  networkFee: '0.0234304',
  cost: '0.1232082',
  validUntilBlock: 123_456,
  expiresAt: '2026-11-01T09:10:00.000Z',
  blockIndex: null,
  createdBy: exampleId('apiKey'),
  createdAt: TIME,
  updatedAt: TIME,
  endedAt: null,
} as const;

export const sponsorshipExample = {
  ...summaryExample,
  transaction: 'AA==',
  context: { type: 'Neo.Network.P2P.Payloads.Transaction', network: 56_753 },
} as const;
