/** Shapes of prices, credits and what pays. Prices are decimal GAS, credits decimal credits. */
import * as z from 'zod';
import { networkIdSchema } from '../../core/neo/network-settings.ts';
import { commandIdSchema, gasAmount, gasAmountOrZero } from '../../http/gas-schemas.ts';
import {
  accountIdSchema,
  exampleId,
  idSchema,
  labelSchema,
  timestampSchema,
} from '../../http/schemas.ts';
import { LIMITS } from './limits.ts';

export const NETWORK = 'neo3:testnet';

export const accountParams = z.strictObject({ accountId: accountIdSchema });
export const networkField = networkIdSchema.meta({ description: 'CAIP-2 id of the network.' });
export const networkQuery = z.strictObject({ network: networkField });
export const gasAccountIdSchema = idSchema('gasAccount', 'The gas account.');

/** The form of an amount of GAS; what it counts differs. */
const CREDITS = /^(?!0(?:\.0+)?$)(?:0|[1-9][0-9]{0,7})(?:\.[0-9]{1,8})?$/;
const creditAmount = (description: string) =>
  z
    .string()
    .regex(CREDITS, 'is not a decimal number of credits above zero with at most 8 decimals')
    .meta({ description: `${description} Each pays for one GAS of the price list.` });
const creditSum = (description: string) =>
  z.string().meta({ description: `${description} In credits, decimal.` });

const allocationSchema = z
  .strictObject({
    credits: creditAmount('What an account with a verified wallet receives once.'),
    total: creditAmount('What all accounts together receive at most.'),
  })
  .meta({ id: 'InitialAllocation' });

const prices = {
  execution: gasAmountOrZero('One execution of a function that ran.'),
  fuel: gasAmountOrZero('10^9 fuel; a part of a datoshi counts as a whole one.'),
  storage: gasAmountOrZero('A GiB of journals and outputs, kept for a day.'),
  creditsPerGas: creditAmount('What one GAS buys; null where none are sold.').nullable(),
};

export const pricesBody = z
  .strictObject({
    network: networkField,
    ...prices,
    initialAllocation: allocationSchema.nullable().default(null),
  })
  .meta({ id: 'SetPrices' });

export const priceListSchema = z
  .strictObject({
    network: networkField,
    networkMagic: z.int(),
    version: z.int().min(0).meta({ description: '0 while nothing has a price.' }),
    ...prices,
    initialCredits: creditAmount('What an account receives once; null while off.').nullable(),
    createdAt: timestampSchema('When the operator set it.').nullable(),
  })
  .meta({ id: 'PriceList' });

export const operatorPriceListSchema = z
  .strictObject({
    ...priceListSchema.omit({ initialCredits: true }).shape,
    initialAllocation: allocationSchema.nullable(),
    allocated: creditSum('What has been given away so.'),
    createdBy: z.string().nullable(),
  })
  .meta({ id: 'OperatorPriceList' });

export const creditsSchema = z
  .strictObject({
    network: networkField,
    available: creditSum('Free to pay with.'),
    reserved: creditSum('Put aside for work under way.'),
    spent: creditSum('Used so far.'),
    issued: creditSum('Bought and received so far.'),
  })
  .meta({ id: 'Credits' });

export const purchaseBody = z
  .strictObject({
    id: commandIdSchema,
    gasAccountId: gasAccountIdSchema,
    amount: gasAmount('What to pay.'),
  })
  .meta({ id: 'BuyCredits' });

export const purchaseSchema = z
  .strictObject({
    id: z.string(),
    gasAccountId: gasAccountIdSchema,
    network: networkField,
    amount: gasAmount('What was paid.'),
    credits: creditSum('What it bought.'),
    creditsPerGas: creditAmount('The rate, fixed with the purchase.'),
    priceVersion: z.int().min(1),
    createdAt: timestampSchema('When it was asked for.'),
  })
  .meta({ id: 'CreditPurchase' });

export const grantBody = z
  .strictObject({
    id: commandIdSchema,
    network: networkField,
    amount: creditAmount('What to give.'),
    reason: labelSchema(LIMITS.creditReasonCharsMax.value, 'Kept in the book and the audit log.'),
  })
  .meta({ id: 'GrantCredits' });

export const grantSchema = z
  .strictObject({
    id: z.string(),
    accountId: accountIdSchema,
    network: networkField,
    amount: creditAmount('What was given.'),
    reason: z.string().nullable(),
    createdAt: timestampSchema('When it was given.'),
  })
  .meta({ id: 'CreditGrant' });

export const billingSchema = z
  .strictObject({
    gasAccountId: gasAccountIdSchema.nullable().meta({ description: 'As it was chosen.' }),
    payer: z
      .strictObject({
        network: networkField,
        gasAccountId: gasAccountIdSchema.nullable(),
        name: z.string().meta({ description: 'Of the gas account in the book.' }),
      })
      .nullable()
      .meta({ description: 'What pays for executions now; null while they cost nothing.' }),
  })
  .meta({ id: 'Billing' });

export const priceListExample = {
  network: NETWORK,
  networkMagic: 894_710_606,
  version: 3,
  execution: '0.00001',
  fuel: '0.0002',
  storage: '0.05',
  creditsPerGas: '1',
  initialCredits: '2',
  createdAt: '2026-11-01T09:00:00.000Z',
} as const;

export const creditsExample = {
  network: NETWORK,
  available: '11.5',
  reserved: '0',
  spent: '0.5',
  issued: '12',
} as const;

export const purchaseExample = {
  id: 'november',
  gasAccountId: exampleId('gasAccount'),
  network: NETWORK,
  amount: '10',
  credits: '10',
  creditsPerGas: '1',
  priceVersion: 3,
  createdAt: '2026-11-01T09:00:00.000Z',
} as const;
