/**
 * GAS that leaves a gas account: quoted, asked for, approved, scheduled, cancelled, read. The book
 * holds amount and fee before anything is sent, and gives back what was not paid.
 */
import * as z from 'zod';
import { gasSum } from '../../http/gas-schemas.ts';
import { defineOperation } from '../../http/operation.ts';
import { exampleId, pageOf, pageQuery, timestampSchema } from '../../http/schemas.ts';
import { approvalOperations } from './approval-operations.ts';
import { operatorOperations } from './operator-operations.ts';
import { policyOperations } from './policy-operations.ts';
import {
  askedExample,
  askedFields,
  gasAccountIdSchema,
  NETWORK,
  networkField,
  params,
  QUOTE_ERRORS,
  requestFields,
  statusSchema,
  summaryExample,
  summarySchema,
  withdrawalExample,
  withdrawalParams,
  withdrawalSchema,
} from './shapes.ts';
import { unclaimedOperations } from './unclaimed-operations.ts';

const accountId = exampleId('account');
const exampleParams = { accountId, withdrawalId: withdrawalExample.id };
const read = { kind: 'account', scope: 'gasbank:read' } as const;
const write = { kind: 'account', scope: 'withdrawals:write' } as const;

export const quoteWithdrawal = defineOperation({
  id: 'withdrawals.quoteWithdrawal',
  method: 'post',
  path: '/accounts/{accountId}/gasbank/withdrawals/quote',
  summary: 'Ask what a withdrawal would cost',
  description:
    'Nodes run the very payment, since the code of the recipient sets what it costs. Nothing is held.',
  access: read,
  params,
  body: z.strictObject(askedFields).meta({ id: 'QuoteWithdrawal' }),
  successes: [
    {
      status: 200,
      description: 'The quote.',
      schema: z
        .strictObject({
          network: networkField,
          networkMagic: z.int(),
          route: z.enum(['vault', 'resolver']),
          amount: gasSum('What is paid out.'),
          feeMax: gasSum('What is held for the fee.'),
          total: gasSum('What is held together.'),
          expectedAt: timestampSchema('When its turn should come; null for at once.').nullable(),
        })
        .meta({ id: 'WithdrawalQuote' }),
    },
  ],
  errors: [...QUOTE_ERRORS, 'gasbank.fund_not_found'],
  idempotency: 'none',
  example: {
    params: { accountId },
    body: askedExample,
    response: {
      network: NETWORK,
      networkMagic: 56_753,
      route: 'vault',
      amount: '12.5',
      feeMax: '0.38',
      total: '12.88',
      expectedAt: null,
    },
  },
});

export const createWithdrawal = defineOperation({
  id: 'withdrawals.createWithdrawal',
  method: 'post',
  path: '/accounts/{accountId}/gasbank/withdrawals',
  summary: 'Withdraw GAS',
  description:
    'Holds the amount and the quoted fee, and pays as soon as approvals, schedule and the day’s cap ' +
    'of the vault let it. `id` is your own: asked again with the same contents, the same withdrawal ' +
    'is answered (200), however much later.',
  access: write,
  params,
  body: z.strictObject(requestFields).meta({ id: 'CreateWithdrawal' }),
  successes: [
    { status: 201, description: 'The withdrawal.', schema: withdrawalSchema },
    { status: 200, description: 'It was there already.', schema: withdrawalSchema },
  ],
  errors: [
    ...QUOTE_ERRORS,
    'gasbank.book_closed',
    'gasbank.budget_exceeded',
    'gasbank.full',
    'gasbank.fund_not_found',
    'gasbank.insufficient_funds',
    'request.precondition_failed',
    'withdrawals.approvers_missing',
    'withdrawals.request_conflict',
    'withdrawals.schedule_invalid',
    'withdrawals.too_many_open',
  ],
  idempotency: 'catalogue',
  example: {
    params: { accountId },
    body: { id: withdrawalExample.requestId, ...askedExample, note: withdrawalExample.note },
    response: withdrawalExample,
  },
});

export const listWithdrawals = defineOperation({
  id: 'withdrawals.listWithdrawals',
  method: 'get',
  path: '/accounts/{accountId}/gasbank/withdrawals',
  summary: 'List withdrawals',
  description: 'Newest first.',
  access: read,
  params,
  query: z.strictObject({
    ...pageQuery,
    status: statusSchema.optional(),
    gasAccountId: gasAccountIdSchema.optional(),
    network: networkField.optional(),
  }),
  successes: [
    {
      status: 200,
      description: 'A page of withdrawals.',
      schema: pageOf(summarySchema, 'WithdrawalPage'),
    },
  ],
  errors: [],
  idempotency: 'none',
  example: { params: { accountId }, response: { items: [summaryExample], nextCursor: null } },
});

export const getWithdrawal = defineOperation({
  id: 'withdrawals.getWithdrawal',
  method: 'get',
  path: '/accounts/{accountId}/gasbank/withdrawals/{withdrawalId}',
  summary: 'Read a withdrawal',
  description: 'Its status, what it waits for, who approved it, and what it cost.',
  access: read,
  params: withdrawalParams,
  successes: [{ status: 200, description: 'The withdrawal.', schema: withdrawalSchema }],
  errors: [],
  idempotency: 'none',
  example: { params: exampleParams, response: withdrawalExample },
});

export const cancelWithdrawal = defineOperation({
  id: 'withdrawals.cancelWithdrawal',
  method: 'post',
  path: '/accounts/{accountId}/gasbank/withdrawals/{withdrawalId}/cancel',
  summary: 'Take a withdrawal back',
  description: 'While it was not sent; all that was held comes back. Asking again changes nothing.',
  access: write,
  params: withdrawalParams,
  successes: [{ status: 200, description: 'The withdrawal.', schema: withdrawalSchema }],
  errors: ['request.precondition_failed', 'withdrawals.not_cancellable'],
  idempotency: 'catalogue',
  example: {
    params: exampleParams,
    response: { ...withdrawalExample, status: 'settling', reason: 'withdrawn' },
  },
});

const attemptSchema = z
  .strictObject({
    number: z.int(),
    sender: z
      .string()
      .nullable()
      .meta({ description: 'The address that signs; of a resolver null.' }),
    outcome: z.string().nullable().meta({
      description: '`paid`, `faulted`, `failed`, `not_sent`, `dead_letter`; null while open.',
    }),
    detail: z.string().nullable(),
    hash: z.string().nullable(),
    startedAt: timestampSchema('When it began.'),
    endedAt: timestampSchema('When it ended.').nullable(),
  })
  .meta({ id: 'WithdrawalAttempt' });

export const listAttempts = defineOperation({
  id: 'withdrawals.listAttempts',
  method: 'get',
  path: '/accounts/{accountId}/gasbank/withdrawals/{withdrawalId}/attempts',
  summary: 'List the attempts of a withdrawal',
  description: 'Every time it was handed over, oldest first; all of them pay under one id.',
  access: read,
  params: withdrawalParams,
  successes: [
    {
      status: 200,
      description: 'The attempts.',
      schema: z.strictObject({ items: z.array(attemptSchema) }).meta({ id: 'WithdrawalAttempts' }),
    },
  ],
  errors: [],
  idempotency: 'none',
  example: {
    params: exampleParams,
    response: {
      items: [
        {
          number: 1,
          sender: 'NfgHwwTi3wHAS8aFAN243C5vGbkYDpqLHP',
          outcome: 'paid',
          detail: null,
          hash: `0x${'a5'.repeat(32)}`,
          startedAt: '2026-11-01T09:00:01.000Z',
          endedAt: '2026-11-01T09:00:31.000Z',
        },
      ],
    },
  },
});

export const withdrawalOperations = [
  quoteWithdrawal,
  createWithdrawal,
  listWithdrawals,
  getWithdrawal,
  cancelWithdrawal,
  listAttempts,
  ...approvalOperations,
  ...policyOperations,
  ...operatorOperations,
  ...unclaimedOperations,
] as const;
