/**
 * A small contract with one operation of every form, and the command table that the generator makes
 * of it.
 */
import * as z from 'zod';
import type { Command } from '../../../cli/src/command-table.ts';
import { commandEntry } from '../../../scripts/generate/cli-commands.ts';
import { buildOpenApi } from '../../../worker/http/openapi.ts';
import { listOperations } from '../../../worker/http/openapi-document.ts';
import { defineOperation, type Operation } from '../../../worker/http/operation.ts';

const account = z.strictObject({ accountId: z.string().meta({ description: 'The account.' }) });
const params = account.extend({ name: z.string().meta({ description: 'The secret.' }) });
const page = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(25).meta({ description: 'Items a page.' }),
  cursor: z.string().optional().meta({ description: 'Where to go on.' }),
  status: z.enum(['active', 'suspended']).optional().meta({ description: 'Only these.' }),
});
const item = z.strictObject({ id: z.string(), name: z.string() });
const example = { params: { accountId: 'acc_1' } };
const access = { kind: 'account', scope: 'secrets:read' } as const;

const base = {
  summary: 'Do it',
  description: 'Does it, whatever it is.',
  access,
  params: account,
  errors: [],
  idempotency: 'none',
  example,
} as const;

export const OPERATIONS: readonly Operation[] = [
  defineOperation({
    ...base,
    id: 'secretBoxes.createBox',
    method: 'post',
    path: '/accounts/{accountId}/boxes',
    body: z.strictObject({
      name: z.string().meta({ description: 'Its name.' }),
      value: z.string().optional().meta({ description: 'What is in it.' }),
      size: z.int().optional().meta({ description: 'How large.' }),
      weight: z.number().optional().meta({ description: 'How heavy.' }),
      isOpen: z.boolean().optional().meta({ description: 'Open from the start.' }),
      color: z.enum(['red', 'blue']).optional().meta({ description: 'Its colour.' }),
      scopes: z
        .array(z.enum(['a:read', 'b:write']))
        .optional()
        .meta({ description: 'Scopes.' }),
      note: z.string().nullable().optional().meta({ description: 'For people.' }),
      rules: z.record(z.string(), z.json()).optional().meta({ description: 'Rules.' }),
      all: z.boolean().optional().meta({ description: 'Clashes with a flag of slctl.' }),
      noCopy: z.boolean().optional().meta({ description: 'Looks like a negation.' }),
    }),
    successes: [{ status: 201, description: 'The box.', schema: item, etag: true }],
    idempotency: 'catalogue',
    example: {
      params: { accountId: 'acc_1' },
      body: { name: "o'box", isOpen: true, scopes: ['a:read'], note: '@home' },
    },
  }),
  defineOperation({
    ...base,
    id: 'secretBoxes.listBoxes',
    method: 'get',
    path: '/accounts/{accountId}/boxes',
    query: page,
    successes: [
      {
        status: 200,
        description: 'A page.',
        schema: z.strictObject({ items: z.array(item), nextCursor: z.string().nullable() }),
      },
    ],
  }),
  defineOperation({
    ...base,
    id: 'secretBoxes.getBox',
    method: 'get',
    path: '/accounts/{accountId}/boxes/{name}',
    params,
    successes: [{ status: 200, description: 'The box.', schema: item, etag: true }],
    example: { params: { accountId: 'acc_1', name: 'lunch' } },
  }),
  defineOperation({
    ...base,
    id: 'secretBoxes.updateBox',
    method: 'patch',
    path: '/accounts/{accountId}/boxes/{name}',
    params,
    body: z.union([z.strictObject({ name2: z.string() }), z.strictObject({ size: z.int() })]),
    successes: [{ status: 200, description: 'The box.', schema: item }],
    ifMatch: true,
    idempotency: 'catalogue',
    example: { params: { accountId: 'acc_1', name: 'lunch' } },
  }),
  defineOperation({
    ...base,
    id: 'secretBoxes.deleteBox',
    method: 'delete',
    path: '/accounts/{accountId}/boxes/{name}',
    params,
    successes: [{ status: 204, description: 'Gone.' }],
    idempotency: 'catalogue',
    example: { params: { accountId: 'acc_1', name: 'lunch' } },
  }),
  defineOperation({
    ...base,
    id: 'system.getMetrics',
    method: 'get',
    path: '/metrics',
    params: z.strictObject({}),
    successes: [{ status: 200, description: 'Text.', contentType: 'text/plain' }],
    example: {},
  }),
];

export function tableOf(operations: readonly Operation[]): readonly Command[] {
  const document = buildOpenApi(operations, { version: '1.0.0' });
  const entries = listOperations(document).map((placed) => commandEntry(document, placed));
  // The form in which the table is generated: JSON in a TypeScript file, checked there by the compiler.
  return JSON.parse(JSON.stringify(entries)) as readonly Command[];
}

export const TABLE = tableOf(OPERATIONS);
