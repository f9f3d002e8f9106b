/**
 * What work costs, what pays for it, and credits. Credits pay for metered work alone: nothing turns
 * them back into GAS, and nothing moves them to another account (M17).
 */
import * as z from 'zod';
import { METER_REFUSALS } from '../../core/metering/refusals.ts';
import { defineOperation } from '../../http/operation.ts';
import { exampleId } from '../../http/schemas.ts';
import {
  accountParams,
  billingSchema,
  creditsExample,
  creditsSchema,
  gasAccountIdSchema,
  grantBody,
  grantSchema,
  NETWORK,
  networkField,
  networkQuery,
  operatorPriceListSchema,
  priceListExample,
  priceListSchema,
  pricesBody,
  purchaseBody,
  purchaseExample,
  purchaseSchema,
} from './shapes.ts';

const accountId = exampleId('account');
const { initialCredits, ...sharedPrices } = priceListExample;
const operatorExample = {
  ...sharedPrices,
  initialAllocation: { credits: initialCredits, total: '1000' },
  allocated: '24',
  createdBy: 'operator:ops',
};
const { execution, fuel, storage, creditsPerGas } = sharedPrices;

export const setPrices = defineOperation({
  id: 'metering.setPrices',
  method: 'put',
  path: '/operator/gasbank/prices',
  summary: 'Set the price list of a network',
  description:
    'Replaces it as a whole and keeps the ones before. It holds everywhere within 30 seconds; ' +
    'work that has begun and credits that are bought keep the prices they began with.',
  access: { kind: 'operator' },
  body: pricesBody,
  successes: [
    { status: 200, description: 'The list.', schema: operatorPriceListSchema, etag: true },
  ],
  errors: ['chain.network_unknown'],
  idempotency: 'catalogue',
  ifMatch: true,
  example: {
    body: {
      network: NETWORK,
      execution,
      fuel,
      storage,
      creditsPerGas,
      initialAllocation: operatorExample.initialAllocation,
    },
    response: operatorExample,
  },
});

export const getOperatorPrices = defineOperation({
  id: 'metering.getOperatorPrices',
  method: 'get',
  path: '/operator/gasbank/prices',
  summary: 'Read the price list of a network with what is given away',
  description: 'Everything is free until an operator sets a price.',
  access: { kind: 'operator' },
  query: networkQuery,
  successes: [
    { status: 200, description: 'The list.', schema: operatorPriceListSchema, etag: true },
  ],
  errors: ['chain.network_unknown'],
  idempotency: 'none',
  example: { query: { network: NETWORK }, response: operatorExample },
});

export const getPrices = defineOperation({
  id: 'metering.getPrices',
  method: 'get',
  path: '/accounts/{accountId}/gasbank/prices',
  summary: 'Read the price list of a network',
  description:
    'Fees of sponsored transactions and of withdrawals are paid as the chain takes them, without ' +
    'a price of our own.',
  access: { kind: 'account', scope: 'gasbank:read' },
  params: accountParams,
  query: networkQuery,
  successes: [{ status: 200, description: 'The list.', schema: priceListSchema }],
  errors: ['chain.network_unknown'],
  idempotency: 'none',
  example: {
    params: { accountId },
    query: { network: NETWORK },
    response: priceListExample,
  },
});

const billingExample = {
  gasAccountId: exampleId('gasAccount'),
  payer: { network: NETWORK, gasAccountId: exampleId('gasAccount'), name: 'main' },
};

export const getBilling = defineOperation({
  id: 'metering.getBilling',
  method: 'get',
  path: '/accounts/{accountId}/gasbank/billing',
  summary: 'Read which gas account pays for executions',
  description:
    'The chosen one, where executions have a price on its network; else `main` of the first ' +
    'network that has one. Credits of that network pay first.',
  access: { kind: 'account', scope: 'gasbank:read' },
  params: accountParams,
  successes: [{ status: 200, description: 'What pays.', schema: billingSchema }],
  errors: [],
  idempotency: 'none',
  example: { params: { accountId }, response: billingExample },
});

export const setBilling = defineOperation({
  ...getBilling,
  id: 'metering.setBilling',
  method: 'put',
  summary: 'Choose the gas account that pays for executions',
  description: 'Its limits hold for them as for anything else. Null goes back to `main`.',
  access: { kind: 'account', scope: 'gasbank:write' },
  body: z.strictObject({ gasAccountId: gasAccountIdSchema.nullable() }).meta({ id: 'SetBilling' }),
  errors: ['gasbank.fund_not_found'],
  idempotency: 'catalogue',
  example: {
    params: { accountId },
    body: { gasAccountId: billingExample.gasAccountId },
    response: billingExample,
  },
});

export const getCredits = defineOperation({
  id: 'metering.getCredits',
  method: 'get',
  path: '/accounts/{accountId}/gasbank/credits',
  summary: 'Read the credits of an account on a network',
  description: 'They pay for metered work, before GAS, and for nothing else.',
  access: { kind: 'account', scope: 'gasbank:read' },
  params: accountParams,
  query: networkQuery,
  successes: [{ status: 200, description: 'The credits.', schema: creditsSchema }],
  errors: ['chain.network_unknown'],
  idempotency: 'none',
  example: { params: { accountId }, query: { network: NETWORK }, response: creditsExample },
});

export const buyCredits = defineOperation({
  id: 'metering.buyCredits',
  method: 'post',
  path: '/accounts/{accountId}/gasbank/credits/purchases',
  summary: 'Buy credits with GAS',
  description:
    'At the rate of the price list, which is fixed with the purchase: the same id again answers ' +
    'the same purchase, whatever the rate is by then. Credits never become GAS again.',
  access: { kind: 'account', scope: 'gasbank:write' },
  params: accountParams,
  body: purchaseBody,
  successes: [{ status: 201, description: 'The purchase.', schema: purchaseSchema }],
  errors: [
    'chain.network_unknown',
    'metering.credits_not_sold',
    'gasbank.command_invalid',
    'gasbank.command_conflict',
    ...METER_REFUSALS,
  ],
  idempotency: 'catalogue',
  example: {
    params: { accountId },
    body: { id: purchaseExample.id, gasAccountId: purchaseExample.gasAccountId, amount: '10' },
    response: purchaseExample,
  },
});

export const claimInitialAllocation = defineOperation({
  id: 'metering.claimInitialAllocation',
  method: 'post',
  path: '/accounts/{accountId}/gasbank/credits/initial-allocation',
  summary: 'Receive the credits that are given to new accounts',
  description:
    'Once for an account and once for a verified wallet on a network, while the operator gives ' +
    'some away; again, it answers the same.',
  access: { kind: 'account', scope: 'gasbank:write' },
  params: accountParams,
  body: z.strictObject({ network: networkField }).meta({ id: 'ClaimInitialAllocation' }),
  successes: [{ status: 201, description: 'The credits.', schema: grantSchema }],
  errors: [
    'chain.network_unknown',
    'metering.allocation_unavailable',
    'metering.wallet_needed',
    'gasbank.command_invalid',
    'gasbank.book_closed',
    'gasbank.full',
  ],
  idempotency: 'catalogue',
  example: {
    params: { accountId },
    body: { network: NETWORK },
    response: {
      id: 'initial',
      accountId,
      network: NETWORK,
      amount: '2',
      reason: null,
      createdAt: '2026-11-01T09:00:00.000Z',
    },
  },
});

export const grantCredits = defineOperation({
  id: 'metering.grantCredits',
  method: 'post',
  path: '/operator/gasbank/accounts/{accountId}/credits',
  summary: 'Give credits to an account',
  description: 'They pay for metered work alone; nobody can withdraw or move them.',
  access: { kind: 'operator' },
  params: accountParams,
  body: grantBody,
  successes: [{ status: 201, description: 'The credits.', schema: grantSchema }],
  errors: [
    'request.not_found',
    'chain.network_unknown',
    'gasbank.command_invalid',
    'gasbank.command_conflict',
    'gasbank.book_closed',
    'gasbank.full',
  ],
  idempotency: 'catalogue',
  example: {
    params: { accountId },
    body: { id: 'pilot', network: NETWORK, amount: '25', reason: 'Pilot until the new year' },
    response: {
      id: 'pilot',
      accountId,
      network: NETWORK,
      amount: '25',
      reason: 'Pilot until the new year',
      createdAt: '2026-11-01T09:00:00.000Z',
    },
  },
});

export const meteringOperations = [
  setPrices,
  getOperatorPrices,
  getPrices,
  getBilling,
  setBilling,
  getCredits,
  buyCredits,
  claimInitialAllocation,
  grantCredits,
] as const;
