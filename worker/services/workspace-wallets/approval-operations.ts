/** The part of the contract in which members of the wallet policy approve what it governs. */
import * as z from 'zod';
import { GOVERNED_OPERATIONS } from '../../core/wallets/approval.ts';
import {
  answerExample,
  answerFields,
  challengeExample,
  challengeSchema,
} from '../../http/challenge-schemas.ts';
import { termsFields } from '../../http/gas-schemas.ts';
import { moneyPolicySchema } from '../../http/money-policy-schema.ts';
import { defineOperation } from '../../http/operation.ts';
import { exampleId, idSchema, pageOf, pageQuery, timestampSchema } from '../../http/schemas.ts';
import { sponsorshipTermsSchema } from '../../http/sponsorship-schemas.ts';
import { withdrawalNetworkField, withdrawalPolicySchema } from '../../http/withdrawal-schemas.ts';
import { params, place, policyFields, walletIdSchema } from './shapes.ts';

const accountId = exampleId('account');
const operationSchema = z.enum(GOVERNED_OPERATIONS).meta({
  description: 'What is approved: an operation that the policy governs.',
});

export const approvalSchema = z
  .strictObject({
    id: idSchema('approval', 'The approval.'),
    walletId: walletIdSchema,
    operation: operationSchema,
    digest: z
      .string()
      .meta({ description: 'SHA-256 of all that was approved, as the text has it.' }),
    layout: z.string().meta({ description: 'Which bytes the wallet signed.' }),
    createdAt: timestampSchema('When it was given.'),
    expiresAt: timestampSchema('Until when it counts.'),
  })
  .meta({ id: 'WalletApproval' });

const approvalExample = {
  id: exampleId('approval'),
  walletId: exampleId('workspaceWallet'),
  operation: 'workspaceWallets.deleteWallet',
  digest: '9f'.repeat(32),
  layout: 'classic-salted',
  createdAt: '2026-11-01T09:00:00.000Z',
  expiresAt: '2026-11-02T09:00:00.000Z',
} as const;

export const createApprovalChallenge = defineOperation({
  id: 'workspaceWallets.createApprovalChallenge',
  method: 'post',
  path: '/accounts/{accountId}/wallet-policy/approval-challenges',
  summary: 'Ask for a text that approves an act',
  description:
    'For one member of the wallet policy and one act, said in full: `policy` is what ' +
    '`workspaceWallets.setPolicy` will be asked for, `removedWalletId` whom ' +
    '`workspaceWallets.deleteWallet` will remove. `accounts.setRequestSignatures` is approved as ' +
    'the way back to `optional`, `gasbank.loosenGasAccount` as `gasAccountId` and the ' +
    '`gasAccountTerms` that it will have. The others are for wallets on Neo networks: ' +
    '`chainWalletId` for all of them, `moneyPolicy` for `wallets.setPolicy`, ' +
    '`recipientKeySha256` for `wallets.exportKey`. `withdrawals.setPolicy` has ' +
    '`withdrawalNetwork` and `withdrawalPolicy`. For `sponsorships.setPolicy` it is ' +
    '`sponsorshipPolicyId` and `sponsorshipTerms`, for `sponsorships.createPolicy` ' +
    '`sponsorshipGasAccountId` in place of the id.',
  access: { kind: 'account', scope: 'wallets:write' },
  params,
  body: z.strictObject({
    walletId: walletIdSchema,
    operation: operationSchema,
    policy: z.strictObject(policyFields).optional(),
    removedWalletId: idSchema('workspaceWallet', 'The wallet to be removed.').optional(),
    chainWalletId: idSchema('wallet', 'The wallet on a Neo network.').optional(),
    moneyPolicy: moneyPolicySchema.optional(),
    recipientKeySha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'is not 64 hexadecimal digits')
      .optional()
      .meta({ description: 'SHA-256 of the public key that an export is sealed to.' }),
    gasAccountId: idSchema('gasAccount', 'The gas account.').optional(),
    gasAccountTerms: z.strictObject(termsFields).optional(),
    sponsorshipPolicyId: idSchema('sponsorshipPolicy', 'The policy to be changed.').optional(),
    sponsorshipGasAccountId: idSchema('gasAccount', 'The gas account that pays.').optional(),
    sponsorshipTerms: sponsorshipTermsSchema.optional(),
    withdrawalNetwork: withdrawalNetworkField.optional(),
    withdrawalPolicy: withdrawalPolicySchema.optional(),
    ...place,
  }),
  successes: [{ status: 201, description: 'The challenge.', schema: challengeSchema }],
  errors: ['wallets.policy_absent', 'wallets.member_unknown', 'sign_in.unconfigured'],
  idempotency: 'none',
  example: {
    params: { accountId },
    body: {
      walletId: exampleId('workspaceWallet'),
      operation: approvalExample.operation,
      removedWalletId: exampleId('workspaceWallet'),
    },
    response: challengeExample,
  },
});

export const createApproval = defineOperation({
  id: 'workspaceWallets.createApproval',
  method: 'post',
  path: '/accounts/{accountId}/wallet-policy/approvals',
  summary: 'Approve an act',
  description:
    'With the signature of a challenge. Once enough members have approved, ask for the act itself: ' +
    'it takes all approvals of the account away. They count for a day, for this act alone, and ' +
    'until the policy changes.',
  access: { kind: 'account', scope: 'wallets:write' },
  params,
  body: z.strictObject(answerFields),
  successes: [{ status: 201, description: 'The approval.', schema: approvalSchema }],
  errors: ['challenges.ended', 'challenges.answer_refused'],
  idempotency: 'catalogue',
  example: { params: { accountId }, body: answerExample, response: approvalExample },
});

export const listApprovals = defineOperation({
  id: 'workspaceWallets.listApprovals',
  method: 'get',
  path: '/accounts/{accountId}/wallet-policy/approvals',
  summary: 'List approvals',
  description: 'Newest first: those that were given and not used yet.',
  access: { kind: 'account', scope: 'wallets:read' },
  params,
  query: z.strictObject(pageQuery),
  successes: [
    {
      status: 200,
      description: 'A page of approvals.',
      schema: pageOf(approvalSchema, 'WalletApprovalPage'),
    },
  ],
  errors: [],
  idempotency: 'none',
  example: { params: { accountId }, response: { items: [approvalExample], nextCursor: null } },
});

export const approvalOperations = [createApprovalChallenge, createApproval, listApprovals] as const;
