/** The part of the contract about deposits: those of an account, and those in suspense. */
import * as z from 'zod';
import { defineOperation } from '../../http/operation.ts';
import { accountIdSchema, exampleId, labelSchema, pageOf, pageQuery } from '../../http/schemas.ts';
import { LIMITS } from './limits.ts';
import {
  depositExample,
  depositIdSchema,
  depositSchema,
  gasAccountIdSchema,
  networkField,
  platformDepositSchema,
  suspenseExample,
} from './shapes.ts';

const read = { kind: 'account', scope: 'gasbank:read' } as const;
const operator = { kind: 'operator' } as const;
const accountId = exampleId('account');

export const listDeposits = defineOperation({
  id: 'vaults.listDeposits',
  method: 'get',
  path: '/accounts/{accountId}/gasbank/deposits',
  summary: 'List deposits',
  description: 'To gas accounts of this account, newest first.',
  access: read,
  params: z.strictObject({ accountId: accountIdSchema }),
  query: z.strictObject({
    ...pageQuery,
    network: networkField.optional(),
    gasAccountId: gasAccountIdSchema.optional(),
  }),
  successes: [
    {
      status: 200,
      description: 'A page of deposits.',
      schema: pageOf(depositSchema, 'GasDepositPage'),
    },
  ],
  errors: [],
  idempotency: 'none',
  example: { params: { accountId }, response: { items: [depositExample], nextCursor: null } },
});

export const getDeposit = defineOperation({
  id: 'vaults.getDeposit',
  method: 'get',
  path: '/accounts/{accountId}/gasbank/deposits/{depositId}',
  summary: 'Read a deposit',
  description: 'One that came to a gas account of this account.',
  access: read,
  params: z.strictObject({ accountId: accountIdSchema, depositId: depositIdSchema }),
  successes: [{ status: 200, description: 'The deposit.', schema: depositSchema }],
  errors: [],
  idempotency: 'none',
  example: { params: { accountId, depositId: depositExample.id }, response: depositExample },
});

export const listSuspense = defineOperation({
  id: 'vaults.listSuspense',
  method: 'get',
  path: '/operator/gasbank/suspense',
  summary: 'List deposits in suspense',
  description:
    'That came to the platform and belong to nobody it knows: without data, for an unknown or closed ' +
    'gas account, to a wallet, or of a block that nodes contradict each other about. Newest first.',
  access: operator,
  query: z.strictObject({ ...pageQuery, network: networkField.optional() }),
  successes: [
    {
      status: 200,
      description: 'A page of deposits.',
      schema: pageOf(platformDepositSchema, 'SuspensePage'),
    },
  ],
  errors: [],
  idempotency: 'none',
  example: { response: { items: [suspenseExample], nextCursor: null } },
});

export const assignDeposit = defineOperation({
  id: 'vaults.assignDeposit',
  method: 'post',
  path: '/operator/gasbank/deposits/{depositId}/assign',
  summary: 'Assign a deposit in suspense to a gas account',
  description:
    'The whole of it, under the key that it came with, so that it is credited once whatever happens. ' +
    'The reason stays in the audit log of the account.',
  access: operator,
  params: z.strictObject({ depositId: depositIdSchema }),
  body: z.strictObject({
    gasAccountId: gasAccountIdSchema,
    reason: labelSchema(LIMITS.depositReasonCharsMax.value, 'How you know whose it is.'),
  }),
  successes: [
    { status: 200, description: 'The deposit.', schema: platformDepositSchema, etag: true },
  ],
  errors: ['request.not_found', 'gasbank.not_in_suspense', 'vaults.account_unfit'],
  idempotency: 'catalogue',
  ifMatch: true,
  example: {
    params: { depositId: depositExample.id },
    body: { gasAccountId: exampleId('gasAccount'), reason: 'ticket 4711, signed by the sender' },
    response: {
      ...suspenseExample,
      gasAccountId: exampleId('gasAccount'),
      accountId,
      status: 'assigned',
      reason: 'ticket 4711, signed by the sender',
    },
  },
});

export const depositOperations = [listDeposits, getDeposit, listSuspense, assignDeposit] as const;
