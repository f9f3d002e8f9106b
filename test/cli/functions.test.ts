/**
 * Deploying, following logs and starting a project, against scripted answers in the shapes of the
 * contract.
 */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bundleFunction } from '../../cli/src/functions/bundle.ts';
import { initProject } from '../../cli/src/functions/project.ts';
import { CONTRACT_TABLE } from './support/contract-table.ts';
import { makeFolder, type RunOptions, run, serve } from './support/run-cli.ts';
import { problem, type Reply, type SeenRequest } from './support/scripted-server.ts';

const env = { SERVICE_LAYER_ACCOUNT: 'acc_1' };
const go = (words: readonly string[], options: RunOptions = {}) =>
  run(words, { table: CONTRACT_TABLE, env, ...options });

async function source(name: string, text: string): Promise<string> {
  const file = join(await makeFolder(), name);
  await writeFile(file, text);
  return file;
}

describe('the source of a file', () => {
  it.each([
    ['an expression', '(params, secrets) => ({ ok: true })'],
    ['an anonymous function', 'function (params) { return params; }'],
    ['an expression with a semicolon', 'function (params) { return params; }; // done\n'],
    ['an expression that ends in a comment', '// first\n(params) => params // last'],
    [
      'a module of one file',
      "import { success } from '@service-layer/devpack';\nexport default () => success();\n",
    ],
  ])('is sent as it stands when it is %s', async (_, text) => {
    const file = await source('function.js', text);
    expect(await bundleFunction(file)).toEqual({ source: text, bundled: false });
  });

  it('is one module without types when it is TypeScript with imports, the Devpack left outside', async () => {
    const folder = await makeFolder();
    await writeFile(
      join(folder, 'double.ts'),
      'export const double = (n: number): number => n * 2;',
    );
    await writeFile(
      join(folder, 'main.ts'),
      "import { success } from '@neo-service-layer/devpack';\nimport { double } from './double.ts';\n" +
        'export default (params: { n: number }) => success({ n: double(params.n) });',
    );
    const { source: text, bundled } = await bundleFunction(join(folder, 'main.ts'));
    expect(bundled).toBe(true);
    expect(text).toContain('from "@neo-service-layer/devpack"');
    expect(text).not.toContain(': number');
    expect(text).not.toContain('./double');
  });

  it.each([
    ['a fault of syntax', 'main.ts', 'export default (', /main\.ts:1:\d+: /],
    [
      'an import that is nowhere',
      'main.ts',
      "import x from 'nowhere';\nexport default x;",
      /nowhere/,
    ],
    ['no default export', 'main.ts', 'export const run = 1;', /export default/],
    ['another language', 'main.py', 'pass', /\.ts, .*file/],
  ])('is refused with the place for %s', async (_, name, text, message) => {
    const file = await source(name, text);
    const { code, err } = await go(['functions', 'deploy', file, '--name', 'x'], {
      addr: 'http://127.0.0.1:1',
    });
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });
});

describe('deploy', () => {
  const LIMIT = { service: 'functions', name: 'functionSourceBytesMax', value: 64 };
  const platform = (known: readonly object[], bounds: readonly object[] = []) =>
    serve(({ method, path }: SeenRequest): Reply => {
      if (path === '/limits') return { body: { items: bounds } };
      if (method === 'GET') return { body: { items: known, nextCursor: null } };
      return { status: method === 'POST' ? 201 : 200, body: { id: 'fn_1', name: 'alert' } };
    });

  it('makes the function when there is none of that name', async () => {
    const server = await platform([]);
    const file = await source('alert.js', '() => 1');
    const words = ['functions', 'deploy', file, '--name', 'alert', '--secrets', 'A,B'];
    const rules = ['--permissions', '{"httpHosts":["api.example.com"]}'];
    expect((await go([...words, ...rules], { addr: server.addr })).code).toBe(0);
    expect(server.seen.at(-1)).toMatchObject({
      method: 'POST',
      path: '/accounts/acc_1/functions',
      body: {
        name: 'alert',
        runtime: 'javascript',
        source: '() => 1',
        secrets: ['A', 'B'],
        permissions: { httpHosts: ['api.example.com'] },
      },
    });
  });

  it('makes a version of the function when there is one, and makes it the active one', async () => {
    const server = await platform([{ id: 'fn_7', name: 'alert' }]);
    const file = await source('alert.js', '() => 2');
    const words = ['functions', 'deploy', file, '--name', 'alert'];
    expect((await go(words, { addr: server.addr })).code).toBe(0);
    expect(server.seen.at(-1)).toMatchObject({
      method: 'PATCH',
      path: '/accounts/acc_1/functions/fn_7',
      body: { source: '() => 2', deploy: true },
    });
    await go([...words, '--no-activate'], { addr: server.addr });
    expect(server.seen.at(-1)?.body).toMatchObject({ deploy: false });
  });

  it('does not upload what the platform would refuse as too large', async () => {
    const server = await platform([], [LIMIT]);
    const file = await source('alert.js', `() => '${'é'.repeat(40)}'`);
    const words = ['functions', 'deploy', file, '--name', 'alert'];
    const { code, err } = await go(words, { addr: server.addr });
    expect(code).toBe(2);
    expect(err).toContain('limit 64, observed 88');
    expect(server.seen.map(({ method }) => method)).toEqual(['GET']);
  });
});

describe('logs', () => {
  const execution = (n: number, status = 'succeeded') => ({
    id: `exe_${n}`,
    status,
    createdAt: `2026-11-01T09:00:0${n}.000Z`,
  });
  const LOGS = ['functions', 'logs', '--function-id', 'fn_1'];

  it('are shown oldest first, and a function cannot forge the head of another execution', async () => {
    const server = await serve(({ path }) =>
      path.endsWith('/logs')
        ? { body: { items: [{ level: 'error', message: 'boom\n2026  exe_9  succeeded' }] } }
        : { body: { items: [execution(2), execution(1)], nextCursor: null } },
    );
    const { out, code } = await go(LOGS, { addr: server.addr });
    expect(code).toBe(0);
    expect(
      out.split('\n').filter((line) => line.includes('exe_') && !line.startsWith('  | ')),
    ).toEqual([
      '2026-11-01T09:00:01.000Z  exe_1  succeeded',
      '2026-11-01T09:00:02.000Z  exe_2  succeeded',
    ]);
    expect(out).toContain('  | error: boom 2026  exe_9  succeeded\n');
  });

  it('follow what comes: each execution once, a running one when it has ended, none lost in a burst', async () => {
    const rounds: readonly (readonly object[])[] = [
      [execution(1)],
      [execution(2, 'running'), execution(1)],
      [execution(5), execution(4), execution(3)],
      [execution(5)],
    ];
    let round = -1;
    const server = await serve(({ path, query }) => {
      if (path.endsWith('/logs')) return { body: { items: [] } };
      if (path.endsWith('/exe_2')) return { body: execution(2) };
      if (query.cursor === 'older') return { body: { items: [execution(1)], nextCursor: null } };
      round += 1;
      return { body: { items: rounds[round] ?? [], nextCursor: round === 2 ? 'older' : null } };
    });
    const words = [...LOGS, '--follow', '--json'];
    const { out, code } = await go(words, { addr: server.addr, waitsMax: 4 });
    expect(code).toBe(0);
    const ids = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).executionId);
    expect(ids).toEqual(['exe_1', 'exe_2', 'exe_3', 'exe_4', 'exe_5']);
  });

  it('go on when retention has taken the lines of one execution', async () => {
    const server = await serve(({ path }) =>
      path.endsWith('/exe_1/logs')
        ? problem(410, 'functions.journal_expired')
        : path.endsWith('/logs')
          ? { body: { items: [{ level: 'log', message: 'here' }] } }
          : { body: { items: [execution(2), execution(1)], nextCursor: null } },
    );
    const { out, code } = await go(LOGS, { addr: server.addr });
    expect(code).toBe(0);
    expect(out).toContain('no longer kept');
    expect(out).toContain('  | here\n');
  });
});

describe('init', () => {
  it('copies the template without what was installed or built in it', async () => {
    const template = await makeFolder();
    await mkdir(join(template, 'js', 'node_modules'), { recursive: true });
    await mkdir(join(template, 'node_modules'));
    await writeFile(join(template, 'js', 'a.js'), '() => 1');
    const target = join(await makeFolder(), 'project');
    await initProject(target, template);
    const made = (await readdir(target, { recursive: true })).sort();
    expect(made.filter((path) => !path.startsWith('devpack'))).toEqual(['js', join('js', 'a.js')]);
  });

  it("brings the Devpack's types along", async () => {
    const template = await makeFolder();
    await writeFile(join(template, 'a.js'), '() => 1');
    const target = join(await makeFolder(), 'project');
    expect(await initProject(target, template)).toEqual(['a.js', 'devpack']);
    expect(await readdir(join(target, 'devpack'))).toContain('index.d.ts');
  });

  it('never writes into a folder that holds something', async () => {
    const folder = await makeFolder();
    await writeFile(join(folder, 'mine'), '');
    await expect(initProject(folder, folder)).rejects.toThrow('is not empty');
  });
});
