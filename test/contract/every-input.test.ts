/**
 * What every operation does with a request that is not whole: the exact refusal, naming the place,
 * and never a 5xx. One live resource serves all checks of an operation, since a refused request
 * changes nothing.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import { operations } from '../../worker/contract.ts';
import { LIMITS } from '../../worker/core/limits.ts';
import type { Operation } from '../../worker/http/operation.ts';
import { type Called, call, openTenant, type Tenant } from '../support/harness.ts';
import { fillPath, makeValid, send, type Valid, withQuery } from './fixtures.ts';

const where = (keep: (operation: Operation) => boolean) =>
  operations.filter(keep).map((operation) => [operation.id, operation] as const);

let tenant: Tenant;
beforeEach(async () => {
  tenant = await openTenant();
});

const pointersOf = ({ body }: Called): readonly string[] =>
  (body.fields ?? []).map(({ pointer }: { readonly pointer: string }) => pointer);

const NOT_AN_OBJECT = ['', '{', '[]', 'null', '"text"', '1', '{"a":1}{', '\ufeff{}'];

async function refusesMalformed(valid: Valid): Promise<void> {
  for (const rawBody of [...NOT_AN_OBJECT, new Uint8Array([0x22, 0xff, 0x22])])
    expect(await send(valid, tenant, { rawBody }), String(rawBody)).toMatchObject({
      status: 400,
      body: { code: 'request.malformed' },
    });
}

async function namesUnknownFields(valid: Valid): Promise<void> {
  const text = JSON.stringify(valid.body);
  const rest = text === '{}' ? '}' : `,${text.slice(1)}`;
  for (const name of ['surprise', '__proto__', 'constructor', 'a/b~c']) {
    const rawBody = `{${JSON.stringify(name)}:{"polluted":true}${rest}`;
    const refused = await send(valid, tenant, { rawBody });
    expect(refused.status, name).toBe(400);
    expect(pointersOf(refused)).toContain(`/${name.replace(/~/g, '~0').replace(/\//g, '~1')}`);
  }
}

async function boundsTheBody(valid: Valid): Promise<void> {
  const limit = valid.operation.bodyBytesMax ?? LIMITS.bodyBytesMax.value;
  const refused = await send(valid, tenant, { rawBody: ' '.repeat(limit + 1) });
  expect(refused).toMatchObject({ status: 413, body: { code: 'request.body_too_large', limit } });
  expect(refused.body.observed).toBeGreaterThan(limit);
  const deep = await send(valid, tenant, { rawBody: '['.repeat(10_000) });
  expect(deep).toMatchObject({ status: 400, body: { code: 'request.malformed' } });
}

async function takesOnlyJson(valid: Valid): Promise<void> {
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp'])
    expect(await send(valid, tenant, { headers: { 'content-type': type } }), type).toMatchObject({
      status: 415,
      body: { code: 'request.media_type_unsupported' },
    });
}

const WRONG_SEGMENTS = ['x', '%00', '%ff', '..%2f', "'--", 'k'.repeat(3_000), '%F0%9F%98%80'];

async function refusesWrongPaths(valid: Valid): Promise<void> {
  const live = valid.path.split('/');
  for (const [index, name] of valid.operation.path.split('/').entries()) {
    if (!name.startsWith('{')) continue;
    for (const wrong of WRONG_SEGMENTS) {
      const path = live.map((part, place) => (place === index ? wrong : part)).join('/');
      const refused = await send({ ...valid, path }, tenant);
      expect([400, 404], `${wrong.slice(0, 9)} ${refused.text}`).toContain(refused.status);
    }
  }
}

const WRONG_PAGES = [
  'limit=0',
  'limit=501',
  'limit=1.5',
  'limit=x',
  'limit=',
  'cursor=x',
  'cursor=',
];

async function refusesUnknownQueries(valid: Valid): Promise<void> {
  for (const query of ['surprise=1', '__proto__=1', 'surprise=1&surprise=2']) {
    const refused = await send({ ...valid, path: withQuery(valid.path, query) }, tenant);
    expect(refused.status, query).toBe(400);
    expect(pointersOf(refused)).toContain(`query/${query.split('=')[0]}`);
  }
}

async function refusesWrongPages(valid: Valid): Promise<void> {
  for (const query of [...WRONG_PAGES, 'limit=1&limit=2'])
    expect(
      (await send({ ...valid, path: withQuery(valid.path, query) }, tenant)).status,
      query,
    ).toBe(400);
}

/** Last of all, since the right tag is accepted. */
async function comparesTheTag(valid: Valid): Promise<void> {
  for (const tag of ['"r9999"', 'W/"r1"', 'r1', '"'])
    expect(await send(valid, tenant, { headers: { 'if-match': tag } }), tag).toMatchObject({
      status: 412,
      body: { code: 'request.precondition_failed' },
    });
  const accepted = await send(valid, tenant, { headers: { 'if-match': '*' } });
  expect(accepted.status, accepted.text).toBeLessThan(300);
}

describe('a request', () => {
  it.each(where(() => true))('that is not whole is refused by place: %s', async (_, operation) => {
    const valid = await makeValid(operation, tenant);
    if (operation.body !== undefined) {
      await refusesMalformed(valid);
      await namesUnknownFields(valid);
      await boundsTheBody(valid);
      await takesOnlyJson(valid);
    }
    await refusesWrongPaths(valid);
    await refusesUnknownQueries(valid);
    if (operation.query && 'cursor' in operation.query.shape) await refusesWrongPages(valid);
    if (operation.ifMatch === true) await comparesTheTag(valid);
  });
});

describe('a method', () => {
  /** A parameter matches whatever stands in its place: a word of another operation, too. */
  const patternOf = (template: string): RegExp =>
    new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`);
  const allowOf = (path: string): readonly string[] => {
    const there = operations.filter((operation) => patternOf(operation.path).test(path));
    const methods = there.map(({ method }) => method.toUpperCase());
    if (methods.includes('GET')) methods.push('HEAD');
    return [...methods, 'OPTIONS'].sort();
  };

  async function refusesOtherMethods(operation: Operation): Promise<void> {
    const path = fillPath(operation, operation.example.params ?? {});
    const allow = allowOf(path);
    const options = await call(`OPTIONS ${path}`, { token: null });
    expect(options, path).toMatchObject({ status: 204, text: '' });
    expect(options.headers.get('allow')).toBe(allow.join(', '));
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND']) {
      if (allow.includes(method)) continue;
      const refused = await call(`${method} ${path}`);
      expect(refused, `${method} ${path}`).toMatchObject({
        status: 405,
        body: { code: 'request.method_not_allowed' },
      });
      expect(refused.headers.get('allow')).toBe(allow.join(', '));
    }
  }

  it('that is not there gets 405 and the ones that are, of every operation', async () => {
    for (const operation of operations) await refusesOtherMethods(operation);
  });

  it.each(where(({ method }) => method === 'get'))(
    'HEAD answers as GET without a body: %s',
    async (_, operation) => {
      const valid = await makeValid(operation, tenant);
      const got = await send(valid, tenant);
      const token = operation.access.kind === 'operator' ? {} : { token: tenant.key };
      const head = await call(`HEAD ${valid.path}`, token);
      expect(head).toMatchObject({ status: got.status, text: '' });
      expect(head.headers.get('content-type')).toBe(got.headers.get('content-type'));
      expect(head.headers.get('etag')).toBe(got.headers.get('etag'));
    },
  );
});
