/**
 * Parts of requests and answers about transactions that several services have: who signs, what a
 * script would do and cost, how a wallet sends, and the transaction it becomes.
 */
import * as z from 'zod';
import { networkIdSchema } from '../core/neo/network-settings.ts';
import { LIMITS } from '../core/neo/transaction/limits.ts';
import { LIMITS as SENDER } from '../core/neo-sender/limits.ts';
import { LIMITS as PROPOSALS } from '../core/transactions/limits.ts';
import { TRANSACTION_KINDS, TRANSACTION_STATUSES } from '../core/transactions/status.ts';
import { exampleId, idSchema, labelSchema, timestampSchema } from './schemas.ts';

const GAS = '0xd2a4cff31913016155e38e474a2c06d08be276cf';
const ADDRESS = 'NPTmAHDxo6Pkyic8Nvu3kwyXoYJCvcCB6i';
const NETWORK = 'neo3:private';

const inNodesForm = (description: string) =>
  z.record(z.string(), z.unknown()).meta({ description: `${description} As JSON-RPC has it.` });

export const signerSchema = z
  .strictObject({
    account: z.string().max(64).meta({ description: 'Address, or `0x` and 40 digits.' }),
    scopes: z
      .string()
      .max(128)
      .default('CalledByEntry')
      .meta({ description: 'Names of witness scopes, separated by commas.' }),
    allowedContracts: z.array(z.string()).max(LIMITS.scopeItemsMax.value).optional(),
    allowedGroups: z.array(z.string()).max(LIMITS.scopeItemsMax.value).optional(),
    rules: z.array(inNodesForm('A witness rule.')).max(LIMITS.scopeItemsMax.value).optional(),
  })
  .meta({ id: 'TransactionSigner' });

export const simulationSchema = z
  .strictObject({
    script: z.string().meta({ description: 'Base64: what was run.' }),
    vmState: z.enum(['HALT', 'FAULT']),
    exception: z.string().nullable().meta({ description: 'Why it would fail.' }),
    systemFee: z.string().meta({
      description: 'Datoshi that the script took: the least a transaction must allow.',
    }),
    networkFee: z
      .string()
      .nullable()
      .meta({
        description:
          'Datoshi for size and verification, if every signer has one key. Null when the ' +
          'prices of the network could not be read.',
      }),
    stack: z.array(inNodesForm('What the script left.')).nullable(),
    notifications: z.array(
      z.strictObject({
        contract: z.string(),
        eventName: z.string(),
        state: z.array(inNodesForm('A stack item.')).nullable(),
      }),
    ),
  })
  .meta({ id: 'TransactionSimulation' });

const networkField = networkIdSchema.meta({
  description: 'CAIP-2 id of a network.',
  example: NETWORK,
});
export const transactionIdSchema = idSchema('transaction', 'The transaction.');
export const chainWalletIdSchema = idSchema('wallet', 'The wallet on a Neo network.');
export const statusSchema = z.enum(TRANSACTION_STATUSES).meta({
  description:
    '`proposed` waits for approvals, `sending` is on its way. `confirmed` and `faulted` are on the ' +
    'chain, with HALT and FAULT; `expired` can never be, nor can `cancelled` and `rejected`. ' +
    '`disputed`: nodes contradict each other, an operator decides.',
});

/** Datoshi up to 10,000 GAS, the most a sender lets a fee be. */
export const feeField = (description: string) =>
  z
    .string()
    .regex(FEE, `is not a whole number of datoshi up to ${String(SENDER.senderFeeMax.value)}`)
    .meta({ description: `${description} Datoshi.`, example: '10000000' });
const FEE = /^(0|[1-9][0-9]{0,11}|1000000000000)$/;

const summaryFields = {
  id: transactionIdSchema,
  kind: z.enum(TRANSACTION_KINDS).meta({
    description: '`wallet`: signed by a wallet of the account; `multisig`: by its members.',
  }),
  requestId: z.string().nullable().meta({ description: 'Your own id of it.' }),
  walletId: chainWalletIdSchema.nullable(),
  network: networkField,
  networkMagic: z.int(),
  sender: z.string().meta({ description: 'The address that pays the fees.' }),
  status: statusSchema,
  statusSince: timestampSchema('Since when.'),
  reason: z.string().nullable().meta({
    description: 'Why it ended like this, or still waits; a word for programs.',
  }),
  detail: z.string().nullable().meta({ description: 'The same for people.' }),
  systemFeeMax: z.string().meta({ description: 'The most it may cost; datoshi.' }),
  networkFeeMax: z.string().meta({ description: 'The most it may cost; datoshi.' }),
  windowBlocks: z.int().meta({ description: 'For how many blocks an attempt is valid.' }),
  intentHash: z.string().meta({ description: 'SHA-256 of all that approvals are given to.' }),
  threshold: z.int().nullable().meta({
    description: 'How many approvals it needs, fixed when it was proposed; null for none.',
  }),
  expiresAt: timestampSchema('Until when it can be approved.').nullable(),
  hash: z.string().nullable().meta({ description: 'Of the attempt that is on the chain.' }),
  blockIndex: z.int().nullable(),
  vmState: z.enum(['HALT', 'FAULT']).nullable(),
  systemFee: z.string().nullable().meta({ description: 'What it cost; datoshi.' }),
  networkFee: z.string().nullable().meta({ description: 'What it cost; datoshi.' }),
  note: z.string().nullable().meta({ description: 'Your own words.' }),
  createdBy: z.string().meta({ description: 'A key, a session, `operator:<name>` or `system`.' }),
  createdAt: timestampSchema('When it was asked for.'),
  updatedAt: timestampSchema('When it last changed here.'),
  endedAt: timestampSchema('When its end was known.').nullable(),
} as const;

export const summarySchema = z.strictObject(summaryFields).meta({ id: 'TransactionSummary' });

export const transactionSchema = z
  .strictObject({
    ...summaryFields,
    script: z.string().meta({ description: 'Base64.' }),
    signers: z.array(inNodesForm('A signer.')),
    attributes: z.array(inNodesForm('An attribute.')).meta({
      description: 'Without the `Conflicts` that its sender writes itself.',
    }),
    approvers: z.array(z.string()).meta({
      description: 'Who may approve it, fixed when it was proposed: wallets of the workspace.',
    }),
    reasons: z.array(z.string()).meta({ description: 'Why it is not free, for people.' }),
    approvals: z.array(
      z.strictObject({
        walletId: z.string(),
        layout: z.string().meta({ description: 'Which bytes the wallet signed.' }),
        counts: z.boolean().meta({ description: 'False for a wallet that was removed since.' }),
        createdAt: timestampSchema('When it was given.'),
      }),
    ),
    expectedAt: timestampSchema('When its status should change; null: nobody can say.').nullable(),
    latestAt: timestampSchema('When its status changes at the latest.').nullable(),
    attempts: z
      .array(
        z.strictObject({
          number: z.int(),
          kind: z.enum(['original', 'replacement', 'cancel']),
          state: z.enum(['planned', 'prepared', 'live', 'included', 'void', 'expired']),
          hash: z.string().nullable(),
          systemFee: z.string().nullable(),
          networkFee: z.string().nullable(),
          validUntilBlock: z.int().nullable(),
        }),
      )
      .meta({
        description:
          'The transactions made for it, of which the chain takes one at most; kept a quarter.',
      }),
  })
  .meta({ id: 'Transaction' });

export const noteField = labelSchema(PROPOSALS.transactionNoteCharsMax.value, 'Your own words.');

export const requestIdField = z
  .string()
  .max(PROPOSALS.transactionRequestIdCharsMax.value)
  .regex(/^[A-Za-z0-9_.-]+$/, 'has other characters than letters, digits, _ . and -')
  .meta({ description: 'Your own id of it, unique in the account.' });

const scopeItems = z.array(z.string()).max(LIMITS.scopeItemsMax.value).optional();

/** How far the witness of whoever sends counts. */
export const scopesFields = {
  scopes: z.string().max(128).optional().meta({
    description: "Of the wallet's witness, separated by commas; `CalledByEntry` if absent.",
  }),
  allowedContracts: scopeItems,
  allowedGroups: scopeItems,
  rules: z.array(inNodesForm('A witness rule.')).max(LIMITS.scopeItemsMax.value).optional(),
} as const;

/** How a wallet sends what another part of the request says. */
export const sendingFields = {
  walletId: chainWalletIdSchema,
  ...scopesFields,
  systemFeeMax: feeField(
    'The most it may cost; if absent, a tenth more than the simulation took.',
  ).optional(),
  networkFeeMax: feeField(
    'The most it may cost; if absent, a tenth more than it costs now.',
  ).optional(),
  windowBlocks: z
    .int()
    .min(SENDER.senderWindowBlocksMin.value)
    .max(SENDER.senderWindowBlocksMax.value)
    .optional()
    .meta({ description: 'For how many blocks it is valid once it is prepared.' }),
  expiresInMinutes: z
    .int()
    .min(PROPOSALS.proposalMinutesMin.value)
    .max(PROPOSALS.proposalMinutesMax.value)
    .optional()
    .meta({ description: 'How long it can be approved, if it needs approvals.' }),
  note: noteField.optional(),
} as const;

const TIME = '2026-11-01T09:00:00.000Z';

export const summaryExample = {
  id: exampleId('transaction'),
  kind: 'wallet',
  requestId: 'payout-7',
  walletId: exampleId('wallet'),
  network: NETWORK,
  networkMagic: 56_753,
  sender: ADDRESS,
  status: 'proposed',
  statusSince: TIME,
  reason: null,
  detail: null,
  systemFeeMax: '10975558',
  networkFeeMax: '1355772',
  windowBlocks: 60,
  intentHash: '9f'.repeat(32),
  threshold: 2,
  expiresAt: '2026-11-02T09:00:00.000Z',
  hash: null,
  blockIndex: null,
  vmState: null,
  systemFee: null,
  networkFee: null,
  note: 'payout of October',
  createdBy: exampleId('apiKey'),
  createdAt: TIME,
  updatedAt: TIME,
  endedAt: null,
} as const;

export const transactionExample = {
  ...summaryExample,
  script: 'QA==',
  signers: [{ account: '0xa7cbfee3f01f89d58c042644b0b6df2d59a6eb26', scopes: 'CalledByEntry' }],
  attributes: [],
  approvers: [exampleId('workspaceWallet')],
  reasons: [`more than 50000000 a day of ${GAS}`],
  approvals: [],
  expectedAt: null,
  latestAt: '2026-11-02T09:00:00.000Z',
  attempts: [],
} as const;
