/** The part of the contract in which wallets of the workspace approve proposed transactions. */
import * as z from 'zod';
import {
  answerExample,
  answerFields,
  challengeExample,
  challengeSchema,
  networkField,
  originField,
} from '../../http/challenge-schemas.ts';
import { defineOperation } from '../../http/operation.ts';
import { exampleId, idSchema } from '../../http/schemas.ts';
import { transactionExample, transactionParams, transactionSchema } from './shapes.ts';

const access = { kind: 'account', scope: 'transactions:write' } as const;
const exampleParams = {
  accountId: exampleId('account'),
  transactionId: transactionExample.id,
};

export const createApprovalChallenge = defineOperation({
  id: 'transactions.createApprovalChallenge',
  method: 'post',
  path: '/accounts/{accountId}/transactions/{transactionId}/approval-challenges',
  summary: 'Ask for a text that approves a transaction',
  description:
    'For one of its approvers. The text names network, transaction, what it does with amounts and ' +
    'receivers, the highest fee, the hash of all that was proposed, and until when.',
  access,
  params: transactionParams,
  body: z.strictObject({
    walletId: idSchema('workspaceWallet', 'The wallet of the workspace that approves.'),
    origin: originField,
    network: networkField.optional(),
  }),
  successes: [{ status: 201, description: 'The challenge.', schema: challengeSchema }],
  errors: ['sign_in.unconfigured', 'transactions.not_an_approver', 'transactions.not_proposed'],
  idempotency: 'none',
  example: {
    params: exampleParams,
    body: { walletId: exampleId('workspaceWallet') },
    response: challengeExample,
  },
});

export const createApproval = defineOperation({
  id: 'transactions.createApproval',
  method: 'post',
  path: '/accounts/{accountId}/transactions/{transactionId}/approvals',
  summary: 'Approve a transaction',
  description:
    'With the signature of a challenge. Each wallet counts once, and while it is verified. The last ' +
    'approval that is needed sends the transaction.',
  access,
  params: transactionParams,
  body: z.strictObject(answerFields),
  successes: [{ status: 201, description: 'The transaction.', schema: transactionSchema }],
  errors: [
    'challenges.answer_refused',
    'challenges.ended',
    'request.precondition_failed',
    'transactions.not_an_approver',
    'transactions.not_proposed',
    'wallets.retired',
  ],
  idempotency: 'catalogue',
  example: {
    params: exampleParams,
    body: answerExample,
    response: {
      ...transactionExample,
      approvals: [
        {
          walletId: exampleId('workspaceWallet'),
          layout: 'classic-salted',
          counts: true,
          createdAt: '2026-11-01T09:03:00.000Z',
        },
      ],
    },
  },
});

export const approvalOperations = [createApprovalChallenge, createApproval] as const;
