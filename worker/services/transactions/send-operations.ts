/** The part of the contract in which transactions are sent from wallets of the account. */
import * as z from 'zod';
import { defineOperation } from '../../http/operation.ts';
import { exampleId, pageOf, pageQuery } from '../../http/schemas.ts';
import { requestIdField, sendingFields } from '../../http/transaction-schemas.ts';
import { LIMITS } from './limits.ts';
import {
  chainWalletIdSchema,
  feeField,
  networkField,
  params,
  scriptFields,
  statusSchema,
  summaryExample,
  summarySchema,
  transactionExample,
  transactionParams,
  transactionSchema,
  transferExample,
} from './shapes.ts';

const accountId = exampleId('account');
const exampleParams = { accountId, transactionId: transactionExample.id };
const read = { kind: 'account', scope: 'transactions:read' } as const;
const write = { kind: 'account', scope: 'transactions:write' } as const;

export const createTransaction = defineOperation({
  id: 'transactions.createTransaction',
  method: 'post',
  path: '/accounts/{accountId}/transactions',
  summary: 'Send a transaction',
  description:
    'From a wallet of the account: give `script`, or the `calls` it is made of, or `raw`. What the ' +
    "wallet's policy lets pass is sent at once (`sending`); what needs approvals waits for them " +
    '(`proposed`). The fees of `raw` are the maxima; its nonce and validUntilBlock are written anew. ' +
    'A node simulates it first, and what would fail is refused. `requestId` is your own ' +
    'id of it: asked again with the same contents, the same transaction is answered (200), however ' +
    'much later, while it is kept.',
  access: write,
  params,
  body: z
    .strictObject({
      requestId: requestIdField.optional(),
      ...scriptFields,
      ...sendingFields,
    })
    .meta({ id: 'CreateTransaction' }),
  successes: [
    { status: 201, description: 'The transaction.', schema: transactionSchema },
    { status: 200, description: 'It was there already.', schema: transactionSchema },
  ],
  errors: [
    'chain.network_unknown',
    'chain.unavailable',
    'request.precondition_failed',
    'transactions.approvers_missing',
    'transactions.fee_above_maximum',
    'transactions.raw_refused',
    'transactions.request_conflict',
    'transactions.script_refused',
    'transactions.too_many_open',
    'transactions.wallet_unknown',
    'transactions.would_fault',
    'wallets.policy_refused',
    'wallets.retired',
  ],
  idempotency: 'catalogue',
  example: {
    params: { accountId },
    body: {
      walletId: transactionExample.walletId,
      requestId: transactionExample.requestId,
      calls: [transferExample],
      note: transactionExample.note,
    },
    response: transactionExample,
  },
});

export const listTransactions = defineOperation({
  id: 'transactions.listTransactions',
  method: 'get',
  path: '/accounts/{accountId}/transactions',
  summary: 'List transactions',
  description: `Newest first; ended ones for ${LIMITS.transactionKeepDays.value} days.`,
  access: read,
  params,
  query: z.strictObject({
    ...pageQuery,
    status: statusSchema.optional(),
    walletId: chainWalletIdSchema.optional(),
    network: networkField.optional(),
  }),
  successes: [
    {
      status: 200,
      description: 'A page of transactions.',
      schema: pageOf(summarySchema, 'TransactionPage'),
    },
  ],
  errors: [],
  idempotency: 'none',
  example: { params: { accountId }, response: { items: [summaryExample], nextCursor: null } },
});

export const getTransaction = defineOperation({
  id: 'transactions.getTransaction',
  method: 'get',
  path: '/accounts/{accountId}/transactions/{transactionId}',
  summary: 'Read a transaction',
  description:
    'Its status, what it does, who approved it, and every attempt to get it on the chain.',
  access: read,
  params: transactionParams,
  successes: [{ status: 200, description: 'The transaction.', schema: transactionSchema }],
  errors: [],
  idempotency: 'none',
  example: { params: exampleParams, response: transactionExample },
});

const displaceErrors = [
  'chain.network_unknown',
  'sender.approvals_required',
  'sender.attempt_conflict',
  'sender.full',
  'sender.intent_conflict',
  'sender.intent_invalid',
  'sender.not_replaceable',
  'sender.policy_refused',
  'transactions.ended',
  'wallets.retired',
] as const;

export const cancelTransaction = defineOperation({
  id: 'transactions.cancelTransaction',
  method: 'post',
  path: '/accounts/{accountId}/transactions/{transactionId}/cancel',
  summary: 'Cancel a transaction',
  description:
    'One that is proposed, or not signed yet, ends at once. One that was signed is displaced by ' +
    'another transaction of the wallet that does nothing and pays more; which of the two comes, the ' +
    'chain decides. Asking again changes nothing, unless with a `networkFeeMax`.',
  access: write,
  params: transactionParams,
  body: z.strictObject({
    networkFeeMax: feeField(
      'The most that displacing it may cost; if absent, what the policy of the wallet lets pass.',
    ).optional(),
  }),
  successes: [{ status: 200, description: 'The transaction.', schema: transactionSchema }],
  errors: [...displaceErrors, 'request.precondition_failed'],
  idempotency: 'catalogue',
  example: {
    params: exampleParams,
    body: {},
    response: { ...transactionExample, status: 'cancelled', reason: 'withdrawn', latestAt: null },
  },
});

export const replaceTransaction = defineOperation({
  id: 'transactions.replaceTransaction',
  method: 'post',
  path: '/accounts/{accountId}/transactions/{transactionId}/replace',
  summary: 'Raise the fee of a transaction',
  description:
    'Sends it again with a higher network fee, in place of all attempts before; the chain takes one ' +
    'of them. Not above what was approved, nor above what the policy of the wallet lets pass.',
  access: write,
  params: transactionParams,
  body: z.strictObject({ networkFeeMax: feeField('The most it may cost.') }),
  successes: [{ status: 200, description: 'The transaction.', schema: transactionSchema }],
  errors: [...displaceErrors, 'transactions.fee_above_approved'],
  idempotency: 'catalogue',
  example: {
    params: exampleParams,
    body: { networkFeeMax: '2500000' },
    response: { ...transactionExample, status: 'sending', latestAt: null },
  },
});

export const sendOperations = [
  createTransaction,
  listTransactions,
  getTransaction,
  cancelTransaction,
  replaceTransaction,
] as const;
