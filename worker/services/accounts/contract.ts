/**
 * Accounts: the tenants of the platform. Operators open and close them; their own keys read and
 * describe them.
 */
import * as z from 'zod';
import { LIMITS as RECORDS } from '../../core/executions/limits.ts';
import { LIMITS as SHARED } from '../../core/limits.ts';
import { defineOperation } from '../../http/operation.ts';
import {
  accountIdSchema,
  exampleId,
  labelSchema,
  metadataSchema,
  pageOf,
  pageQuery,
  timestampSchema,
} from '../../http/schemas.ts';
import { LIMITS } from './limits.ts';
import { signatureOperations } from './signature-operations.ts';

const statusSchema = z.enum(['active', 'suspended', 'deleted']).meta({
  description:
    'Keys of a suspended account are refused; a deleted one is purged after a stated time.',
});

export const accountSchema = z
  .strictObject({
    id: accountIdSchema,
    name: z.string(),
    status: statusSchema,
    metadata: metadataSchema,
    createdAt: timestampSchema('When the account was opened.'),
    updatedAt: timestampSchema('When it was last changed.'),
    purgeAfter: timestampSchema('When a deleted account loses its data.').nullable(),
  })
  .meta({ id: 'Account' });

const nameSchema = labelSchema(LIMITS.accountNameCharsMax.value, 'A name for people.');
const params = z.strictObject({ accountId: accountIdSchema });

const count = (description: string) => z.int().min(0).meta({ description });
export const quotasSchema = z
  .strictObject({
    keys: count('API keys that are not revoked.'),
    wallets: count('Workspace wallets.'),
    chainWallets: count('Wallets on Neo networks, retired ones too.'),
    contracts: count('Registered contracts.'),
    secrets: count('Secrets.'),
    functions: count('Functions.'),
    concurrentExecutions: count('Executions running at once.'),
    monthlyExecutions: count('Executions in a calendar month (UTC).'),
    monthlyFuel: count('Fuel burnt in a calendar month (UTC), by trials and replays as well.'),
  })
  .meta({ id: 'Quotas' });

const used = z.strictObject({ used: z.number().min(0), limit: z.int().min(0) });
const retained = z
  .strictObject({
    days: z.int().min(1).meta({ description: 'Kept for at most this long.' }),
    bytesMax: z.int().min(1).meta({ description: 'And at most this much.' }),
    bytes: z.int().min(0).meta({ description: 'Kept now.' }),
  })
  .meta({ id: 'Retention' });

export const usageSchema = z
  .strictObject({
    month: z
      .string()
      .regex(/^\d{4}-\d{2}$/)
      .meta({ description: 'The calendar month, UTC.' }),
    keys: used,
    wallets: used,
    chainWallets: used,
    contracts: used,
    secrets: used,
    functions: used,
    concurrentExecutions: used,
    monthlyExecutions: used,
    monthlyFuel: used,
    retention: z.strictObject({ journals: retained, outputs: retained }),
  })
  .meta({ id: 'Usage' });

const example = {
  id: exampleId('account'),
  name: 'Flamingo market maker',
  status: 'active',
  metadata: { team: 'defi' },
  createdAt: '2026-11-01T09:00:00.000Z',
  updatedAt: '2026-11-01T09:00:00.000Z',
  purgeAfter: null,
} as const;

const quotasExample = {
  keys: 100,
  wallets: 100,
  chainWallets: 100,
  contracts: 500,
  secrets: 200,
  functions: 200,
  concurrentExecutions: 20,
  monthlyExecutions: 1_000_000,
  monthlyFuel: 1_000_000_000_000_000,
};

const none = { used: 0, limit: 100 };
const kept = { days: 30, bytesMax: 1_073_741_824, bytes: 0 };
const usageExample = {
  month: '2026-11',
  keys: { used: 2, limit: 100 },
  wallets: none,
  chainWallets: none,
  contracts: none,
  secrets: none,
  functions: none,
  concurrentExecutions: none,
  monthlyExecutions: none,
  monthlyFuel: none,
  retention: { journals: kept, outputs: kept },
};

const one = { schema: accountSchema, etag: true } as const;

export const createAccount = defineOperation({
  id: 'accounts.createAccount',
  method: 'post',
  path: '/accounts',
  summary: 'Open an account',
  description: 'Opens an account for a team. Its first API key is made by the operator too.',
  access: { kind: 'operator' },
  body: z.strictObject({ name: nameSchema, metadata: metadataSchema.optional() }),
  successes: [{ status: 201, description: 'The account.', ...one }],
  errors: [],
  idempotency: 'catalogue',
  example: { body: { name: example.name, metadata: example.metadata }, response: example },
});

export const listAccounts = defineOperation({
  id: 'accounts.listAccounts',
  method: 'get',
  path: '/accounts',
  summary: 'List accounts',
  description: 'Newest first.',
  access: { kind: 'operator' },
  query: z.strictObject({
    ...pageQuery,
    status: statusSchema.optional(),
    name: z.string().max(SHARED.pageSizeMax.value).optional().meta({
      description: 'Only accounts whose name holds this text, in any case.',
    }),
  }),
  successes: [
    {
      status: 200,
      description: 'A page of accounts.',
      schema: pageOf(accountSchema, 'AccountPage'),
    },
  ],
  errors: [],
  idempotency: 'none',
  example: { query: { limit: '25' }, response: { items: [example], nextCursor: null } },
});

export const getAccount = defineOperation({
  id: 'accounts.getAccount',
  method: 'get',
  path: '/accounts/{accountId}',
  summary: 'Read an account',
  description: 'The account, with an `ETag` for updates.',
  access: { kind: 'account', scope: 'account:read' },
  params,
  successes: [{ status: 200, description: 'The account.', ...one }],
  errors: [],
  idempotency: 'none',
  example: { params: { accountId: example.id }, response: example },
});

export const updateAccount = defineOperation({
  id: 'accounts.updateAccount',
  method: 'patch',
  path: '/accounts/{accountId}',
  summary: 'Change name or metadata',
  description: 'Replaces the fields that are given; `metadata` is replaced as a whole.',
  access: { kind: 'account', scope: 'account:write' },
  params,
  body: z.strictObject({ name: nameSchema.optional(), metadata: metadataSchema.optional() }),
  successes: [{ status: 200, description: 'The changed account.', ...one }],
  errors: [],
  idempotency: 'catalogue',
  ifMatch: true,
  example: {
    params: { accountId: example.id },
    body: { name: example.name },
    response: example,
  },
});

export const suspendAccount = defineOperation({
  id: 'accounts.suspendAccount',
  method: 'post',
  path: '/accounts/{accountId}/suspend',
  summary: 'Suspend an account',
  description:
    'Refuses every key of the account, everywhere within 30 seconds, until it is resumed.',
  access: { kind: 'operator' },
  params,
  body: z.strictObject({ reason: labelSchema(512, 'Recorded in the audit log.') }),
  successes: [{ status: 200, description: 'The suspended account.', ...one }],
  errors: ['request.not_found', 'request.precondition_failed', 'accounts.state_conflict'],
  idempotency: 'catalogue',
  example: {
    params: { accountId: example.id },
    body: { reason: 'unpaid' },
    response: { ...example, status: 'suspended' },
  },
});

export const resumeAccount = defineOperation({
  ...suspendAccount,
  id: 'accounts.resumeAccount',
  path: '/accounts/{accountId}/resume',
  summary: 'Resume a suspended account',
  description: 'Its keys work again within 30 seconds.',
  successes: [{ status: 200, description: 'The active account.', ...one }],
  example: {
    params: { accountId: example.id },
    body: { reason: 'paid' },
    response: example,
  },
});

export const deleteAccount = defineOperation({
  id: 'accounts.deleteAccount',
  method: 'delete',
  path: '/accounts/{accountId}',
  summary: 'Delete an account',
  description:
    `Refuses its keys at once; data is purged ${LIMITS.accountPurgeAfterDays.value} days later. ` +
    'Audit, approvals, attestations and wallet mappings are kept for ' +
    `${LIMITS.accountRecordsKeepDays.value} days. An account with an active wallet policy needs ` +
    'its approvals, and one whose wallets on Neo networks are not all retired is refused: their ' +
    'keys would be destroyed with what they hold. So is one that has GAS in its gas accounts.',
  access: { kind: 'account', scope: 'account:write' },
  params,
  query: z.strictObject({
    leaveGas: z
      .enum(['true', 'false'])
      .default('false')
      .meta({
        description:
          '`true` deletes it although GAS is left, which stays its owner’s as unclaimed and is paid ' +
          'out by the operator.',
      }),
  }),
  successes: [{ status: 204, description: 'Deleted.' }],
  errors: ['wallets.approvals_required', 'wallets.still_active', 'gasbank.balance_left'],
  idempotency: 'catalogue',
  ifMatch: true,
  example: { params: { accountId: example.id } },
});

export const getUsage = defineOperation({
  id: 'accounts.getUsage',
  method: 'get',
  path: '/accounts/{accountId}/usage',
  summary: 'Read quotas and what is used of them',
  description: 'Counts against each quota, and what retention keeps of executions.',
  access: { kind: 'account', scope: 'account:read' },
  params,
  successes: [{ status: 200, description: 'Usage.', schema: usageSchema }],
  errors: [],
  idempotency: 'none',
  example: { params: { accountId: example.id }, response: usageExample },
});

export const getQuotas = defineOperation({
  id: 'accounts.getQuotas',
  method: 'get',
  path: '/accounts/{accountId}/quotas',
  summary: 'Read the quotas of an account',
  description: 'Defaults, and what the operator changed for this account.',
  access: { kind: 'account', scope: 'account:read' },
  params,
  successes: [{ status: 200, description: 'The quotas.', schema: quotasSchema, etag: true }],
  errors: [],
  idempotency: 'none',
  example: { params: { accountId: example.id }, response: quotasExample },
});

export const setQuotas = defineOperation({
  id: 'accounts.setQuotas',
  method: 'patch',
  path: '/accounts/{accountId}/quotas',
  summary: 'Change the quotas of an account',
  description:
    'Sets the quotas that are given. What is already there stays when a quota falls below it.',
  access: { kind: 'operator' },
  params,
  body: quotasSchema.partial(),
  successes: [{ status: 200, description: 'The quotas now.', schema: quotasSchema, etag: true }],
  errors: ['request.not_found'],
  idempotency: 'catalogue',
  ifMatch: true,
  example: {
    params: { accountId: example.id },
    body: { functions: 200 },
    response: quotasExample,
  },
});

const keepDays = z.int().min(1).max(RECORDS.retentionDaysMax.value);
const keepBytes = z.int().min(0).max(RECORDS.retentionBytesMax.value);
export const retentionSchema = z
  .strictObject({
    journalDays: keepDays.meta({ description: 'How long I/O journals can be replayed.' }),
    journalBytes: keepBytes.meta({
      description: 'And how much of them is kept; the oldest go first.',
    }),
    outputDays: keepDays.meta({ description: 'How long logs and outputs are kept.' }),
    outputBytes: keepBytes.meta({ description: 'And how much of them.' }),
    auditDays: keepDays.meta({
      description: 'How long the audit log is kept; never less than the default.',
    }),
  })
  .meta({ id: 'RetentionPolicy' });

export const setRetention = defineOperation({
  id: 'accounts.setRetention',
  method: 'patch',
  path: '/accounts/{accountId}/retention',
  summary: 'Change how long executions are kept',
  description:
    'Sets what is given, up to the maximum of the operator, and answers the policy that ' +
    'holds. Journals go first, then logs and outputs; receipts and the audit log stay.',
  access: { kind: 'account', scope: 'account:write' },
  params,
  body: retentionSchema.partial(),
  successes: [{ status: 200, description: 'The policy that holds.', schema: retentionSchema }],
  errors: [],
  idempotency: 'none',
  example: {
    params: { accountId: example.id },
    body: { journalDays: 7 },
    response: {
      journalDays: 7,
      journalBytes: 1_073_741_824,
      outputDays: 90,
      outputBytes: 1_073_741_824,
      auditDays: 1095,
    },
  },
});

export const accountOperations = [
  createAccount,
  listAccounts,
  getAccount,
  updateAccount,
  suspendAccount,
  resumeAccount,
  deleteAccount,
  getUsage,
  getQuotas,
  setQuotas,
  setRetention,
  ...signatureOperations,
] as const;
