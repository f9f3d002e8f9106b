/** The part of the contract in which operators end what nodes contradict each other about (M5). */
import * as z from 'zod';

import { defineOperation } from '../../http/operation.ts';
import { accountIdSchema, exampleId, pageOf, pageQuery } from '../../http/schemas.ts';
import { LIMITS } from './limits.ts';
import { summaryExample, summarySchema, transactionIdSchema } from './shapes.ts';

const disputedSchema = summarySchema.extend({ accountId: accountIdSchema }).meta({
  id: 'DisputedTransaction',
});
const disputedExample = {
  ...summaryExample,
  accountId: exampleId('account'),
  status: 'disputed',
  reason: 'contradicting_votes',
} as const;
const access = { kind: 'operator' } as const;

export const listDisputed = defineOperation({
  id: 'transactions.listDisputed',
  method: 'get',
  path: '/operator/transactions/disputed',
  summary: 'List transactions whose end is disputed',
  description:
    'Of all accounts, newest first. Nothing about them changes until an operator decides.',
  access,
  query: z.strictObject(pageQuery),
  successes: [
    {
      status: 200,
      description: 'A page of transactions.',
      schema: pageOf(disputedSchema, 'DisputedTransactionPage'),
    },
  ],
  errors: [],
  idempotency: 'none',
  example: { response: { items: [disputedExample], nextCursor: null } },
});

const hash = /^0x[0-9a-f]{64}$/;

export const resolveDisputed = defineOperation({
  id: 'transactions.resolveDisputed',
  method: 'post',
  path: '/operator/transactions/{transactionId}/resolve',
  summary: 'End a dispute about a transaction',
  description:
    '`observe` looks at the chain again, with fresh votes, once nodes were mended or replaced. ' +
    '`expired` and `included` say what you have seen yourself on nodes you trust: money moves by ' +
    'your word, which stays in the audit log.',
  access,
  params: z.strictObject({ transactionId: transactionIdSchema }),
  body: z
    .strictObject({
      resolution: z.enum(['observe', 'expired', 'included']),
      included: z
        .strictObject({
          attempt: z.int().min(1).meta({ description: 'Which of its attempts.' }),
          blockIndex: z.int().min(0),
          blockHash: z.string().regex(hash, 'is not 0x and 64 hexadecimal digits'),
          vmState: z.enum(['HALT', 'FAULT']),
        })
        .optional()
        .meta({ description: 'Where it is on the chain; for `included`, and for nothing else.' }),
      reason: z
        .string()
        .min(1)
        .max(LIMITS.disputeReasonCharsMax.value)
        .meta({ description: 'How you know.' }),
    })
    .meta({ id: 'ResolveDisputed' }),
  successes: [{ status: 200, description: 'The transaction.', schema: disputedSchema }],
  errors: ['request.not_found', 'sender.intent_invalid', 'sender.not_disputed'],
  idempotency: 'catalogue',
  example: {
    params: { transactionId: summaryExample.id },
    body: { resolution: 'observe', reason: 'the third node was restored from a snapshot' },
    response: disputedExample,
  },
});

export const disputeOperations = [listDisputed, resolveDisputed] as const;
