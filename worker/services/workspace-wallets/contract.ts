/**
 * Workspace wallets: the Neo and EVM addresses a team works with, and the policy that k of n of
 * them approve its gravest changes. A wallet is `unverified` until its owner has signed a
 * challenge; only verified ones count in a policy.
 */
import * as z from 'zod';
import { WALLET_KINDS } from '../../core/wallets/wallet-address.ts';
import {
  answerExample,
  answerFields,
  challengeExample,
  challengeSchema,
} from '../../http/challenge-schemas.ts';
import { defineOperation } from '../../http/operation.ts';
import {
  accountIdSchema,
  exampleId,
  labelSchema,
  pageOf,
  pageQuery,
  timestampSchema,
} from '../../http/schemas.ts';
import { approvalOperations } from './approval-operations.ts';
import { LIMITS } from './limits.ts';
import { params, place, policyFields, walletIdSchema } from './shapes.ts';

const walletParams = z.strictObject({ accountId: accountIdSchema, walletId: walletIdSchema });

const kindSchema = z.enum(WALLET_KINDS).meta({
  description: 'The network. `0x` and 40 digits can be either, so it is never guessed.',
});
const statusSchema = z.enum(['unverified', 'verified']).meta({
  description: 'Verified once its owner has signed a challenge.',
});
const labelField = labelSchema(LIMITS.walletLabelCharsMax.value, 'A name for people.');

export const walletSchema = z
  .strictObject({
    id: walletIdSchema,
    kind: kindSchema,
    address: z.string().meta({ description: 'Neo: Base58Check. EVM: with EIP-55 checksum.' }),
    scriptHash: z.string().nullable().meta({
      description: 'Neo only: the script hash of the address, big-endian as explorers show it.',
    }),
    label: labelField.nullable(),
    status: statusSchema,
    createdAt: timestampSchema('When it was added.'),
    updatedAt: timestampSchema('When it was last changed.'),
  })
  .meta({ id: 'WorkspaceWallet' });

export const policySchema = z
  .strictObject({
    active: z.boolean().meta({ description: 'Whether there is a policy.' }),
    threshold: z.int().min(0).meta({ description: 'Approvals needed; 0 without a policy.' }),
    members: z.array(walletIdSchema).meta({ description: 'The wallets that can approve.' }),
    updatedAt: timestampSchema('When it was last set.').nullable(),
  })
  .meta({ id: 'WalletPolicy' });

const example = {
  id: exampleId('workspaceWallet'),
  kind: 'neo',
  address: 'NPTmAHDxo6Pkyic8Nvu3kwyXoYJCvcCB6i',
  scriptHash: '0xa7cbfee3f01f89d58c042644b0b6df2d59a6eb26',
  label: 'treasury',
  status: 'unverified',
  createdAt: '2026-11-01T09:00:00.000Z',
  updatedAt: '2026-11-01T09:00:00.000Z',
} as const;
const policyExample = {
  active: true,
  threshold: 1,
  members: [example.id],
  updatedAt: '2026-11-01T09:00:00.000Z',
};
const accountId = exampleId('account');

export const createWallet = defineOperation({
  id: 'workspaceWallets.createWallet',
  method: 'post',
  path: '/accounts/{accountId}/workspace-wallets',
  summary: 'Add a wallet',
  description:
    'A Neo N3 address, a Neo script hash or an EVM address. Checksums are verified, and each ' +
    'wallet is kept once however it is written.',
  access: { kind: 'account', scope: 'wallets:write' },
  params,
  body: z.strictObject({
    kind: kindSchema,
    address: z.string().min(1).max(LIMITS.walletAddressCharsMax.value).meta({
      description: 'Neo: `N…` or `0x` and 40 digits (script hash). EVM: `0x` and 40 digits.',
    }),
    label: labelField.optional(),
  }),
  successes: [{ status: 201, description: 'The wallet.', schema: walletSchema, etag: true }],
  errors: ['quota.exceeded', 'wallets.address_taken'],
  idempotency: 'catalogue',
  example: {
    params: { accountId },
    body: { kind: example.kind, address: example.address, label: example.label },
    response: example,
  },
});

export const listWallets = defineOperation({
  id: 'workspaceWallets.listWallets',
  method: 'get',
  path: '/accounts/{accountId}/workspace-wallets',
  summary: 'List wallets',
  description: 'Newest first.',
  access: { kind: 'account', scope: 'wallets:read' },
  params,
  query: z.strictObject({
    ...pageQuery,
    kind: kindSchema.optional(),
    status: statusSchema.optional(),
  }),
  successes: [
    {
      status: 200,
      description: 'A page of wallets.',
      schema: pageOf(walletSchema, 'WorkspaceWalletPage'),
    },
  ],
  errors: [],
  idempotency: 'none',
  example: { params: { accountId }, response: { items: [example], nextCursor: null } },
});

export const getWallet = defineOperation({
  id: 'workspaceWallets.getWallet',
  method: 'get',
  path: '/accounts/{accountId}/workspace-wallets/{walletId}',
  summary: 'Read a wallet',
  description: 'Its address in every form, and whether it is verified.',
  access: { kind: 'account', scope: 'wallets:read' },
  params: walletParams,
  successes: [{ status: 200, description: 'The wallet.', schema: walletSchema, etag: true }],
  errors: [],
  idempotency: 'none',
  example: { params: { accountId, walletId: example.id }, response: example },
});

export const updateWallet = defineOperation({
  id: 'workspaceWallets.updateWallet',
  method: 'patch',
  path: '/accounts/{accountId}/workspace-wallets/{walletId}',
  summary: 'Change the label of a wallet',
  description: 'Null takes the label away. The address never changes: add another wallet instead.',
  access: { kind: 'account', scope: 'wallets:write' },
  params: walletParams,
  body: z.strictObject({ label: labelField.nullable() }),
  successes: [
    { status: 200, description: 'The changed wallet.', schema: walletSchema, etag: true },
  ],
  errors: [],
  idempotency: 'catalogue',
  ifMatch: true,
  example: {
    params: { accountId, walletId: example.id },
    body: { label: example.label },
    response: example,
  },
});

export const deleteWallet = defineOperation({
  id: 'workspaceWallets.deleteWallet',
  method: 'delete',
  path: '/accounts/{accountId}/workspace-wallets/{walletId}',
  summary: 'Remove a wallet',
  description:
    'A member of the wallet policy is removed only with the approvals the policy asks for, and ' +
    'leaves the policy with it. Sessions of the wallet end within 30 seconds.',
  access: { kind: 'account', scope: 'wallets:write' },
  params: walletParams,
  successes: [{ status: 204, description: 'Removed.' }],
  errors: ['wallets.approvals_required', 'wallets.policy_unverified'],
  idempotency: 'catalogue',
  ifMatch: true,
  example: { params: { accountId, walletId: example.id } },
});

export const createChallenge = defineOperation({
  id: 'workspaceWallets.createChallenge',
  method: 'post',
  path: '/accounts/{accountId}/workspace-wallets/{walletId}/challenges',
  summary: 'Ask for a text that verifies a wallet',
  description:
    'A text that names site, account and wallet, to be signed within five minutes: by a Neo wallet ' +
    'as a message, by an EVM wallet with `personal_sign`.',
  access: { kind: 'account', scope: 'wallets:write' },
  params: walletParams,
  body: z.strictObject(place),
  successes: [{ status: 201, description: 'The challenge.', schema: challengeSchema }],
  errors: ['sign_in.unconfigured'],
  idempotency: 'none',
  example: {
    params: { accountId, walletId: example.id },
    body: {},
    response: challengeExample,
  },
});

export const verifyWallet = defineOperation({
  id: 'workspaceWallets.verifyWallet',
  method: 'post',
  path: '/accounts/{accountId}/workspace-wallets/{walletId}/verify',
  summary: 'Verify a wallet',
  description:
    'With the signature of a challenge. A verified wallet counts in the wallet policy, and a Neo ' +
    'wallet may sign in to the account with every scope; so the credential must have all of them ' +
    'and no end.',
  access: { kind: 'account', scope: 'wallets:write' },
  params: walletParams,
  body: z.strictObject(answerFields),
  successes: [
    { status: 200, description: 'The verified wallet.', schema: walletSchema, etag: true },
  ],
  errors: [
    'challenges.ended',
    'challenges.answer_refused',
    'wallets.not_single_key',
    'wallets.verifier_too_narrow',
    'request.precondition_failed',
  ],
  idempotency: 'catalogue',
  example: {
    params: { accountId, walletId: example.id },
    body: answerExample,
    response: { ...example, status: 'verified' },
  },
});

export const getPolicy = defineOperation({
  id: 'workspaceWallets.getPolicy',
  method: 'get',
  path: '/accounts/{accountId}/wallet-policy',
  summary: 'Read the wallet policy',
  description: 'How many of which wallets must approve; `active` is false while there is none.',
  access: { kind: 'account', scope: 'wallets:read' },
  params,
  successes: [{ status: 200, description: 'The policy.', schema: policySchema, etag: true }],
  errors: [],
  idempotency: 'none',
  example: { params: { accountId }, response: policyExample },
});

export const setPolicy = defineOperation({
  id: 'workspaceWallets.setPolicy',
  method: 'put',
  path: '/accounts/{accountId}/wallet-policy',
  summary: 'Set the wallet policy',
  description:
    'From then on `threshold` of the members must approve a change of the policy, the removal ' +
    'of a member and the deletion of the account. At least `threshold` members must be ' +
    'verified.',
  access: { kind: 'account', scope: 'wallets:write' },
  params,
  body: z.strictObject(policyFields),
  successes: [{ status: 200, description: 'The policy.', schema: policySchema, etag: true }],
  errors: ['wallets.member_unknown', 'wallets.policy_unverified', 'wallets.approvals_required'],
  idempotency: 'catalogue',
  ifMatch: true,
  example: {
    params: { accountId },
    body: { threshold: 1, members: [example.id] },
    response: policyExample,
  },
});

export const workspaceWalletOperations = [
  createWallet,
  listWallets,
  getWallet,
  updateWallet,
  deleteWallet,
  createChallenge,
  verifyWallet,
  ...approvalOperations,
  getPolicy,
  setPolicy,
] as const;
