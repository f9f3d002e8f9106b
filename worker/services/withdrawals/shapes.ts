/** Parts that several operations of withdrawals have in common. */
import * as z from 'zod';
import { networkIdSchema } from '../../core/neo/network-settings.ts';
import { PAYOUT_KINDS, PAYOUT_STATUSES } from '../../core/withdrawals/status.ts';
import { commandIdSchema, gasAmount, gasSum } from '../../http/gas-schemas.ts';
import {
  accountIdSchema,
  exampleId,
  idSchema,
  labelSchema,
  timestampSchema,
} from '../../http/schemas.ts';
import { addressSchema, withdrawalPolicyFields } from '../../http/withdrawal-schemas.ts';
import { LIMITS } from './limits.ts';

/** What asking for the price of a payment can meet. */
export const QUOTE_ERRORS = [
  'chain.network_unknown',
  'chain.unavailable',
  'withdrawals.above_cap',
  'withdrawals.amount_too_small',
  'withdrawals.destination_refused',
  'withdrawals.fee_too_high',
  'withdrawals.route_unavailable',
  'withdrawals.would_fault',
] as const;
/** And what every payment that an operator asks for can. */
export const PAYMENT_ERRORS = [
  ...QUOTE_ERRORS,
  'gasbank.full',
  'gasbank.insufficient_funds',
  'request.not_found',
  'request.precondition_failed',
] as const;

const ADDRESS = 'NPTmAHDxo6Pkyic8Nvu3kwyXoYJCvcCB6i';
export const NETWORK = 'neo3:private';
const VAULT = '0xb0fdc0f9e8b3a3ad1ac2f2a85b0b0fc6b2a4a0f1';

export const networkField = networkIdSchema.meta({
  description: 'CAIP-2 id of a network.',
  example: NETWORK,
});
export const gasAccountIdSchema = idSchema('gasAccount', 'The gas account that pays.');
export const withdrawalIdSchema = idSchema('withdrawal', 'The withdrawal.');
export const params = z.strictObject({ accountId: accountIdSchema });
export const withdrawalParams = z.strictObject({
  accountId: accountIdSchema,
  withdrawalId: withdrawalIdSchema,
});

const routeField = z.enum(['vault', 'resolver']).meta({
  description:
    '`vault`: the contract of the network pays on the chain; `resolver`: a service of the operator ' +
    'pays. If absent, the vault where there is one.',
});

export const askedFields = {
  gasAccountId: gasAccountIdSchema,
  amount: gasAmount('What is paid out; the fee comes beside it.'),
  to: addressSchema,
  route: routeField.optional(),
  feeMax: gasAmount(
    'The most that the fee may be; if absent, the bound of the platform.',
  ).optional(),
} as const;

export const requestFields = {
  id: commandIdSchema,
  ...askedFields,
  scheduleAt: timestampSchema('Not before; at once if absent.').optional(),
  note: labelSchema(200, 'For people.').optional(),
} as const;

export const statusSchema = z.enum(PAYOUT_STATUSES).meta({
  description:
    '`awaiting_approval` and `scheduled` wait; `ready` waits for its turn, `reason` says for what. ' +
    '`sending` may be signed already. `settling` is decided and being booked. `completed` was paid; ' +
    '`failed` was not, and the amount came back; `cancelled` and `rejected` were never sent. ' +
    '`unresolved` and `dead_letter` wait for an operator.',
});

export const reasonField = labelSchema(
  LIMITS.withdrawalReasonCharsMax.value,
  'How you know; it stays in the audit log.',
);

const textOrNull = (description: string) => z.string().nullable().meta({ description });
const timeOrNull = (description: string) => timestampSchema(description).nullable();

const summaryFields = {
  id: withdrawalIdSchema,
  kind: z.enum(PAYOUT_KINDS).meta({
    description:
      '`return`: of a deposit in suspense; `refill`: of a sponsor wallet; `unclaimed`: of what a ' +
      'deleted account has left. Accounts have withdrawals.',
  }),
  requestId: z.string().meta({ description: 'Your own id of it.' }),
  gasAccountId: gasAccountIdSchema.nullable(),
  depositId: idSchema('deposit', 'The deposit that is returned.').nullable(),
  network: networkField,
  networkMagic: z.int(),
  route: routeField,
  vault: textOrNull('The contract that pays.'),
  onChainId: z.string().meta({
    description: 'The id that the vault pays under, 64 hexadecimal digits: `released(id)` has it.',
  }),
  to: addressSchema,
  amount: gasSum('What is paid out.'),
  feeMax: gasSum('What is held for the fee; what is not taken comes back.'),
  fee: gasSum('What the fee was.').nullable(),
  status: statusSchema,
  statusSince: timestampSchema('Since when.'),
  reason: textOrNull('Why it waits or ended like this; a word for programs.'),
  detail: textOrNull('The same for people.'),
  threshold: z.int().nullable().meta({ description: 'How many must approve it.' }),
  expiresAt: timeOrNull('Until when it can be approved.'),
  scheduledAt: timeOrNull('Not before.'),
  expectedAt: timeOrNull('When its turn should come, while the day’s cap of the vault is used up.'),
  attempt: z.int().meta({ description: 'How often it was sent.' }),
  hash: textOrNull('Of the transaction that paid it, or that failed.'),
  blockIndex: z.int().nullable(),
  reference: textOrNull('The resolver’s own name of the payment.'),
  note: textOrNull('For people.'),
  createdBy: z.string().meta({ description: 'Who asked for it.' }),
  createdAt: timestampSchema('When it was asked for.'),
  updatedAt: timestampSchema('When it changed last.'),
  endedAt: timeOrNull('When it ended.'),
} as const;

export const summarySchema = z.strictObject(summaryFields).meta({ id: 'WithdrawalSummary' });

export const withdrawalSchema = z
  .strictObject({
    ...summaryFields,
    approvers: z.array(z.string()).meta({ description: 'Wallets that may approve it, for ever.' }),
    approvals: z.array(
      z.strictObject({
        walletId: idSchema('workspaceWallet', 'Who approved.'),
        layout: z.string().meta({ description: 'Which bytes the wallet signed.' }),
        counts: z.boolean().meta({ description: 'False once the wallet is not verified.' }),
        createdAt: timestampSchema('When.'),
      }),
    ),
  })
  .meta({ id: 'Withdrawal' });

export const payoutSchema = z
  .strictObject({
    ...summaryFields,
    accountId: z.string().meta({ description: 'The account, or `platform`.' }),
  })
  .meta({ id: 'OperatorWithdrawal' });

export const summaryExample = {
  id: exampleId('withdrawal'),
  kind: 'withdrawal',
  requestId: 'payout-2026-11-01',
  gasAccountId: exampleId('gasAccount'),
  depositId: null,
  network: NETWORK,
  networkMagic: 56_753,
  route: 'vault',
  vault: VAULT,
  onChainId: '7d'.repeat(32),
  to: ADDRESS,
  amount: '12.5',
  feeMax: '0.38',
  fee: null,
  status: 'ready',
  statusSince: '2026-11-01T09:00:00.000Z',
  reason: null,
  detail: null,
  threshold: null,
  expiresAt: null,
  scheduledAt: null,
  expectedAt: null,
  attempt: 0,
  hash: null,
  blockIndex: null,
  reference: null,
  note: 'winnings of October',
  createdBy: exampleId('apiKey'),
  createdAt: '2026-11-01T09:00:00.000Z',
  updatedAt: '2026-11-01T09:00:00.000Z',
  endedAt: null,
} as const;

export const withdrawalExample = { ...summaryExample, approvers: [], approvals: [] } as const;
export const payoutExample = { ...summaryExample, accountId: exampleId('account') } as const;

export const askedExample = {
  gasAccountId: exampleId('gasAccount'),
  amount: '12.5',
  to: ADDRESS,
} as const;

const policyFields = {
  network: networkField,
  networkMagic: z.int(),
  approvalsAbove: withdrawalPolicyFields.approvalsAbove,
  perDay: withdrawalPolicyFields.perDay,
  destinations: z
    .array(
      z.strictObject({
        address: addressSchema,
        label: textOrNull('For people.'),
        activeAt: timeOrNull('From when on it is paid; null for now.'),
      }),
    )
    .nullable()
    .meta({ description: 'The only ones that are paid; null for any.' }),
  liftedAt: timeOrNull('When the list ends that is being lifted.'),
  delayHours: z.int().meta({ description: 'How long what is added to the list waits.' }),
} as const;
export const policySchema = z.strictObject(policyFields).meta({ id: 'WithdrawalPolicy' });

export const policyExample = {
  network: NETWORK,
  networkMagic: 56_753,
  approvalsAbove: '10',
  perDay: '100',
  destinations: [{ address: ADDRESS, label: 'treasury', activeAt: null }],
  liftedAt: null,
  delayHours: 24,
} as const;
