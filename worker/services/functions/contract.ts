/**
 * Functions: code with immutable versions, of which one is active. Running them is the executions
 * service.
 */
import * as z from 'zod';
import { defineOperation } from '../../http/operation.ts';
import { exampleId, pageOf, pageQuery } from '../../http/schemas.ts';
import { LIMITS } from './limits.ts';
import {
  accountParams,
  createBody,
  functionExample,
  functionParams,
  functionSchema,
  statsSchema,
  testBody,
  testResultSchema,
  updateBody,
  versionExample,
  versionParams,
  versionSchema,
} from './shapes.ts';

const accountId = exampleId('account');
const functionId = functionExample.id;
/** JSON writes a control character in six bytes; the rest of a body is small. */
const BODY_BYTES_MAX = 6 * LIMITS.functionSourceBytesMax.value + 131_072;
const one = { schema: functionSchema, etag: true } as const;

export const createFunction = defineOperation({
  id: 'functions.createFunction',
  method: 'post',
  path: '/accounts/{accountId}/functions',
  summary: 'Make a function',
  description:
    'Compiles the source, keeps it as version 1 and makes it the active one. What the source ' +
    'uses is listed, and what its permissions will refuse.',
  access: { kind: 'account', scope: 'functions:write' },
  params: accountParams,
  body: createBody,
  bodyBytesMax: BODY_BYTES_MAX,
  successes: [{ status: 201, description: 'The function.', ...one }],
  errors: [
    'functions.source_invalid',
    'functions.runtime_unavailable',
    'functions.name_taken',
    'functions.input_schema_invalid',
    'functions.capacity',
    'quota.exceeded',
  ],
  idempotency: 'catalogue',
  example: {
    params: { accountId },
    body: { name: 'price-alert', source: '(params) => ({ doubled: params.value * 2 })' },
    response: functionExample,
  },
});

export const listFunctions = defineOperation({
  id: 'functions.listFunctions',
  method: 'get',
  path: '/accounts/{accountId}/functions',
  summary: 'List functions',
  description: 'Newest first, without sources.',
  access: { kind: 'account', scope: 'functions:read' },
  params: accountParams,
  query: z.strictObject({
    ...pageQuery,
    name: z.string().min(1).max(LIMITS.functionNameCharsMax.value).optional().meta({
      description: 'Only the function of exactly this name.',
    }),
  }),
  successes: [
    {
      status: 200,
      description: 'A page of functions.',
      schema: pageOf(functionSchema, 'FunctionPage'),
    },
  ],
  errors: [],
  idempotency: 'none',
  example: { params: { accountId }, response: { items: [functionExample], nextCursor: null } },
});

export const getFunction = defineOperation({
  id: 'functions.getFunction',
  method: 'get',
  path: '/accounts/{accountId}/functions/{functionId}',
  summary: 'Read a function',
  description: 'The function and its active version, with an `ETag` for updates.',
  access: { kind: 'account', scope: 'functions:read' },
  params: functionParams,
  successes: [{ status: 200, description: 'The function.', ...one }],
  errors: [],
  idempotency: 'none',
  example: { params: { accountId, functionId }, response: functionExample },
});

export const updateFunction = defineOperation({
  id: 'functions.updateFunction',
  method: 'patch',
  path: '/accounts/{accountId}/functions/{functionId}',
  summary: 'Change a function',
  description:
    'A change of source, secrets, permissions, limits or input schema makes a new immutable ' +
    'version; content that a version already has makes none. The new version runs once it is ' +
    'deployed: set `deploy` to do so in the same step.',
  access: { kind: 'account', scope: 'functions:write' },
  params: functionParams,
  body: updateBody,
  bodyBytesMax: BODY_BYTES_MAX,
  successes: [{ status: 200, description: 'The function.', ...one }],
  errors: [
    'functions.source_invalid',
    'functions.name_taken',
    'functions.input_schema_invalid',
    'functions.capacity',
    'quota.exceeded',
  ],
  idempotency: 'catalogue',
  ifMatch: true,
  example: {
    params: { accountId, functionId },
    body: { source: '(params) => ({ tripled: params.value * 3 })', deploy: true },
    response: functionExample,
  },
});

export const deleteFunction = defineOperation({
  id: 'functions.deleteFunction',
  method: 'delete',
  path: '/accounts/{accountId}/functions/{functionId}',
  summary: 'Delete a function',
  description:
    'It runs no more; its executions stay readable and can be replayed for as long as they are kept.',
  access: { kind: 'account', scope: 'functions:write' },
  params: functionParams,
  successes: [{ status: 204, description: 'Deleted.' }],
  errors: [],
  idempotency: 'catalogue',
  ifMatch: true,
  example: { params: { accountId, functionId } },
});

export const listVersions = defineOperation({
  id: 'functions.listVersions',
  method: 'get',
  path: '/accounts/{accountId}/functions/{functionId}/versions',
  summary: 'List the versions of a function',
  description: 'Newest first, without sources.',
  access: { kind: 'account', scope: 'functions:read' },
  params: functionParams,
  query: z.strictObject({
    ...pageQuery,
    state: z.enum(['validating', 'ready', 'failed']).optional(),
  }),
  successes: [
    {
      status: 200,
      description: 'A page of versions.',
      schema: pageOf(versionSchema, 'FunctionVersionPage'),
    },
  ],
  errors: [],
  idempotency: 'none',
  example: {
    params: { accountId, functionId },
    response: { items: [versionExample], nextCursor: null },
  },
});

export const getVersion = defineOperation({
  id: 'functions.getVersion',
  method: 'get',
  path: '/accounts/{accountId}/functions/{functionId}/versions/{versionId}',
  summary: 'Read a version with its source',
  description: 'Versions never change.',
  access: { kind: 'account', scope: 'functions:read' },
  params: versionParams,
  successes: [
    {
      status: 200,
      description: 'The version.',
      schema: versionSchema
        .extend({ source: z.string() })
        .meta({ id: 'FunctionVersionWithSource' }),
    },
  ],
  errors: [],
  idempotency: 'none',
  example: {
    params: { accountId, functionId, versionId: versionExample.id },
    response: { ...versionExample, source: '(params) => ({ doubled: params.value * 2 })' },
  },
});

export const deployVersion = defineOperation({
  id: 'functions.deployVersion',
  method: 'post',
  path: '/accounts/{accountId}/functions/{functionId}/versions/{versionId}/deploy',
  summary: 'Make a version the active one',
  description:
    'Validates the version against the present runtime: it becomes `ready` and active, or ' +
    '`failed` with the reason, and then the active version stays as it was.',
  access: { kind: 'account', scope: 'functions:write' },
  params: versionParams,
  successes: [{ status: 200, description: 'The function.', ...one }],
  errors: ['functions.source_invalid', 'functions.input_schema_invalid', 'functions.capacity'],
  idempotency: 'catalogue',
  ifMatch: true,
  example: {
    params: { accountId, functionId, versionId: versionExample.id },
    response: functionExample,
  },
});

export const rollbackFunction = defineOperation({
  id: 'functions.rollbackFunction',
  method: 'post',
  path: '/accounts/{accountId}/functions/{functionId}/rollback',
  summary: 'Go back to the version that was active before',
  description: 'Rolling back twice returns to where it was.',
  access: { kind: 'account', scope: 'functions:write' },
  params: functionParams,
  successes: [{ status: 200, description: 'The function.', ...one }],
  errors: ['functions.no_earlier_version'],
  idempotency: 'catalogue',
  ifMatch: true,
  example: { params: { accountId, functionId }, response: functionExample },
});

export const testFunction = defineOperation({
  id: 'functions.testFunction',
  method: 'post',
  path: '/accounts/{accountId}/functions/{functionId}/test',
  summary: 'Try a function without effect',
  description:
    'Runs a version with sample params. Actions are planned and not done, HTTP is answered ' +
    'from the fixtures given unless `allowNetwork`, secrets are the values given here and ' +
    'never those of the vault. Nothing is stored; the fuel counts towards the quota of the month.',
  access: { kind: 'account', scope: 'functions:execute' },
  params: functionParams,
  body: testBody,
  successes: [{ status: 200, description: 'What would have happened.', schema: testResultSchema }],
  errors: ['functions.capacity', 'functions.input_invalid', 'quota.exceeded'],
  idempotency: 'none',
  example: {
    params: { accountId, functionId },
    body: { params: { value: 21 } },
    response: {
      status: 'succeeded',
      output: { doubled: 42 },
      error: null,
      logs: [],
      plannedActions: [],
      httpCalls: 0,
      chainReads: 0,
      fuel: 181_233,
      cost: { monthlyFuelShare: 1.81233e-10, runsPerMonth: 1_000_000 },
      memoryBytes: 1_441_792,
      runtimeVersion: versionExample.runtimeVersion,
    },
  },
});

export const getStats = defineOperation({
  id: 'functions.getStats',
  method: 'get',
  path: '/accounts/{accountId}/functions/{functionId}/stats',
  summary: 'Runs, failures, durations and fuel of a function',
  description: 'Counted over the executions that are kept.',
  access: { kind: 'account', scope: 'executions:read' },
  params: functionParams,
  query: z.strictObject({
    since: z.iso.datetime().optional().meta({ description: 'Default: seven days ago.' }),
    until: z.iso.datetime().optional().meta({ description: 'Default: now.' }),
    step: z.enum(['hour', 'day']).default('day'),
  }),
  successes: [{ status: 200, description: 'Statistics.', schema: statsSchema }],
  errors: [],
  idempotency: 'none',
  example: {
    params: { accountId, functionId },
    response: {
      runs: 3,
      failures: 1,
      fuel: 543_699,
      p50Ms: 2,
      p99Ms: 9,
      periods: [
        {
          from: '2026-11-01T00:00:00.000Z',
          runs: 3,
          failures: 1,
          fuel: 543_699,
          p50Ms: 2,
          p99Ms: 9,
        },
      ],
    },
  },
});

export const functionOperations = [
  createFunction,
  listFunctions,
  getFunction,
  updateFunction,
  deleteFunction,
  listVersions,
  getVersion,
  deployVersion,
  rollbackFunction,
  testFunction,
  getStats,
] as const;
