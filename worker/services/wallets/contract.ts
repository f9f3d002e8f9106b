/**
 * Wallets of an account on a Neo network. Their keys are made in the bridge and signed with there,
 * under a policy that says what is free, what needs approvals and what is refused. A wallet belongs
 * to one network for ever: the same key elsewhere would be another wallet (money rule M1).
 */
import * as z from 'zod';
import { networkIdSchema } from '../../core/neo/network-settings.ts';
import { LIMITS as TRANSACTIONS } from '../../core/neo/transaction/limits.ts';
import { moneyPolicyExample, moneyPolicySchema } from '../../http/money-policy-schema.ts';
import { defineOperation } from '../../http/operation.ts';
import {
  accountIdSchema,
  exampleId,
  idSchema,
  labelSchema,
  pageOf,
  pageQuery,
  timestampSchema,
} from '../../http/schemas.ts';
import { LIMITS } from './limits.ts';

const NETWORK = 'neo3:private';
const TIME = '2026-11-01T09:00:00.000Z';
const BASE64_CHARS_MAX = Math.ceil(TRANSACTIONS.transactionBytesMax.value / 3) * 4;

const params = z.strictObject({ accountId: accountIdSchema });
const walletIdSchema = idSchema('wallet', 'The wallet.');
const walletParams = z.strictObject({ accountId: accountIdSchema, walletId: walletIdSchema });
const labelField = labelSchema(LIMITS.chainWalletLabelCharsMax.value, 'A name for people.');
const networkField = networkIdSchema.meta({
  description: 'CAIP-2 id of the network.',
  example: NETWORK,
});
const statusSchema = z.enum(['active', 'retired']).meta({
  description: 'A retired wallet signs nothing any more; its key is kept.',
});

export const walletSchema = z
  .strictObject({
    id: walletIdSchema,
    network: networkField,
    networkMagic: z.int().meta({ description: 'What its signatures are bound to.' }),
    address: z.string(),
    scriptHash: z.string().meta({ description: 'Of the address, as explorers show it.' }),
    publicKey: z.string().meta({ description: 'Compressed, 66 hexadecimal digits.' }),
    label: labelField.nullable(),
    exportable: z.boolean().meta({ description: 'Whether its key may ever leave; never changes.' }),
    status: statusSchema,
    createdAt: timestampSchema('When it was made.'),
    updatedAt: timestampSchema('When it was last changed.'),
    retiredAt: timestampSchema('When it was retired.').nullable(),
    exportedAt: timestampSchema(
      'When its key was last exported: whoever has it is bound by no policy.',
    ).nullable(),
  })
  .meta({ id: 'Wallet' });

export const walletBalancesSchema = z
  .strictObject({
    network: networkField,
    address: z.string(),
    items: z.array(
      z.strictObject({
        contract: z.string().meta({ description: 'The token.' }),
        symbol: z.string().nullable().meta({ description: 'As the token calls itself.' }),
        decimals: z.int().nullable(),
        amount: z.string().meta({ description: 'In the smallest unit of the token, decimal.' }),
        lastUpdatedBlock: z.int().min(0).nullable().meta({
          description: 'Null for GAS and NEO that the wallet never had.',
        }),
      }),
    ),
  })
  .meta({ id: 'WalletBalances' });

export const verdictSchema = z
  .strictObject({
    verdict: z.enum(['allowed', 'approvals', 'refused']),
    approvals: z.int().nullable().meta({ description: 'How many are needed; else null.' }),
    reasons: z.array(z.string()).meta({ description: 'Why it is not free, for people.' }),
    spends: z
      .array(
        z.strictObject({
          token: z.string(),
          amount: z.string().meta({ description: 'In the smallest unit, decimal.' }),
        }),
      )
      .meta({ description: 'What can be read of it, fees included.' }),
  })
  .meta({ id: 'MoneyPolicyVerdict' });

const example = {
  id: exampleId('wallet'),
  network: NETWORK,
  networkMagic: 56_753,
  address: 'NPTmAHDxo6Pkyic8Nvu3kwyXoYJCvcCB6i',
  scriptHash: '0xa7cbfee3f01f89d58c042644b0b6df2d59a6eb26',
  publicKey: '02a7834be9b32e2981d157cb5bbd3acb42cfd11ea5c3b10224d7a44e98c5910f1b',
  label: 'payouts',
  exportable: false,
  status: 'active',
  createdAt: TIME,
  updatedAt: TIME,
  retiredAt: null,
  exportedAt: null,
} as const;
const accountId = exampleId('account');
const exampleParams = { accountId, walletId: example.id };
const one = { schema: walletSchema, etag: true } as const;
const read = { kind: 'account', scope: 'chain-wallets:read' } as const;
const write = { kind: 'account', scope: 'chain-wallets:write' } as const;

export const createWallet = defineOperation({
  id: 'wallets.createWallet',
  method: 'post',
  path: '/accounts/{accountId}/wallets',
  summary: 'Make a wallet on a Neo network',
  description:
    'The key is made in the bridge and bound to the network; no operation shows it. Without a ' +
    '`policy` nothing is free: every transaction needs an approval. Whether the key can ever be ' +
    'exported is fixed here.',
  access: write,
  params,
  body: z.strictObject({
    network: networkField,
    label: labelField.optional(),
    exportable: z.boolean().default(false),
    policy: moneyPolicySchema.optional(),
  }),
  successes: [{ status: 201, description: 'The wallet.', ...one }],
  errors: [
    'quota.exceeded',
    'chain.network_unknown',
    'secrets.encryption_unconfigured',
    'secrets.undecryptable',
  ],
  idempotency: 'catalogue',
  example: {
    params: { accountId },
    body: { network: NETWORK, label: example.label },
    response: example,
  },
});

export const listWallets = defineOperation({
  id: 'wallets.listWallets',
  method: 'get',
  path: '/accounts/{accountId}/wallets',
  summary: 'List wallets on Neo networks',
  description: 'Newest first, retired ones too.',
  access: read,
  params,
  query: z.strictObject({
    ...pageQuery,
    network: networkField.optional(),
    status: statusSchema.optional(),
  }),
  successes: [
    { status: 200, description: 'A page of wallets.', schema: pageOf(walletSchema, 'WalletPage') },
  ],
  errors: [],
  idempotency: 'none',
  example: { params: { accountId }, response: { items: [example], nextCursor: null } },
});

export const getWallet = defineOperation({
  id: 'wallets.getWallet',
  method: 'get',
  path: '/accounts/{accountId}/wallets/{walletId}',
  summary: 'Read a wallet on a Neo network',
  description: 'Its address and what was fixed when it was made.',
  access: read,
  params: walletParams,
  successes: [{ status: 200, description: 'The wallet.', ...one }],
  errors: [],
  idempotency: 'none',
  example: { params: exampleParams, response: example },
});

export const listBalances = defineOperation({
  id: 'wallets.listBalances',
  method: 'get',
  path: '/accounts/{accountId}/wallets/{walletId}/balances',
  summary: 'Read the balances of a wallet',
  description:
    'Of GAS, NEO and every other NEP-17 token the wallet ever received, as one node has counted ' +
    'them.',
  access: read,
  params: walletParams,
  successes: [{ status: 200, description: 'The balances.', schema: walletBalancesSchema }],
  errors: ['chain.network_unknown', 'chain.unavailable'],
  idempotency: 'none',
  example: {
    params: exampleParams,
    response: {
      network: NETWORK,
      address: example.address,
      items: [
        {
          contract: '0xd2a4cff31913016155e38e474a2c06d08be276cf',
          symbol: 'GAS',
          decimals: 8,
          amount: '100000000',
          lastUpdatedBlock: 7,
        },
      ],
    },
  },
});

export const updateWallet = defineOperation({
  id: 'wallets.updateWallet',
  method: 'patch',
  path: '/accounts/{accountId}/wallets/{walletId}',
  summary: 'Change the label of a wallet',
  description: 'Null takes the label away.',
  access: write,
  params: walletParams,
  body: z.strictObject({ label: labelField.nullable() }),
  successes: [{ status: 200, description: 'The changed wallet.', ...one }],
  errors: [],
  idempotency: 'catalogue',
  ifMatch: true,
  example: { params: exampleParams, body: { label: example.label }, response: example },
});

export const retireWallet = defineOperation({
  id: 'wallets.retireWallet',
  method: 'post',
  path: '/accounts/{accountId}/wallets/{walletId}/retire',
  summary: 'Retire a wallet',
  description:
    'It signs nothing from now on, for ever: what it still holds stays where it is, so move that ' +
    'first. A wallet policy of the account must approve it. Retiring it again changes nothing.',
  access: write,
  params: walletParams,
  successes: [{ status: 200, description: 'The retired wallet.', ...one }],
  errors: ['wallets.approvals_required'],
  idempotency: 'catalogue',
  ifMatch: true,
  example: {
    params: exampleParams,
    response: { ...example, status: 'retired', updatedAt: TIME, retiredAt: TIME },
  },
});

export const getPolicy = defineOperation({
  id: 'wallets.getPolicy',
  method: 'get',
  path: '/accounts/{accountId}/wallets/{walletId}/policy',
  summary: 'Read the policy of a wallet',
  description: 'What it signs freely, what needs approvals, and what it never signs.',
  access: read,
  params: walletParams,
  successes: [{ status: 200, description: 'The policy.', schema: moneyPolicySchema, etag: true }],
  errors: [],
  idempotency: 'none',
  example: { params: exampleParams, response: moneyPolicyExample },
});

export const setPolicy = defineOperation({
  id: 'wallets.setPolicy',
  method: 'put',
  path: '/accounts/{accountId}/wallets/{walletId}/policy',
  summary: 'Set the policy of a wallet',
  description:
    'Replaces it as a whole. A change that only tightens is always taken. One that loosens ' +
    'anything must be approved where the account has a wallet policy; `fields` name what it ' +
    'loosens.',
  access: write,
  params: walletParams,
  body: moneyPolicySchema,
  successes: [{ status: 200, description: 'The policy.', schema: moneyPolicySchema, etag: true }],
  errors: ['wallets.approvals_required', 'wallets.retired'],
  idempotency: 'catalogue',
  ifMatch: true,
  example: { params: exampleParams, body: moneyPolicyExample, response: moneyPolicyExample },
});

export const checkTransaction = defineOperation({
  id: 'wallets.checkTransaction',
  method: 'post',
  path: '/accounts/{accountId}/wallets/{walletId}/policy/check',
  summary: 'Ask what the policy says about a transaction',
  description:
    'Decides as sending does, with what was spent on the day so far, and has no effect. Amounts are ' +
    'read only in literal `transfer` calls under the scope `CalledByEntry`; whatever cannot be ' +
    'read is not free.',
  access: read,
  params: walletParams,
  body: z.strictObject({
    transaction: z.string().min(4).max(BASE64_CHARS_MAX).meta({
      description: 'The transaction without witnesses, as its hash covers it; Base64.',
    }),
  }),
  successes: [{ status: 200, description: 'The verdict.', schema: verdictSchema }],
  errors: ['wallets.retired'],
  idempotency: 'none',
  example: {
    params: exampleParams,
    body: {
      transaction: 'AAcAAAAUAAAAAAAAAAoAAAAAAAAAZAAAAAEm66ZZLd+2sEQmBIzViR/w4/7LpwEAAUA=',
    },
    response: {
      verdict: 'approvals',
      approvals: 2,
      reasons: ['the policy has no amount for 0xd2a4cff31913016155e38e474a2c06d08be276cf'],
      spends: [{ token: '0xd2a4cff31913016155e38e474a2c06d08be276cf', amount: '30' }],
    },
  },
});

export const exportKey = defineOperation({
  id: 'wallets.exportKey',
  method: 'post',
  path: '/accounts/{accountId}/wallets/{walletId}/export',
  summary: 'Export the key of a wallet',
  description:
    'Only of a wallet that was made exportable, only for a session whose wallet signed in within ' +
    `${LIMITS.keyExportSignInMinutes.value} minutes, and with the approvals of the account's ` +
    'wallet policy for this very recipient. The key is sealed to the recipient (HPKE, RFC 9180: ' +
    'base mode, DHKEM X25519 with HKDF-SHA-256, HKDF-SHA-256, AES-256-GCM).',
  access: write,
  params: walletParams,
  body: z.strictObject({
    recipientPublicKey: z.string().min(1).max(64).meta({
      description: 'An X25519 public key made for this once; 32 bytes, Base64.',
    }),
  }),
  successes: [
    {
      status: 200,
      description: 'The sealed key.',
      schema: z
        .strictObject({
          walletId: walletIdSchema,
          publicKey: z.string().meta({ description: 'That the key opens to.' }),
          recipientKeySha256: z.string(),
          enc: z.string().meta({ description: 'The encapsulated key, Base64.' }),
          ciphertext: z.string().meta({ description: 'The private key of 32 bytes, sealed.' }),
        })
        .meta({ id: 'ExportedKey' }),
      etag: true,
    },
  ],
  errors: [
    'wallets.sign_in_required',
    'wallets.approvals_required',
    'wallets.not_exportable',
    'secrets.encryption_unconfigured',
    'secrets.undecryptable',
  ],
  idempotency: 'catalogue',
  ifMatch: true,
  example: {
    params: exampleParams,
    body: { recipientPublicKey: '3p7bfXt9wbTTW2HC7OQ1Nz+DQ8hbeGdNrfx+FG+IK08=' },
    response: {
      walletId: example.id,
      publicKey: example.publicKey,
      recipientKeySha256: '9f'.repeat(32),
      enc: '3p7bfXt9wbTTW2HC7OQ1Nz+DQ8hbeGdNrfx+FG+IK08=',
      ciphertext: '<64 characters>',
    },
  },
});

export const walletOperations = [
  createWallet,
  listWallets,
  getWallet,
  listBalances,
  updateWallet,
  retireWallet,
  getPolicy,
  setPolicy,
  checkTransaction,
  exportKey,
] as const;
