/**
 * The door of the parse layer: sizes are counted, not believed; every wrong place is named; nothing
 * of a body is quoted.
 */
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { LIMITS } from '../../worker/core/limits.ts';
import { defineOperation } from '../../worker/http/operation.ts';
import { parseParts, readBody } from '../../worker/http/parse-request.ts';

const operation = defineOperation({
  id: 'library.addBook',
  method: 'post',
  path: '/books/{name}',
  summary: 'Add a book',
  description: 'Adds it.',
  access: { kind: 'public' },
  params: z.strictObject({ name: z.string().regex(/^[a-z]+$/) }),
  query: z.strictObject({ shelf: z.string().optional() }),
  body: z.strictObject({
    pages: z.int().min(1),
    authors: z.array(z.strictObject({ name: z.string() })).optional(),
    any: z.json().optional(),
  }),
  successes: [{ status: 204, description: 'Added.' }],
  errors: [],
  idempotency: 'none',
  example: {},
});

const encoder = new TextEncoder();

interface Sent {
  readonly body?: string | Uint8Array;
  readonly type?: string | null;
  readonly query?: string;
  readonly name?: string;
}
const parse = ({
  body = '{"pages":1}',
  type = 'application/json',
  query = '',
  name = 'faust',
}: Sent) =>
  parseParts(
    operation,
    {
      params: { name },
      query: new URLSearchParams(query),
      body: typeof body === 'string' ? encoder.encode(body) : body,
    },
    type,
  );

function pointersOf(sent: Sent): readonly string[] {
  const outcome = parse(sent);
  if (outcome.ok) return [];
  expect(outcome.failure.code).toBe('request.malformed');
  return (outcome.failure.fields ?? []).map(({ pointer }) => pointer);
}

const streamed = (chunks: readonly string[], headers: Record<string, string> = {}) =>
  new Request('http://platform.test/', {
    method: 'POST',
    headers,
    body: new ReadableStream<Uint8Array>({
      start: (controller) => {
        for (const chunk of chunks) controller.enqueue(encoder.encode(chunk));
        controller.close();
      },
    }),
  });

describe('readBody', () => {
  it('reads chunks as one, up to exactly the bound', async () => {
    const read = await readBody(streamed(['ab', '', 'cd', 'e']), 5);
    expect(read.ok && new TextDecoder().decode(read.value)).toBe('abcde');
    expect((await readBody(new Request('http://platform.test/'), 5)).ok).toBe(true);
  });

  it('counts what comes and does not believe what was announced', async () => {
    for (const request of [
      streamed(['abc', 'def']),
      streamed(['abc', 'def'], { 'content-length': '1' }),
    ])
      expect(await readBody(request, 5)).toMatchObject({
        ok: false,
        failure: { code: 'request.body_too_large', limit: 5, observed: 6 },
      });
  });

  it('stops pulling once the bound is passed', async () => {
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>(
      {
        pull: (controller) => {
          pulled += 1;
          controller.enqueue(new Uint8Array(1_000));
        },
      },
      { highWaterMark: 0 },
    );
    const request = new Request('http://platform.test/', { method: 'POST', body: endless });
    expect((await readBody(request, 5_000)).ok).toBe(false);
    expect(pulled).toBeLessThan(20);
  });
});

describe('a media type', () => {
  it('is JSON in any spelling', () => {
    for (const type of [
      'application/json',
      'Application/JSON; charset=utf-8',
      'application/merge-patch+json',
    ])
      expect(parse({ type }).ok, type).toBe(true);
  });

  it('is refused when it is another or none', () => {
    for (const type of [
      null,
      '',
      'text/json',
      'application/json5',
      'application/x-www-form-urlencoded',
      'json',
    ])
      expect(parse({ type })).toMatchObject({
        failure: { code: 'request.media_type_unsupported' },
      });
  });
});

describe('a body', () => {
  it('names every wrong place by its JSON Pointer, escaped as RFC 6901 says', () => {
    const body = '{"pages":0,"authors":[{"name":1},{"name":"x","a/b~c":1}],"__proto__":1}';
    expect([...pointersOf({ body })].sort()).toEqual([
      '/__proto__',
      '/authors/0/name',
      '/authors/1/a~1b~0c',
      '/pages',
    ]);
  });

  it('names wrong places of path, query and body at once', () => {
    expect(pointersOf({ body: '{}', name: 'FAUST', query: 'shelf=a&row=1' })).toEqual([
      'path/name',
      'query/row',
      '/pages',
    ]);
  });

  it('is not quoted in its refusal, so that a secret in it stays there', () => {
    for (const body of [
      '{"pages":canary-5d1e}',
      '{"pages":"canary-5d1e"}',
      '{"authors":"canary-5d1e"}',
    ])
      expect(JSON.stringify(parse({ body }))).not.toContain('canary-5d1e');
  });

  it('is JSON of RFC 8259 in UTF-8, without a byte order mark', () => {
    const bodies = [
      '',
      ' ',
      "{'pages':1}",
      '{"pages":1,}',
      '{"pages":01}',
      '{"pages":NaN}',
      '\ufeff{"pages":1}',
    ];
    for (const body of [...bodies, new Uint8Array([0x7b, 0x80, 0x7d])])
      expect(parse({ body })).toMatchObject({
        failure: {
          code: 'request.malformed',
          fields: [{ pointer: '', detail: 'is not valid JSON in UTF-8' }],
        },
      });
  });

  it('is nested to a bound and no deeper, brackets in text not counted', () => {
    const depthMax = LIMITS.jsonDepthMax.value;
    const nested = (levels: number) =>
      `{"pages":1,"any":${'['.repeat(levels)}${']'.repeat(levels)}}`;
    expect(parse({ body: nested(depthMax - 1) }).ok).toBe(true);
    expect(parse({ body: nested(depthMax) })).toMatchObject({
      failure: { code: 'request.malformed', limit: depthMax, observed: depthMax + 1 },
    });
    expect(parse({ body: `{"pages":1,"any":${JSON.stringify('[{"\\'.repeat(1_000))}}` }).ok).toBe(
      true,
    );
    expect(parse({ body: '['.repeat(500_000) })).toMatchObject({
      failure: { code: 'request.malformed' },
    });
  });

  it('does not reach the prototype of anything', () => {
    const parsed = parse({ body: '{"pages":1,"any":{"__proto__":{"polluted":true}}}' });
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    const any = parsed.ok ? (parsed.value.body as { any: object }).any : {};
    expect((any as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('is told of at most 50 wrong places, each by at most 200 characters of a name', () => {
    const many = Object.fromEntries(
      Array.from({ length: 200 }, (_, index) => [`${'k'.repeat(500)}${index}`, 1]),
    );
    const pointers = pointersOf({ body: JSON.stringify({ pages: 1, ...many }) });
    expect(pointers).toHaveLength(50);
    for (const pointer of pointers) expect(pointer.length).toBeLessThanOrEqual(201);
  });
});

describe('a query', () => {
  it('gives each parameter once', () => {
    expect(pointersOf({ query: 'shelf=a&shelf=b' })).toEqual(['query/shelf']);
    expect(pointersOf({ query: 'a/b=1&a/b=2' })).toContain('query/a~1b');
  });

  it('has no parameter named after the prototype', () => {
    expect(pointersOf({ query: '__proto__=1' })).toEqual(['query/__proto__']);
  });
});
