/**
 * A small contract with one operation of every form the real one has, for tests of what is
 * generated. It is a fixture, not a copy: the real contract is checked by its own tests, and a
 * change there must not move these.
 */
import * as z from 'zod';
import { defineOperation, type Operation } from '../../worker/http/operation.ts';
import { pageOf, pageQuery, timestampSchema } from '../../worker/http/schemas.ts';

const accountId = z
  .string()
  .regex(/^acc_[a-z]+$/)
  .meta({
    description: 'The account.',
    example: 'acc_one',
  });

const place = z.strictObject({
  shelf: z.string().max(10),
  floor: z.int().min(0).max(9).default(0),
});

const book = z
  .strictObject({
    name: z.string().meta({ description: 'Its title.' }),
    createdAt: timestampSchema('When it was added.'),
    kind: z.enum(['paper', 'screen']),
    extra: z.json().meta({ description: 'Anything.' }),
    place: place.meta({ id: 'SamplePlace' }),
  })
  .meta({ id: 'SampleBook', description: 'A book.' });

const onePlace = z.strictObject({
  accountId,
  name: z.string().max(64).meta({ description: 'Which.' }),
});

export const sampleOperations: readonly Operation[] = [
  defineOperation({
    id: 'library.getHealth',
    method: 'get',
    path: '/healthz',
    summary: 'Whether it lives',
    description: 'Answers while the process lives.',
    access: { kind: 'public' },
    successes: [{ status: 200, description: 'It lives.', contentType: 'text/plain' }],
    errors: [],
    idempotency: 'none',
    example: {},
  }),
  defineOperation({
    id: 'library.listBooks',
    method: 'get',
    path: '/accounts/{accountId}/books',
    summary: 'List books',
    description: 'Newest first.',
    access: { kind: 'account', scope: 'secrets:read' },
    params: z.strictObject({ accountId }),
    query: z.strictObject({ ...pageQuery, kind: z.enum(['paper', 'screen']).optional() }),
    successes: [{ status: 200, description: 'A page.', schema: pageOf(book, 'SampleBookPage') }],
    errors: [],
    idempotency: 'none',
    example: { query: { limit: '2' } },
  }),
  defineOperation({
    id: 'library.createBook',
    method: 'post',
    path: '/accounts/{accountId}/books',
    summary: 'Add a book',
    description: 'Adds one <b>book</b> & keeps it.',
    access: { kind: 'account', scope: 'secrets:write' },
    params: z.strictObject({ accountId }),
    body: z
      .strictObject({
        name: z.string().min(1).max(64).meta({ description: 'Its title.' }),
        kind: z.enum(['paper', 'screen']).default('paper'),
        place: place.meta({ id: 'SamplePlace' }).optional(),
        note: z.string().nullable().optional(),
      })
      .meta({ id: 'SampleCreateBook' }),
    bodyBytesMax: 4_096,
    successes: [{ status: 201, description: 'Added.', schema: book, etag: true }],
    errors: ['quota.exceeded'],
    idempotency: 'catalogue',
    example: { params: { accountId: 'acc_one' }, body: { name: 'Faust' } },
  }),
  defineOperation({
    id: 'library.updateBook',
    method: 'patch',
    path: '/accounts/{accountId}/books/{name}',
    summary: 'Change a book',
    description: 'Changes what is given.',
    access: { kind: 'account', scope: 'secrets:write' },
    params: onePlace,
    body: z.strictObject({ kind: z.enum(['paper', 'screen']) }),
    successes: [{ status: 200, description: 'Changed.', schema: book, etag: true }],
    errors: [],
    idempotency: 'object',
    ifMatch: true,
    example: { params: { name: 'Faust' }, body: { kind: 'screen' } },
  }),
  defineOperation({
    id: 'library.burnBook',
    method: 'delete',
    path: '/accounts/{accountId}/books/{name}',
    summary: 'Remove a book',
    description: 'For good.',
    access: { kind: 'operator' },
    params: onePlace,
    successes: [{ status: 204, description: 'Removed.' }],
    errors: [],
    idempotency: 'none',
    deprecated: {
      since: '2026-11-01T00:00:00Z',
      sunset: '2027-05-01T00:00:00Z',
      successor: 'library.updateBook',
    },
    example: {},
  }),
];
