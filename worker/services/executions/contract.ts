/** Executions: running a function, reading what it did, and running it again byte for byte. */
import * as z from 'zod';
import { METER_REFUSALS } from '../../core/metering/refusals.ts';
import { defineOperation } from '../../http/operation.ts';
import { exampleId, pageOf, pageQuery } from '../../http/schemas.ts';
import {
  accountParams,
  batchSchema,
  executeBatchBody,
  executeBody,
  executionExample,
  executionParams,
  executionSchema,
  functionParams,
  journalSchema,
  logsSchema,
  receiptSchema,
  replaySchema,
  statusSchema,
} from './shapes.ts';

const accountId = exampleId('account');
const functionId = exampleId('function');
const executionId = executionExample.id;
const params = { accountId, executionId };
const hash = (digit: string): string => digit.repeat(64);
const receiptExample = {
  executionId: executionExample.id,
  codeHash: hash('1'),
  inputHash: hash('2'),
  journalHash: hash('3'),
  outputHash: hash('4'),
  fuel: '181233',
  runtimeVersion: hash('5'),
};
const signatureExample = {
  algorithm: 'ES256',
  keyId: 'b9497e65ecf0039c',
  value: 'GMhVzTUZZkhOEC6Yzv2ydLOH1ubNd4rsgQDPG0L907iFpD7TXTWD60-knA-FBgJHTIujKFse1Oyx7hX3iF-Egg',
  attested: false,
} as const;

const runErrors = [
  'functions.not_deployed',
  'functions.input_invalid',
  'functions.capacity',
  'functions.secret_not_granted',
  'functions.secret_missing',
  'secrets.encryption_unconfigured',
  'secrets.undecryptable',
  'quota.exceeded',
  ...METER_REFUSALS,
] as const;
const queueErrors = [
  'functions.not_deployed',
  'functions.input_invalid',
  'functions.capacity',
  'secrets.encryption_unconfigured',
  'secrets.undecryptable',
  'quota.exceeded',
  'gasbank.insufficient_funds',
] as const;

export const executeFunction = defineOperation({
  id: 'executions.executeFunction',
  method: 'post',
  path: '/accounts/{accountId}/functions/{functionId}/executions',
  summary: 'Run a function',
  description:
    'Runs the active version and answers 201 with the whole execution, or with `mode: async` ' +
    '202 with one to poll. Code never starts twice: an execution whose runner died ends ' +
    '`interrupted`.',
  access: { kind: 'account', scope: 'functions:execute' },
  params: functionParams,
  body: executeBody,
  successes: [
    { status: 201, description: 'The ended execution.', schema: executionSchema },
    {
      status: 202,
      description: 'One to poll: it waits in the queue, or its actions are still under way.',
      schema: executionSchema,
    },
  ],
  errors: runErrors,
  idempotency: 'object',
  example: {
    params: { accountId, functionId },
    body: { params: { value: 21 } },
    response: executionExample,
  },
});

export const executeBatch = defineOperation({
  id: 'executions.executeBatch',
  method: 'post',
  path: '/accounts/{accountId}/functions/{functionId}/executions/batch',
  summary: 'Run a function for many inputs',
  description:
    'Queues up to 100 executions at once, all or none; each is counted and ends by itself. ' +
    'They are answered without output, logs and actions.',
  access: { kind: 'account', scope: 'functions:execute' },
  params: functionParams,
  body: executeBatchBody,
  successes: [
    { status: 202, description: 'The queued executions, in order.', schema: batchSchema },
  ],
  errors: queueErrors,
  idempotency: 'object',
  example: {
    params: { accountId, functionId },
    body: { inputs: [{ value: 1 }, { value: 2 }] },
    response: { items: [{ ...executionExample, status: 'queued' }] },
  },
});

export const listExecutions = defineOperation({
  id: 'executions.listExecutions',
  method: 'get',
  path: '/accounts/{accountId}/executions',
  summary: 'List executions',
  description: 'Newest first, without output, logs and actions.',
  access: { kind: 'account', scope: 'executions:read' },
  params: accountParams,
  query: z.strictObject({
    ...pageQuery,
    functionId: functionParams.shape.functionId.optional(),
    status: statusSchema.optional(),
    since: z.iso.datetime().optional(),
    until: z.iso.datetime().optional(),
  }),
  successes: [
    { status: 200, description: 'A page.', schema: pageOf(executionSchema, 'ExecutionPage') },
  ],
  errors: [],
  idempotency: 'none',
  example: { params: { accountId }, response: { items: [executionExample], nextCursor: null } },
});

const readExecution = <const Id extends `executions.${string}`, const Suffix extends string>(
  id: Id,
  suffix: Suffix,
) =>
  ({
    id,
    method: 'get',
    path: `/accounts/{accountId}/executions/{executionId}${suffix}`,
    access: { kind: 'account', scope: 'executions:read' },
    params: executionParams,
    idempotency: 'none',
  }) as const;

export const getExecution = defineOperation({
  ...readExecution('executions.getExecution', ''),
  summary: 'Read an execution',
  description: 'Status, output, error, logs, actions, fuel and timings.',
  successes: [{ status: 200, description: 'The execution.', schema: executionSchema }],
  errors: [],
  example: { params, response: executionExample },
});

export const getLogs = defineOperation({
  ...readExecution('executions.getLogs', '/logs'),
  summary: 'Read the logs of an execution',
  description: 'Lines in order; secret values of 8 bytes or more show as `[secret:NAME]`.',
  successes: [{ status: 200, description: 'Log lines.', schema: logsSchema }],
  errors: ['functions.output_expired'],
  example: { params, response: { items: [{ level: 'log', message: 'hello' }] } },
});

export const getReceipt = defineOperation({
  ...readExecution('executions.getReceipt', '/receipt'),
  summary: 'Read the signed receipt of an execution',
  description: 'Salted hashes of code, input, journal and output, with fuel and runtime version.',
  successes: [{ status: 200, description: 'The receipt.', schema: receiptSchema }],
  errors: [
    'functions.execution_not_ended',
    'functions.receipt_not_made',
    'signing.signature_invalid',
  ],
  example: {
    params,
    response: { receipt: receiptExample, signature: signatureExample, hash: hash('6') },
  },
});

export const getJournal = defineOperation({
  ...readExecution('executions.getJournal', '/journal'),
  summary: 'Export what a replay needs',
  description:
    'The I/O journal with its seed and clock, the source, and the input: `slctl functions ' +
    'replay --file` runs it offline. Secrets appear by id and version only.',
  successes: [{ status: 200, description: 'The journal.', schema: journalSchema }],
  errors: [
    'functions.journal_expired',
    'functions.journal_not_kept',
    'functions.execution_not_ended',
    'functions.receipt_not_made',
    'signing.signature_invalid',
    'secrets.encryption_unconfigured',
    'secrets.undecryptable',
  ],
  example: {
    params,
    response: {
      formatVersion: 1,
      executionId,
      codeHash: hash('1'),
      source: '(params) => ({ doubled: params.value * 2 })',
      entryForm: 'expression',
      input: { value: 21 },
      salt: hash('7'),
      entries: [],
      runtimeVersion: hash('5'),
      receipt: receiptExample,
      signature: signatureExample,
    },
  },
});

export const cancelExecution = defineOperation({
  id: 'executions.cancelExecution',
  method: 'post',
  path: '/accounts/{accountId}/executions/{executionId}/cancel',
  summary: 'Cancel an execution',
  description: 'A queued one ends at once; a running one stops at its next host call.',
  access: { kind: 'account', scope: 'functions:execute' },
  params: executionParams,
  successes: [{ status: 200, description: 'The execution now.', schema: executionSchema }],
  errors: ['functions.execution_ended'],
  idempotency: 'none',
  example: { params, response: { ...executionExample, status: 'cancelled' } },
});

export const replayExecution = defineOperation({
  id: 'executions.replayExecution',
  method: 'post',
  path: '/accounts/{accountId}/executions/{executionId}/replay',
  summary: 'Run an execution again and compare',
  description:
    'Runs the stored execution without any I/O or action and says whether output hash, ' +
    'journal hash and fuel are equal and the signature holds. The fuel counts towards the quota ' +
    'of the month.',
  access: { kind: 'account', scope: 'executions:read' },
  params: executionParams,
  successes: [{ status: 200, description: 'The comparison.', schema: replaySchema }],
  errors: [
    'functions.journal_expired',
    'functions.journal_not_kept',
    'functions.secret_version_purged',
    'functions.runtime_retired',
    'functions.capacity',
    'quota.exceeded',
    'functions.execution_not_ended',
    'functions.receipt_not_made',
    'signing.signature_invalid',
    'secrets.encryption_unconfigured',
    'secrets.undecryptable',
  ],
  idempotency: 'none',
  example: {
    params,
    response: {
      equal: true,
      outputHash: { recorded: hash('4'), replayed: hash('4'), equal: true },
      fuel: { recorded: '181233', replayed: '181233', equal: true },
      journalIntact: true,
      recordIntact: true,
      signatureValid: true,
      problem: null,
      runtimeVersion: hash('5'),
    },
  },
});

export const executionOperations = [
  executeFunction,
  executeBatch,
  listExecutions,
  getExecution,
  getLogs,
  getReceipt,
  getJournal,
  cancelExecution,
  replayExecution,
] as const;
