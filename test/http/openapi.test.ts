/**
 * What the OpenAPI document promises, on a contract with one operation of every form. Runs in workerd, which serves
 * it.
 */
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { buildOpenApi } from '../../worker/http/openapi.ts';
import { listOperations } from '../../worker/http/openapi-document.ts';
import type { Operation } from '../../worker/http/operation.ts';
import { sampleOperations } from '../support/sample-contract.ts';

const document = buildOpenApi(sampleOperations, { version: '1.2.3' });
const placed = (id: string) => {
  const found = listOperations(document).find(({ operation }) => operation.operationId === id);
  if (!found) throw new Error(`${id} is not in the document`);
  return found.operation;
};
const first = (part: Partial<Operation>): Operation => {
  const [operation] = sampleOperations;
  if (!operation) throw new Error('the sample is empty');
  return { ...operation, ...part };
};

describe('the document', () => {
  it('is byte for byte the same each time it is built', () => {
    const again = buildOpenApi(sampleOperations, { version: '1.2.3' });
    expect(JSON.stringify(again)).toBe(JSON.stringify(document));
  });

  it('has every operation of the contract at its path and method, and no other', () => {
    expect(
      listOperations(document).map(({ method, path, operation }) => [
        operation.operationId,
        method,
        path,
      ]),
    ).toStrictEqual(sampleOperations.map(({ id, method, path }) => [id, method, path]));
  });

  it('resolves every reference inside itself', () => {
    const names = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(
      ([, at]) => at ?? '',
    );
    const missing = names.filter(
      (at) =>
        at.split('/').reduce<unknown>((value, key) => Reflect.get(Object(value), key), document) ===
        undefined,
    );
    expect(names.length).toBeGreaterThan(10);
    expect(missing).toStrictEqual([]);
  });

  it('leaves no trace of how zod marks definitions', () => {
    expect(JSON.stringify(document)).not.toMatch(/\$defs|__schema|#input/);
  });
});

describe('access', () => {
  it('asks for a bearer token unless the operation is public', () => {
    expect(placed('library.getHealth').security).toStrictEqual([]);
    expect(placed('library.listBooks').security).toStrictEqual([{ bearer: [] }]);
    expect(placed('library.listBooks')).toMatchObject({
      'x-access': 'account',
      'x-scope': 'secrets:read',
    });
    expect(placed('library.burnBook')['x-scope']).toBeUndefined();
  });
});

describe('parameters', () => {
  it('documents Idempotency-Key and If-Match exactly where they are honoured', () => {
    const names = (id: string) =>
      placed(id).parameters?.flatMap((each) => (each.in === 'header' ? [each.name] : []));
    expect(names('library.listBooks')).toStrictEqual(['traceparent']);
    expect(names('library.createBook')).toStrictEqual(['Idempotency-Key', 'traceparent']);
    expect(names('library.updateBook')).toStrictEqual([
      'Idempotency-Key',
      'If-Match',
      'traceparent',
    ]);
    expect(names('library.burnBook')).toStrictEqual(['traceparent']);
  });

  it('requires path parameters and leaves what has a default optional', () => {
    const [accountId, limit, cursor, kind] = placed('library.listBooks').parameters ?? [];
    expect(accountId).toMatchObject({ in: 'path', required: true, example: 'acc_one' });
    expect(limit).toMatchObject({ in: 'query', required: false, example: '2' });
    expect(limit?.schema).toStrictEqual({ type: 'integer', minimum: 1, maximum: 500, default: 25 });
    expect(cursor).toMatchObject({ required: false });
    expect(kind?.schema.enum).toStrictEqual(['paper', 'screen']);
  });
});

describe('bodies', () => {
  it('closes what is sent and opens what is answered', () => {
    const { schemas } = document.components;
    expect(schemas.SampleCreateBook?.additionalProperties).toBe(false);
    expect(schemas.SampleBook).not.toHaveProperty('additionalProperties');
    expect(schemas.SampleBookPage).not.toHaveProperty('additionalProperties');
  });

  it('names the request form apart where a default makes the two sides differ', () => {
    const { schemas } = document.components;
    expect(schemas.SamplePlace?.required).toStrictEqual(['shelf', 'floor']);
    expect(schemas.SamplePlaceInput?.required).toStrictEqual(['shelf']);
    expect(schemas.SampleCreateBook?.properties?.place?.$ref).toBe(
      '#/components/schemas/SamplePlaceInput',
    );
    expect(schemas.SampleBook?.properties?.place?.$ref).toBe('#/components/schemas/SamplePlace');
  });

  it('says any JSON value with the empty schema', () => {
    expect(document.components.schemas.SampleBook?.properties?.extra).toStrictEqual({
      description: 'Anything.',
    });
  });

  it('carries the example and the bound in bytes', () => {
    const create = placed('library.createBook');
    expect(create.requestBody?.content['application/json'].example).toStrictEqual({
      name: 'Faust',
    });
    expect(create['x-body-bytes-max']).toBe(4_096);
  });

  it('keeps media types that are not JSON', () => {
    expect(placed('library.getHealth').responses['200']?.content).toStrictEqual({
      'text/plain': {},
    });
    expect(placed('library.burnBook').responses['204']).not.toHaveProperty('content');
  });
});

describe('a signature', () => {
  const noteOf = (access: Operation['access'], method: Operation['method'] = 'post') => {
    const built = buildOpenApi([first({ access, method, idempotency: 'none' })], { version: '1' });
    const operation = listOperations(built)[0]?.operation;
    const codes = operation?.responses['403']?.['x-codes'] ?? [];
    return [operation?.['x-signature'], codes.includes('signature.required')];
  };

  it('is told of by operations that can need one, with the code that asks for it', () => {
    const scope = 'wallets:write';
    expect(noteOf({ kind: 'account', scope })).toEqual(['where_required', true]);
    expect(noteOf({ kind: 'account', scope, signature: 'always' })).toEqual(['always', true]);
    expect(noteOf({ kind: 'account', scope, signature: 'never' })).toEqual([undefined, false]);
    expect(noteOf({ kind: 'account', scope: 'secrets:write' })).toEqual([undefined, false]);
    expect(noteOf({ kind: 'account', scope }, 'get')).toEqual([undefined, false]);
    expect(noteOf({ kind: 'operator' })).toEqual([undefined, false]);
  });
});

describe('answers', () => {
  it('groups every code under its status as a problem', () => {
    const { responses } = placed('library.createBook');
    expect(responses['403']?.['x-codes']).toStrictEqual([
      'account.suspended',
      'quota.exceeded',
      'request.forbidden',
      'signature.key_absent',
      'signature.refused',
      'signature.replayed',
      'signature.stale',
    ]);
    expect(responses['403']?.content).toStrictEqual({
      'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
    });
    expect(responses['429']?.headers).toHaveProperty('Retry-After');
    expect(responses['401']?.headers).toHaveProperty('WWW-Authenticate');
  });

  it('promises an ETag only where one is sent', () => {
    expect(placed('library.createBook').responses['201']?.headers).toHaveProperty('ETag');
    expect(placed('library.listBooks').responses['200']?.headers).not.toHaveProperty('ETag');
  });

  it('marks an operation that is being withdrawn', () => {
    expect(placed('library.burnBook')).toMatchObject({
      deprecated: true,
      'x-deprecated': { successor: 'library.updateBook' },
    });
  });
});

describe('a contract that is wrong in itself', () => {
  it('is refused when two schemas share an id', () => {
    const clash = (schema: z.ZodType) =>
      first({
        successes: [{ status: 200, description: '', schema: schema.meta({ id: 'SampleClash' }) }],
      });
    expect(() =>
      buildOpenApi(
        [
          clash(z.strictObject({ a: z.string() })),
          { ...clash(z.strictObject({ b: z.string() })), path: '/other' },
        ],
        { version: '1' },
      ),
    ).toThrow();
  });

  it('is refused when a recursive schema has no id', () => {
    const tree: z.ZodType = z.lazy(() => z.strictObject({ kids: z.array(tree) }));
    expect(() =>
      buildOpenApi([first({ successes: [{ status: 200, description: '', schema: tree }] })], {
        version: '1',
      }),
    ).toThrow(/needs .meta/);
  });
});
