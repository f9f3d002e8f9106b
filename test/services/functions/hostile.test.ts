/**
 * Hostile functions over HTTP through the whole stack: each ends with its precise code in an
 * execution that is kept, and the next one is unharmed. The runtime's own tests try many more
 * kinds without the stack.
 */
import { describe, expect, it } from 'vitest';
import { openTenant } from '../../support/harness.ts';
import { created, ran } from './functions-under-test.ts';

const HOSTILE: readonly (readonly [string, string, string])[] = [
  ['an endless loop', '() => { for (;;); }', 'functions.fuel_exhausted'],
  [
    'a memory bomb',
    '() => { const a = []; for (;;) a.push("x".repeat(1e5) + a.length) }',
    'functions.memory_exhausted',
  ],
  [
    'a bomb of buffers',
    '() => { const a = []; for (;;) a.push(new Uint8Array(1e6)) }',
    'functions.memory_exhausted',
  ],
  ['deep recursion', '() => { const f = () => f() + 1; return f() }', 'functions.stack_exhausted'],
  ['a huge string', '() => "x".repeat(2 ** 30).length', 'functions.function_failed'],
  ['a doubled string', '() => { let s = "x"; for (;;) s += s }', 'functions.function_failed'],
  [
    'a catastrophic regular expression',
    '() => /^(a+)+$/.test("a".repeat(40) + "b")',
    'functions.fuel_exhausted',
  ],
  [
    'a BigInt bomb',
    '() => { let x = 7n; for (;;) x = (x * x) % (2n ** 60000n) }',
    'functions.fuel_exhausted',
  ],
  [
    'a sparse sort',
    '() => { const a = []; a[4294967290] = 1; a.sort() }',
    'functions.fuel_exhausted',
  ],
  ['a promise that never settles', '() => new Promise(() => {})', 'functions.never_settled'],
  ['a cycle', '() => { const a = {}; a.a = a; return a }', 'functions.output_invalid'],
  ['a lone surrogate', '() => ({ a: "\\ud800" })', 'functions.output_invalid'],
  ['an output of 1 MB', '() => "x".repeat(1e6)', 'functions.output_too_large'],
];

const STRANGE_THROWS = [
  'null',
  'undefined',
  '1n',
  'Symbol("s")',
  '{ get message() { throw 1 } }',
  'new Proxy({}, { get() { throw 1 } })',
  'Object.create(null)',
  '(() => 1)',
  '{ toString() { return {} } }',
];

describe('an execution', () => {
  it.each(HOSTILE)(
    'of %s ends with its code, and the next is unharmed',
    async (_name, source, code) => {
      const tenant = await openTenant();
      const { id } = await created(tenant, { source });
      const execution = await ran(tenant, id);
      expect(execution).toMatchObject({ status: 'failed', output: null });
      expect(execution.error.code).toBe(code);
      expect(execution.fuel).toBeGreaterThan(0);
      const kept = await tenant.call(`GET /executions/${execution.id}`);
      expect(kept.body).toMatchObject({ status: 'failed', error: execution.error });
      const good = await created(tenant);
      expect((await ran(tenant, good.id, { value: 2 })).output).toEqual({ doubled: 4 });
    },
  );

  it.each(STRANGE_THROWS)('that throws %s fails by its own doing', async (thrown) => {
    const tenant = await openTenant();
    const { id } = await created(tenant, { source: `() => { throw ${thrown} }` });
    const execution = await ran(tenant, id);
    expect(execution).toMatchObject({
      status: 'failed',
      error: { code: 'functions.function_failed', message: expect.any(String) },
    });
  });

  it('that logs 10 MB succeeds, and keeps no more of it than the bound', async () => {
    const tenant = await openTenant();
    const source = '() => { for (let i = 0; i < 100; i++) console.log("x".repeat(1e5)); return 1 }';
    const { id } = await created(tenant, { source });
    const execution = await ran(tenant, id);
    expect(execution.status).toBe('succeeded');
    const logs = await tenant.call(`GET /executions/${execution.id}/logs`);
    expect(logs.text.length).toBeLessThan(80_000);
  });

  it('that pollutes every prototype it can reach changes nothing for the platform or the next', async () => {
    const tenant = await openTenant();
    const source = `() => {
      for (const object of [Object, Array, Function, Promise, String, JSON, Devpack, Devpack.http, globalThis]) {
        const prototype = object.prototype ?? Object.getPrototypeOf(object) ?? object;
        for (const name of ["then", "toJSON", "status", "code", "push", "map", "polluted", "get", "params"])
          try { prototype[name] = () => "polluted" } catch {}
      }
      try { JSON.stringify = () => '{"polluted":true}'; JSON.parse = () => ({ polluted: true }) } catch {}
      try { Devpack.random.generate = () => "polluted" } catch {}
      return { honest: 1 };
    }`;
    const { id } = await created(tenant, { source });
    const execution = await ran(tenant, id);
    expect(['succeeded', 'failed']).toContain(execution.status);
    if (execution.status === 'succeeded')
      expect(JSON.stringify(execution.output)).not.toContain('"polluted":true');
    const probe = await created(tenant, {
      source: '() => ({ isClean: ({}).polluted === undefined && [].polluted === undefined })',
    });
    const next = await ran(tenant, probe.id);
    expect(next.output.isClean).toBe(true);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});
