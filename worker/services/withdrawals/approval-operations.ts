/** The part of the contract in which wallets of the workspace approve withdrawals. */
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
import { withdrawalExample, withdrawalParams, withdrawalSchema } from './shapes.ts';

const access = { kind: 'account', scope: 'withdrawals:write' } as const;
const exampleParams = {
  accountId: exampleId('account'),
  withdrawalId: withdrawalExample.id,
};

export const createApprovalChallenge = defineOperation({
  id: 'withdrawals.createApprovalChallenge',
  method: 'post',
  path: '/accounts/{accountId}/gasbank/withdrawals/{withdrawalId}/approval-challenges',
  summary: 'Ask for a text that approves a withdrawal',
  description:
    'For one of its approvers. The text names network, vault, withdrawal, receiver, amount, the ' +
    'highest fee, the hash of all that was asked for, and until when.',
  access,
  params: withdrawalParams,
  body: z.strictObject({
    walletId: idSchema('workspaceWallet', 'The wallet of the workspace that approves.'),
    origin: originField,
    network: networkField.optional(),
  }),
  successes: [{ status: 201, description: 'The challenge.', schema: challengeSchema }],
  errors: ['sign_in.unconfigured', 'withdrawals.not_an_approver', 'withdrawals.not_proposed'],
  idempotency: 'none',
  example: {
    params: exampleParams,
    body: { walletId: exampleId('workspaceWallet') },
    response: challengeExample,
  },
});

export const createApproval = defineOperation({
  id: 'withdrawals.createApproval',
  method: 'post',
  path: '/accounts/{accountId}/gasbank/withdrawals/{withdrawalId}/approvals',
  summary: 'Approve a withdrawal',
  description:
    'With the signature of a challenge. Each wallet counts once, and while it is verified. The last ' +
    'approval that is needed sends it, or lets its schedule begin.',
  access,
  params: withdrawalParams,
  body: z.strictObject(answerFields),
  successes: [{ status: 201, description: 'The withdrawal.', schema: withdrawalSchema }],
  errors: [
    'challenges.answer_refused',
    'challenges.ended',
    'request.precondition_failed',
    'withdrawals.not_an_approver',
    'withdrawals.not_proposed',
  ],
  idempotency: 'catalogue',
  example: {
    params: exampleParams,
    body: answerExample,
    response: {
      ...withdrawalExample,
      threshold: 1,
      approvers: [exampleId('workspaceWallet')],
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
