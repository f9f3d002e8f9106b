/** The bundled JSON Schema validator, run where the platform runs it: in the metered VM. */
import { describe, expect, it } from 'vitest';
import { loadRuntimes } from '../../cli/src/functions/load-runtime.ts';
import { SchemaUri } from '../../scripts/generate/uri-of-schemas.ts';
import { execute } from '../../worker/core/functions-runtime/execute.ts';
import type { JsonValue } from '../../worker/core/functions-runtime/json-text.ts';
import {
  DEFAULT_PERMISSIONS,
  // The widest; a validator uses none of it.
} from '../../worker/core/functions-runtime/permissions.ts';
import { JSON_SCHEMA_VALIDATOR } from '../../worker/services/functions/generated/json-schema-validator.ts';

async function judge(schema: JsonValue, params: JsonValue) {
  const [runtime] = await loadRuntimes();
  if (!runtime) throw new Error('there is a runtime');
  return execute({
    runtime,
    source: JSON_SCHEMA_VALIDATOR,
    entryForm: { kind: 'expression', end: JSON_SCHEMA_VALIDATOR.length },
    params: { schema, inputs: [params] },
    secrets: [],
    seed: new Uint8Array(32),
    clockMs: 0,
    limits: { fuel: 3_000_000_000, memoryBytes: 16_777_216 },
    permissions: DEFAULT_PERMISSIONS,
    context: { functionId: '', accountId: '' },
    host: () => Promise.reject(new Error('no calls')),
    signal: new AbortController().signal,
  });
}

const ORDER: JsonValue = {
  type: 'object',
  properties: {
    pair: { $ref: '#/$defs/pair' },
    price: { type: 'number', exclusiveMinimum: 0 },
  },
  required: ['pair'],
  additionalProperties: false,
  $defs: { pair: { type: 'string', pattern: '^[A-Z]+/[A-Z]+$' } },
};

describe('the validator in the VM', () => {
  it('accepts params that satisfy the schema', async () => {
    const run = await judge(ORDER, { pair: 'NEO/GAS', price: 4 });
    expect(run).toMatchObject({ status: 'succeeded', output: { valid: true, problem: null } });
  });

  it('names each wrong place', async () => {
    const run = await judge(ORDER, { pair: 'neo', price: 0, more: 1 });
    if (run.status !== 'succeeded') throw new Error(run.error.message);
    const { fields } = run.output as { fields: { pointer: string }[] };
    const pointers = fields.map(({ pointer }) => pointer);
    expect(pointers).toEqual(expect.arrayContaining(['/0/pair', '/0/price']));
  });

  it('follows $id, $anchor and relative references', async () => {
    const schema: JsonValue = {
      $id: 'https://example.com/schemas/order',
      $ref: 'item',
      $defs: {
        item: {
          $id: 'item',
          type: 'object',
          properties: { n: { $ref: '#count' } },
          $defs: { n: { $anchor: 'count', type: 'integer' } },
        },
      },
    };
    expect(await judge(schema, { n: 1 })).toMatchObject({ output: { valid: true } });
    expect(await judge(schema, { n: 'one' })).toMatchObject({ output: { valid: false } });
  });

  it('says that a schema with an unknown reference cannot be used', async () => {
    const run = await judge({ $ref: '#/$defs/absent' }, {});
    expect(run).toMatchObject({ output: { valid: false, problem: 'schema' } });
  });

  it('ends a pattern that backtracks for ever at the fuel', async () => {
    const run = await judge({ type: 'string', pattern: '^(a+)+$' }, `${'a'.repeat(40)}!`);
    expect(run.status).toBe('fuel_exhausted');
  });
});

describe('the stand-in for URL', () => {
  it.each([
    ['#/a', 'https://x.test/b', 'https://x.test/b#/a'],
    ['item', 'https://x.test/a/b', 'https://x.test/a/item'],
    ['../item', 'https://x.test/a/b/c', 'https://x.test/a/item'],
    ['/item', 'https://x.test/a/b', 'https://x.test/item'],
    ['urn:uuid:1', 'https://x.test/a', 'urn:uuid:1'],
  ])('resolves %s against %s as URL does', (reference, base, expected) => {
    expect(new SchemaUri(reference, base).href).toBe(expected);
    expect(new URL(reference, base).href).toBe(expected);
  });
});
