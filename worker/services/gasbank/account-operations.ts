/** Opening, reading, changing and closing gas accounts. */
import * as z from 'zod';
import { gasAmount, gasAmountOrZero, termsFields, topUpSchema } from '../../http/gas-schemas.ts';
import { defineOperation } from '../../http/operation.ts';
import { exampleId, pageOf, pageQuery } from '../../http/schemas.ts';
import {
  exampleParams,
  gasAccountExample,
  gasAccountParams,
  gasAccountSchema,
  labelField,
  NETWORK,
  nameField,
  networkField,
  params,
  read,
  write,
} from './shapes.ts';

const accountId = exampleId('account');
const one = { schema: gasAccountSchema, etag: true } as const;
const LOW = 'Below this an event `gasbank.low_balance` tells of it, once for each fall.';

export const createGasAccount = defineOperation({
  id: 'gasbank.createGasAccount',
  method: 'post',
  path: '/accounts/{accountId}/gasbank/gas-accounts',
  summary: 'Open a gas account',
  description:
    'A purse of GAS within the book of the account on one network. `main` is the one that deposits ' +
    'without another destination go to. A name is used once for ever, so that what comes late is ' +
    'never taken for another’s.',
  access: write,
  params,
  body: z.strictObject({
    network: networkField,
    name: nameField.default('main'),
    label: labelField.optional(),
    minimumBalance: gasAmountOrZero('No spending takes it below this.').default('0'),
    lowBalance: gasAmount(LOW).optional(),
    dailyLimit: gasAmountOrZero('What may leave it in a day (UTC).').optional(),
    topUp: topUpSchema.optional().meta({
      description: 'Moves GAS in once the balance is below `lowBalance`.',
    }),
  }),
  successes: [{ status: 201, description: 'The gas account.', ...one }],
  errors: ['chain.network_unknown', 'gasbank.fund_exists', 'gasbank.full', 'gasbank.top_up_source'],
  idempotency: 'catalogue',
  example: {
    params: { accountId },
    body: {
      network: NETWORK,
      label: gasAccountExample.label,
      minimumBalance: '0.5',
      lowBalance: '2',
      dailyLimit: '25',
    },
    response: gasAccountExample,
  },
});

export const listGasAccounts = defineOperation({
  id: 'gasbank.listGasAccounts',
  method: 'get',
  path: '/accounts/{accountId}/gasbank/gas-accounts',
  summary: 'List gas accounts',
  description: 'Newest first, closed ones too. What is in them is read one by one.',
  access: read,
  params,
  query: z.strictObject({
    ...pageQuery,
    network: networkField.optional(),
    status: z.enum(['open', 'closed']).optional(),
  }),
  successes: [
    {
      status: 200,
      description: 'A page of gas accounts.',
      schema: pageOf(gasAccountSchema, 'GasAccountPage'),
    },
  ],
  errors: [],
  idempotency: 'none',
  example: { params: { accountId }, response: { items: [gasAccountExample], nextCursor: null } },
});

export const getGasAccount = defineOperation({
  id: 'gasbank.getGasAccount',
  method: 'get',
  path: '/accounts/{accountId}/gasbank/gas-accounts/{gasAccountId}',
  summary: 'Read a gas account',
  description: 'What binds it. What is in it: `gasbank.getBalance`.',
  access: read,
  params: gasAccountParams,
  successes: [{ status: 200, description: 'The gas account.', ...one }],
  errors: [],
  idempotency: 'none',
  example: { params: exampleParams, response: gasAccountExample },
});

export const updateGasAccount = defineOperation({
  id: 'gasbank.updateGasAccount',
  method: 'patch',
  path: '/accounts/{accountId}/gasbank/gas-accounts/{gasAccountId}',
  summary: 'Change what binds a gas account',
  description:
    'What is not given stays. A lower `minimumBalance`, a higher or no `dailyLimit` and a `topUp` ' +
    'that moves more must be approved where the account has a wallet policy (the act ' +
    '`gasbank.loosenGasAccount`); `fields` name what a change loosens. Tightening needs nobody.',
  access: write,
  params: gasAccountParams,
  body: z.strictObject({
    label: labelField.nullable().optional(),
    lowBalance: gasAmount(LOW).nullable().optional(),
    minimumBalance: termsFields.minimumBalance.optional(),
    dailyLimit: termsFields.dailyLimit.optional(),
    topUp: termsFields.topUp.optional(),
  }),
  successes: [{ status: 200, description: 'The changed gas account.', ...one }],
  errors: ['wallets.approvals_required', 'gasbank.gas_account_closed', 'gasbank.top_up_source'],
  idempotency: 'catalogue',
  ifMatch: true,
  example: {
    params: exampleParams,
    body: { lowBalance: '2', dailyLimit: '25' },
    response: gasAccountExample,
  },
});

export const closeGasAccount = defineOperation({
  id: 'gasbank.closeGasAccount',
  method: 'post',
  path: '/accounts/{accountId}/gasbank/gas-accounts/{gasAccountId}/close',
  summary: 'Close a gas account',
  description:
    'For ever, and only an empty one. What is deposited for it later goes to `main`. Closing it ' +
    'again changes nothing.',
  access: write,
  params: gasAccountParams,
  successes: [{ status: 200, description: 'The closed gas account.', ...one }],
  errors: ['gasbank.fund_not_empty', 'gasbank.main_stays'],
  idempotency: 'catalogue',
  ifMatch: true,
  example: {
    params: exampleParams,
    response: {
      ...gasAccountExample,
      name: 'trading',
      status: 'closed',
      closedAt: gasAccountExample.updatedAt,
    },
  },
});

export const accountOperations = [
  createGasAccount,
  listGasAccounts,
  getGasAccount,
  updateGasAccount,
  closeGasAccount,
] as const;
