/** What counts as a breaking change: each row makes exactly one change to one operation. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { findBreakingChanges } from '../../scripts/compat/operation-changes.ts';
import { operations } from '../../worker/contract.ts';
import { buildOpenApi } from '../../worker/http/openapi.ts';
import type { OpenApiDocument } from '../../worker/http/openapi-document.ts';
import type { Operation } from '../../worker/http/operation.ts';

const bodyFields = {
  name: z.string().min(2).max(8),
  size: z.int().min(0).max(9).optional(),
  kind: z.enum(['a', 'b']).optional(),
  tags: z.array(z.string()).max(3).optional(),
  place: z.union([z.string(), z.int()]).optional(),
};
const answerFields = {
  id: z.string(),
  at: z.iso.datetime(),
  state: z.enum(['on', 'off']),
  note: z.string().nullable(),
  rows: z.array(z.strictObject({ n: z.int() })),
};

const released = {
  id: 'shop.putItem',
  method: 'put',
  path: '/accounts/{accountId}/items',
  summary: 's',
  description: 'd',
  access: { kind: 'account', scope: 'secrets:write' },
  params: z.strictObject({ accountId: z.string() }),
  query: z.strictObject({ dry: z.enum(['yes', 'no']).optional() }),
  body: z.strictObject(bodyFields),
  bodyBytesMax: 1_000,
  successes: [{ status: 200, description: 'ok', schema: z.strictObject(answerFields), etag: true }],
  errors: ['quota.exceeded'],
  idempotency: 'catalogue',
  ifMatch: true,
  example: {},
} as const satisfies Operation;

const [success] = released.successes;
const documentOf = (list: readonly Operation[]): OpenApiDocument =>
  buildOpenApi(list, { version: '1' });
const changesTo = (change: Partial<Operation>): readonly string[] =>
  findBreakingChanges(
    { released: documentOf([released]), current: documentOf([{ ...released, ...change }]) },
    0,
  ).map((finding) => finding.change);
const body = (fields: z.core.$ZodLooseShape): Partial<Operation> => ({
  body: z.strictObject({ ...bodyFields, ...fields }),
});
const answer = (fields: z.core.$ZodLooseShape): Partial<Operation> => ({
  successes: [{ ...success, schema: z.strictObject({ ...answerFields, ...fields }) }],
});
const without = (fields: z.core.$ZodLooseShape, name: string) =>
  z.strictObject(Object.fromEntries(Object.entries(fields).filter(([key]) => key !== name)));

const BREAKING: readonly (readonly [string, Partial<Operation>, RegExp])[] = [
  ['another path', { path: '/items/{accountId}' }, /moved/],
  ['another method', { method: 'post' }, /moved/],
  ['operators only', { access: { kind: 'operator' } }, /access went/],
  ['another scope', { access: { kind: 'account', scope: 'keys:write' } }, /scope keys:write/],
  ['no Idempotency-Key', { idempotency: 'none' }, /no longer honoured/],
  ['no If-Match', { ifMatch: false }, /If-Match/],
  ['no ETag', { successes: [{ ...success, etag: false }] }, /no ETag/],
  ['a smaller body', { bodyBytesMax: 999 }, /999 bytes/],
  ['a parameter that is gone', { query: z.strictObject({}) }, /query\/dry is gone/],
  [
    'a parameter that is new and required',
    { query: z.strictObject({ ...released.query.shape, of: z.string() }) },
    /query\/of is now required/,
  ],
  [
    'a parameter with fewer values',
    { query: z.strictObject({ dry: z.enum(['yes']).optional() }) },
    /value no/,
  ],
  ['a required field', body({ more: z.string() }), /more: the field is now required/],
  [
    'an optional field made required',
    body({ size: z.int().min(0).max(9) }),
    /size: the field is now required/,
  ],
  ['a field that is gone', { body: without(bodyFields, 'size') }, /size: the field is gone/],
  ['another type', body({ size: z.string().optional() }), /integer is no longer accepted/],
  ['a value that is gone', body({ kind: z.enum(['a']).optional() }), /value b/],
  ['a higher minimum', body({ name: z.string().min(3).max(8) }), /minLength is tighter/],
  ['a lower maximum', body({ size: z.int().min(0).max(8).optional() }), /maximum is tighter/],
  [
    'a bound where there was none',
    body({ tags: z.array(z.string().max(5)).max(3).optional() }),
    /maxLength is tighter/,
  ],
  ['a pattern', body({ name: z.string().min(2).max(8).regex(/^a/) }), /pattern is tighter/],
  [
    'a choice that is gone',
    body({ place: z.string().optional() }),
    /choice "integer" has no match/,
  ],
  [
    'an answer without a field',
    { successes: [{ ...success, schema: without(answerFields, 'id') }] },
    /id: the field is gone/,
  ],
  [
    'an answer field that may be absent',
    answer({ id: z.string().optional() }),
    /may now be absent/,
  ],
  ['an answer field that may be null', answer({ id: z.string().nullable() }), /may now be null/],
  ['an answer field of another type', answer({ id: z.int() }), /may now be integer/],
  ['an answer field of another format', answer({ at: z.string() }), /no longer date-time/],
  [
    'a change inside an array',
    answer({ rows: z.array(z.strictObject({ n: z.string() })) }),
    /rows\/\*\/n/,
  ],
  ['another status', { successes: [{ ...success, status: 201 }] }, /status 200 is gone/],
  [
    'another media type',
    { successes: [{ ...success, contentType: 'text/csv' }] },
    /no longer application\/json/,
  ],
  ['a code that is gone', { errors: [] }, /quota.exceeded is gone from 403/],
];

const ADDITIVE: readonly (readonly [string, Partial<Operation>])[] = [
  ['other words', { summary: 'x', description: 'y' }],
  [
    'access for anyone',
    {
      access: { kind: 'public' },
      errors: [
        'quota.exceeded',
        'request.unauthenticated',
        'request.forbidden',
        'request.not_found',
        'account.suspended',
        'signature.malformed',
        'signature.key_absent',
        'signature.stale',
        'signature.refused',
        'signature.replayed',
      ],
    },
  ],
  [
    'an optional parameter',
    { query: z.strictObject({ ...released.query.shape, of: z.string().optional() }) },
  ],
  ['an optional field', body({ more: z.string().optional() })],
  ['a required field made optional', body({ name: z.string().min(2).max(8).optional() })],
  ['wider bounds', body({ name: z.string().min(1).max(9) })],
  ['a further value to send', body({ kind: z.enum(['a', 'b', 'c']).optional() })],
  ['a further choice', body({ place: z.union([z.string(), z.int(), z.boolean()]).optional() })],
  ['a further field in the answer', answer({ more: z.string() })],
  ['a further value in the answer', answer({ state: z.enum(['on', 'off', 'dim']) })],
  ['an answer field that is never null any more', answer({ note: z.string() })],
  ['a further status', { successes: [success, { status: 202, description: 'later' }] }],
  ['a further code', { errors: ['quota.exceeded', 'keys.ended'] }],
  ['a larger body', { bodyBytesMax: 2_000 }],
];

describe('a breaking change', () => {
  it.each(BREAKING)('is found: %s', (_, change, expected) => {
    const found = changesTo(change);
    expect(found.join('\n')).toMatch(expected);
  });

  it('is found in a recursive schema, and the search ends', () => {
    const treeOf = (leaf: z.ZodType, id: string) => {
      const tree = z
        .strictObject({
          leaf,
          get kids() {
            return z.array(tree);
          },
        })
        .meta({ id });
      return { successes: [{ ...success, schema: tree }] } as const satisfies Partial<Operation>;
    };
    const before = documentOf([{ ...released, ...treeOf(z.string(), 'CompatTree') }]);
    const after = documentOf([{ ...released, ...treeOf(z.int(), 'CompatTreeNow') }]);
    expect(findBreakingChanges({ released: before, current: before }, 0)).toStrictEqual([]);
    expect(findBreakingChanges({ released: before, current: after }, 0)).toHaveLength(1);
  });
});

describe('an additive change', () => {
  it.each(ADDITIVE)('is none: %s', (_, change) => {
    expect(changesTo(change)).toStrictEqual([]);
  });

  it('is a new operation', () => {
    const current = documentOf([released, { ...released, id: 'shop.getItem', method: 'get' }]);
    expect(findBreakingChanges({ released: documentOf([released]), current }, 0)).toStrictEqual([]);
  });
});

describe('an operation that is gone', () => {
  const sunset = '2027-01-01T00:00:00Z';
  const deprecated = { since: '2026-01-01T00:00:00Z', sunset, successor: 'shop.getItem' };

  it.each([
    ['breaks when it was not withdrawn', released, Date.parse(sunset), 1],
    ['breaks before its sunset', { ...released, deprecated }, Date.parse(sunset) - 1, 1],
    ['breaks nothing after its sunset', { ...released, deprecated }, Date.parse(sunset), 0],
  ] as const)('%s', (_, operation, now, count) => {
    const versions = { released: documentOf([operation]), current: documentOf([]) };
    expect(findBreakingChanges(versions, now)).toHaveLength(count);
  });
});

describe('the contract', () => {
  const path = 'docs/released/openapi-v1.json';

  it.skipIf(!existsSync(path))('breaks nothing of what was released', () => {
    const before = JSON.parse(readFileSync(path, 'utf8')) as OpenApiDocument;
    const current = buildOpenApi(operations, { version: '0' });
    expect(findBreakingChanges({ released: before, current }, Date.now())).toStrictEqual([]);
  });

  it('breaks nothing of itself', () => {
    const current = buildOpenApi(operations, { version: '0' });
    expect(findBreakingChanges({ released: current, current }, 0)).toStrictEqual([]);
  });
});
