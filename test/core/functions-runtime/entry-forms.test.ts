/** Every form of source that exists today runs, with today's rules for its result (devpack.md 2.1). */
import { describe, expect, it } from 'vitest';
import { run } from './harness.ts';
import { runtime } from './node-runtime.ts';

const outputOf = async (source: string, params: null | { n: number } = null) => {
  const result = await run(runtime, source, {
    params,
    secrets: [{ name: 'token', value: 'abc', versionId: 'v1' }],
  });
  return result.status === 'succeeded' ? result.output : result.error;
};

describe('entry forms', () => {
  const forms: readonly (readonly [string, string, object])[] = [
    [
      'an arrow function',
      '(params, secrets) => ({ n: params.n, t: secrets.token })',
      { n: 2, t: 'abc' },
    ],
    ['a function expression', 'function (p, s) { return { n: p.n } }', { n: 2 }],
    ['a named function expression', 'function main(p) { return { n: p.n } }', { n: 2 }],
    ['an async function', 'async (p) => ({ n: await p.n })', { n: 2 }],
    ['a plain value', '({ a: 1 })', { a: 1 }],
    ['a bare object', '{ a: 1 }', { a: 1 }],
    ['a promise', 'Promise.resolve({ a: 1 })', { a: 1 }],
    ['a trailing semicolon', '() => ({ a: 1 });', { a: 1 }],
    ['a trailing comment without newline', '() => ({ a: 1 }) // done', { a: 1 }],
    ['a trailing semicolon and comments', '() => ({ a: 1 }); // done; really\n/* ; */ ;', { a: 1 }],
    ['a leading comment', '// first\n/* second */ () => ({ a: 1 })', { a: 1 }],
    ['a module with a default function', 'export default (p) => ({ n: p.n })', { n: 2 }],
    [
      'a module with a declaration',
      'export default function main(p) { return { n: p.n } }',
      { n: 2 },
    ],
    [
      'a module with an async default',
      'const k = 3;\nexport default async () => ({ k })',
      { k: 3 },
    ],
    ['a module with a default value', 'export default { a: 1 }', { a: 1 }],
    ['a module with top-level await', 'const k = await 3;\nexport default () => ({ k })', { k: 3 }],
    ['a renamed default', 'const main = () => ({ a: 1 });\nexport { main as default };', { a: 1 }],
    [
      'globals instead of arguments',
      '() => ({ n: params.n, t: secrets.token })',
      { n: 2, t: 'abc' },
    ],
  ];
  for (const [name, source, output] of forms) {
    it(`accepts ${name}`, async () => {
      expect(await outputOf(source, { n: 2 })).toEqual(output);
    });
  }

  for (const name of ['@neo-service-layer/devpack', '@service-layer/devpack']) {
    it(`lets a module import ${name}`, async () => {
      const source = `import { context, currentContext, success, devpack } from '${name}';
        const same = context.functionId === currentContext().functionId;
        export default () => success({ same, v: devpack().version })`;
      expect(await outputOf(source)).toEqual({
        success: true,
        data: { same: true, v: '0.6.0' },
        meta: null,
      });
    });
  }
});

describe('results', () => {
  const results: readonly (readonly [string, string, object])[] = [
    ['an object as it is', '() => ({ a: [1, { b: null }] })', { a: [1, { b: null }] }],
    ['undefined as {}', '() => undefined', {}],
    ['null as {}', '() => null', {}],
    ['an array in result', '() => [1, 2]', { result: [1, 2] }],
    ['a number in result', '() => 4.5', { result: 4.5 }],
    ['a string in result', '() => "x"', { result: 'x' }],
    ['false in result', '() => false', { result: false }],
    ['a date as its text', '() => new Date(0)', { result: '1970-01-01T00:00:00.000Z' }],
    ['a function as {}', '() => () => 1', {}],
    ['NaN as null', '() => ({ a: NaN })', { a: null }],
    [
      'a failure response without failing',
      '() => Devpack.respond.failure("no", { a: 1 })',
      { success: false, error: 'no', meta: { a: 1 } },
    ],
    [
      'a raw handle through toJSON',
      '() => Devpack.random.generate()',
      { __devpack_ref__: true, id: 'action_1', type: 'random.generate' },
    ],
  ];
  for (const [name, source, output] of results) {
    it(`gives ${name}`, async () => {
      expect(await outputOf(source)).toEqual(output);
    });
  }
});

describe('errors', () => {
  it('tells the line and column of the user, in an expression on line 1 and below', async () => {
    expect(await outputOf('() => { throw new Error("boo") }')).toMatchObject({
      code: 'functions.function_failed',
      message: 'boo',
      line: 1,
      column: 19,
    });
    expect(await outputOf('// head\n() => {\n  return missing.x;\n}')).toMatchObject({
      message: 'ReferenceError: missing is not defined',
      line: 3,
      column: 10,
    });
  });

  it('tells the line of the user in a module', async () => {
    expect(await outputOf('const a = 1;\nexport default () => {\n  null.x;\n};')).toMatchObject({
      line: 3,
      stack: expect.stringMatching(/^at .*function\.js:3:\d+/) as string,
    });
  });

  it('refuses params nested too deeply instead of running on half of them', async () => {
    for (const depth of [250, 5_000]) {
      const nested = `${'['.repeat(depth)}${']'.repeat(depth)}`;
      const params = JSON.parse(nested) as readonly [];
      expect(await run(runtime, '(p) => 1', { params })).toMatchObject({
        status: 'failed',
        error: { code: 'functions.input_invalid' },
      });
    }
  });

  it('shows no frame of the runtime', async () => {
    const error = await outputOf('() => Devpack.http.fetch("https://x.example")');
    expect(JSON.stringify(error)).not.toContain('service-layer:runtime');
    expect(error).toMatchObject({ code: 'functions.permission_denied', line: 1 });
  });

  it('fails with the reason of a rejected promise', async () => {
    expect(await outputOf('async () => { throw new TypeError("late") }')).toMatchObject({
      message: 'TypeError: late',
    });
  });

  it('refuses imports of anything else, static or dynamic, by name', async () => {
    const message: unknown = expect.stringContaining("cannot import 'fs'");
    const entryForm = { kind: 'module' } as const;
    const fixed = await run(runtime, 'import fs from "fs";\nexport default fs', { entryForm });
    expect(fixed).toMatchObject({ error: { message } });
    expect(await outputOf('() => import("fs")')).toMatchObject({ message });
  });
});
