/** The shapes of executions on the wire. */
import * as z from 'zod';
import { parseCanonicalJson } from '../../core/canonical-json.ts';
import { accountIdSchema, exampleId, idSchema, timestampSchema } from '../../http/schemas.ts';

export const accountParams = z.strictObject({ accountId: accountIdSchema });
export const functionParams = z.strictObject({
  accountId: accountIdSchema,
  functionId: idSchema('function', 'The function.'),
});
const executionIdSchema = idSchema('execution', 'The execution.');
export const executionParams = z.strictObject({
  accountId: accountIdSchema,
  executionId: executionIdSchema,
});

const BATCH_MAX = 100;
/** What has no canonical form (a lone surrogate) has no hash for the receipt, so it is refused before it runs. */
const inputSchema = z
  .json()
  .refine((value) => parseCanonicalJson(value).ok, 'must be I-JSON (RFC 7493)')
  .meta({ description: 'What the function receives.' });
const storeSchema = z.enum(['full', 'receipt']).default('full').meta({
  description: '`receipt` keeps neither output, logs nor journal: it can be proved, not replayed.',
});

export const executeBody = z.strictObject({
  params: inputSchema.optional(),
  mode: z.enum(['sync', 'async']).default('sync'),
  store: storeSchema,
});

export const executeBatchBody = z.strictObject({
  inputs: z.array(inputSchema).min(1).max(BATCH_MAX).meta({
    description: 'One execution each, in this order.',
  }),
  store: storeSchema,
});

export const statusSchema = z
  .enum(['queued', 'running', 'succeeded', 'failed', 'cancelled', 'interrupted', 'expired'])
  .meta({
    description:
      '`interrupted`: the runner died after the start. `expired`: it waited too long to start.',
  });

const errorSchema = z
  .strictObject({
    code: z.string(),
    message: z.string(),
    line: z.int().optional(),
    column: z.int().optional(),
  })
  .meta({ id: 'ExecutionError' });

const logSchema = z
  .strictObject({ level: z.string(), message: z.string() })
  .meta({ id: 'LogLine' });

const actionSchema = z
  .strictObject({
    id: z.string().meta({ description: '`executionId:n`.' }),
    type: z.string(),
    params: z.json().nullable(),
    status: z.enum(['pending', 'succeeded', 'failed']),
    result: z.json().nullable(),
    error: errorSchema.nullable(),
  })
  .meta({ id: 'ExecutionAction' });

export const executionSchema = z
  .strictObject({
    id: executionIdSchema,
    functionId: z.string(),
    versionId: z.string(),
    status: statusSchema,
    mode: z.enum(['sync', 'async']),
    store: z.enum(['full', 'receipt']),
    output: z.json().nullable(),
    error: errorSchema.nullable(),
    logs: z.array(logSchema),
    actions: z.array(actionSchema),
    fuel: z.int().min(0).nullable(),
    fuelMax: z.int().min(0),
    durationMs: z.number().min(0).nullable(),
    timings: z.record(z.string(), z.number()).nullable(),
    cancelRequested: z.boolean(),
    createdAt: timestampSchema('When it was asked for.'),
    startedAt: timestampSchema('When the code started.').nullable(),
    endedAt: timestampSchema('When code and actions had ended.').nullable(),
    requestId: z.string().nullable(),
    traceId: z.string().nullable(),
  })
  .meta({ id: 'Execution' });

export const executionExample = {
  id: exampleId('execution'),
  functionId: exampleId('function'),
  versionId: exampleId('functionVersion'),
  status: 'succeeded',
  mode: 'sync',
  store: 'full',
  output: { doubled: 42 },
  error: null,
  logs: [],
  actions: [],
  fuel: 181_233,
  fuelMax: 3_000_000_000,
  durationMs: 2,
  timings: { waitedMs: 0, ranMs: 2 },
  cancelRequested: false,
  createdAt: '2026-11-01T09:00:00.000Z',
  startedAt: '2026-11-01T09:00:00.000Z',
  endedAt: '2026-11-01T09:00:00.002Z',
  requestId: exampleId('request'),
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
} as const;

export const batchSchema = z
  .strictObject({ items: z.array(executionSchema) })
  .meta({ id: 'ExecutionBatch' });

export const logsSchema = z
  .strictObject({ items: z.array(logSchema) })
  .meta({ id: 'ExecutionLogs' });

const signatureSchema = z
  .strictObject({
    algorithm: z.literal('ES256'),
    keyId: z.string(),
    value: z.string(),
    attested: z.boolean(),
  })
  .meta({ id: 'ReceiptSignature' });

const receiptBodySchema = z
  .strictObject({
    executionId: executionIdSchema,
    codeHash: z.string(),
    inputHash: z.string(),
    journalHash: z.string(),
    outputHash: z.string(),
    fuel: z.string().meta({ description: 'A decimal integer.' }),
    runtimeVersion: z.string(),
  })
  .meta({ id: 'ReceiptBody' });

export const receiptSchema = z
  .strictObject({ receipt: receiptBodySchema, signature: signatureSchema, hash: z.string() })
  .meta({ id: 'Receipt' });

export const journalSchema = z
  .strictObject({
    formatVersion: z.literal(1),
    executionId: executionIdSchema,
    codeHash: z.string(),
    source: z.string(),
    entryForm: z.enum(['expression', 'module']),
    input: z.json().nullable(),
    salt: z.string().meta({ description: 'Hex; the salt of every hash in the receipt.' }),
    entries: z.array(z.json()),
    runtimeVersion: z.string(),
    receipt: receiptBodySchema,
    signature: signatureSchema,
  })
  .meta({ id: 'ExecutionJournal' });

const comparisonSchema = z
  .strictObject({ recorded: z.string(), replayed: z.string(), equal: z.boolean() })
  .meta({ id: 'Comparison' });

export const replaySchema = z
  .strictObject({
    equal: z.boolean().meta({ description: 'True when everything below holds.' }),
    outputHash: comparisonSchema,
    fuel: comparisonSchema,
    journalIntact: z.boolean().meta({ description: 'The stored bytes hash to the receipt.' }),
    recordIntact: z.boolean().meta({
      description: 'Status, error, output, logs, actions and fuel are shown as the run gave them.',
    }),
    signatureValid: z.boolean(),
    problem: z.string().nullable().meta({ description: 'Where the run went another way.' }),
    runtimeVersion: z.string(),
  })
  .meta({ id: 'Replay' });
