/**
 * The audit log: who did what, as a chain of hashes with signed checkpoints, so that it can be
 * checked without us.
 */
import * as z from 'zod';
import { signedCheckpointSchema } from '../../core/audit/checkpoint.ts';
import { auditEntrySchema } from '../../core/audit/entry.ts';
import { LIMITS } from '../../core/audit/limits.ts';
import { defineOperation } from '../../http/operation.ts';
import { accountIdSchema, exampleId, pageOf, pageQuery } from '../../http/schemas.ts';

const entrySchema = auditEntrySchema.meta({
  id: 'AuditEntry',
  description:
    'One act. `hash` is SHA-256 over the rest of the entry (RFC 8785), which names the hash ' +
    'of the entry before it.',
});

const exportSchema = z
  .strictObject({
    accountId: z.string().meta({ description: 'The account, or `operator`.' }),
    entries: z.array(entrySchema).readonly(),
    checkpoints: z.array(signedCheckpointSchema).readonly().meta({
      description: 'Those over these entries, signed with a key of `/system/signing-keys`.',
    }),
  })
  .meta({ id: 'AuditExport' });

const params = z.strictObject({ accountId: accountIdSchema });
const text = (description: string) =>
  z.string().min(1).max(LIMITS.auditTextCharsMax.value).optional().meta({ description });
const time = (description: string) =>
  z.iso.datetime({ offset: true }).optional().meta({ description });

const listQuery = z.strictObject({
  ...pageQuery,
  actor: text('Only acts of this key id, or this name of an operator token.'),
  operation: text('Only this operation, e.g. `secrets.createSecret`.'),
  outcome: text('Only this outcome, e.g. `ok`.'),
  since: time('Only acts from this time on.'),
  until: time('Only acts before this time.'),
});

const exportQuery = z.strictObject({
  fromSequence: z.coerce.number().int().min(1).default(1).meta({
    description: 'The first entry; entries that retention has cut are left out.',
  }),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(LIMITS.auditExportEntriesMax.value)
    .default(LIMITS.auditExportEntriesMax.value)
    .meta({ description: 'Entries, at most.' }),
});

const accountId = exampleId('account');
const entryExample = {
  sequence: 1,
  id: exampleId('auditEntry'),
  at: '2026-11-01T09:00:00.000Z',
  actor: { kind: 'operator', id: 'ops' },
  operation: 'accounts.createAccount',
  outcome: 'ok',
  target: { kind: 'account', id: accountId },
  requestId: exampleId('request'),
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  details: { name: 'Flamingo market maker' },
  previousHash: '0f3c1bd2a4e5968778695a4b3c2d1e0f0f3c1bd2a4e5968778695a4b3c2d1e0f',
  hash: '9e107d9d372bb6826bd81d3542a419d69e107d9d372bb6826bd81d3542a419d6',
} as const;

const listing = {
  method: 'get',
  description: 'Newest first. Holds everything that was committed before the request.',
  query: listQuery,
  successes: [
    {
      status: 200,
      description: 'A page of entries.',
      schema: pageOf(entrySchema, 'AuditEntryPage'),
    },
  ],
  errors: [],
  idempotency: 'none',
} as const;

const exporting = {
  method: 'get',
  description:
    'Entries in order with the checkpoints over them, as `slctl audit verify` takes it. When ' +
    'more follow, a `Link` header with `rel="next"` names where.',
  query: exportQuery,
  successes: [{ status: 200, description: 'A stretch of the log.', schema: exportSchema }],
  errors: [],
  idempotency: 'none',
} as const;

export const listEntries = defineOperation({
  ...listing,
  id: 'audit.listEntries',
  path: '/accounts/{accountId}/audit',
  summary: 'List audit entries',
  access: { kind: 'account', scope: 'audit:read' },
  params,
  example: { params: { accountId }, response: { items: [entryExample], nextCursor: null } },
});

export const exportLog = defineOperation({
  ...exporting,
  id: 'audit.exportLog',
  path: '/accounts/{accountId}/audit/export',
  summary: 'Export the audit log',
  access: { kind: 'account', scope: 'audit:read' },
  params,
  example: {
    params: { accountId },
    response: { accountId, entries: [entryExample], checkpoints: [] },
  },
});

export const listOperatorEntries = defineOperation({
  ...listing,
  id: 'audit.listOperatorEntries',
  path: '/operator/audit',
  summary: 'List acts of operators that belong to no account',
  access: { kind: 'operator' },
  example: { response: { items: [entryExample], nextCursor: null } },
});

export const exportOperatorLog = defineOperation({
  ...exporting,
  id: 'audit.exportOperatorLog',
  path: '/operator/audit/export',
  summary: 'Export the log of acts that belong to no account',
  access: { kind: 'operator' },
  example: { response: { accountId: 'operator', entries: [entryExample], checkpoints: [] } },
});

export const auditOperations = [
  listEntries,
  exportLog,
  listOperatorEntries,
  exportOperatorLog,
] as const;
