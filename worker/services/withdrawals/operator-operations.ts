/** The part of the contract in which operators look after what nothing moves by itself. */
import * as z from 'zod';
import { defineOperation } from '../../http/operation.ts';
import { exampleId, idSchema, pageOf, pageQuery } from '../../http/schemas.ts';
import {
  networkField,
  PAYMENT_ERRORS,
  payoutExample,
  payoutSchema,
  reasonField,
  statusSchema,
  withdrawalIdSchema,
} from './shapes.ts';

const access = { kind: 'operator' } as const;
const params = z.strictObject({ withdrawalId: withdrawalIdSchema });
const exampleParams = { withdrawalId: payoutExample.id };
const ofOne = [{ status: 200, description: 'The withdrawal.', schema: payoutSchema }] as const;

export const listForOperator = defineOperation({
  id: 'withdrawals.listForOperator',
  method: 'get',
  path: '/operator/gasbank/withdrawals',
  summary: 'List all that leaves',
  description:
    'Withdrawals of all accounts and what the platform pays, newest first. ' +
    '`dead_letter` and `unresolved` wait for you.',
  access,
  query: z.strictObject({
    ...pageQuery,
    status: statusSchema.optional(),
    network: networkField.optional(),
  }),
  successes: [
    {
      status: 200,
      description: 'A page of them.',
      schema: pageOf(payoutSchema, 'OperatorWithdrawalPage'),
    },
  ],
  errors: [],
  idempotency: 'none',
  example: { response: { items: [payoutExample], nextCursor: null } },
});

export const replayWithdrawal = defineOperation({
  id: 'withdrawals.replayWithdrawal',
  method: 'post',
  path: '/operator/gasbank/withdrawals/{withdrawalId}/replay',
  summary: 'Send or look again',
  description:
    'A dead letter is sent again, under the same id; what is unresolved is looked at again.',
  access,
  params,
  body: z.strictObject({ reason: reasonField }),
  successes: ofOne,
  errors: ['request.not_found', 'request.precondition_failed', 'withdrawals.not_replayable'],
  idempotency: 'catalogue',
  example: {
    params: exampleParams,
    body: { reason: 'the operator wallet has GAS again' },
    response: payoutExample,
  },
});

export const resolveWithdrawal = defineOperation({
  id: 'withdrawals.resolveWithdrawal',
  method: 'post',
  path: '/operator/gasbank/withdrawals/{withdrawalId}/resolve',
  summary: 'Close a withdrawal by your word',
  description:
    '`paid` takes the amount from the account, `failed` gives it back. Of a vault, what was paid ' +
    'under the id is read first, once nothing can be included any more, and refuses the other word.',
  access,
  params,
  body: z
    .strictObject({ outcome: z.enum(['paid', 'failed']), reason: reasonField })
    .meta({ id: 'ResolveWithdrawal' }),
  successes: ofOne,
  errors: [
    'chain.network_unknown',
    'chain.unavailable',
    'request.not_found',
    'request.precondition_failed',
    'withdrawals.contradicts_chain',
    'withdrawals.not_replayable',
  ],
  idempotency: 'catalogue',
  example: {
    params: exampleParams,
    body: { outcome: 'failed', reason: 'the resolver’s bank says it was never sent' },
    response: payoutExample,
  },
});

export const returnDeposit = defineOperation({
  id: 'withdrawals.returnDeposit',
  method: 'post',
  path: '/operator/gasbank/deposits/{depositId}/return',
  summary: 'Send a deposit back',
  description:
    'One in suspense, to whoever it came from. What the release costs comes off the amount.',
  access,
  params: z.strictObject({ depositId: idSchema('deposit', 'The deposit.') }),
  body: z.strictObject({ reason: reasonField }),
  successes: [{ status: 201, description: 'The return.', schema: payoutSchema }],
  errors: [...PAYMENT_ERRORS, 'gasbank.not_in_suspense'],
  idempotency: 'catalogue',
  example: {
    params: { depositId: exampleId('deposit') },
    body: { reason: 'sent by mistake, as the sender showed' },
    response: {
      ...payoutExample,
      kind: 'return',
      gasAccountId: null,
      depositId: exampleId('deposit'),
      accountId: 'platform',
    },
  },
});

export const operatorOperations = [
  listForOperator,
  replayWithdrawal,
  resolveWithdrawal,
  returnDeposit,
] as const;
