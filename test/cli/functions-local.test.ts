/** Runs and replays on this machine, on the runtime that the platform uses. */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { bytesToHex } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { loadRuntimes } from '../../cli/src/functions/load-runtime.ts';
import { compile } from '../../worker/core/functions-runtime/compile.ts';
import { execute } from '../../worker/core/functions-runtime/execute.ts';
import { DEFAULT_RUN_LIMITS } from '../../worker/core/functions-runtime/limits.ts';
import { recordedOutcome } from '../../worker/core/functions-runtime/recorded-outcome.ts';
import { CONTRACT_TABLE } from './support/contract-table.ts';
import { makeFolder, type RunOptions, run, serve } from './support/run-cli.ts';
import { listedKey, SALT, signedRun } from './support/signing.ts';

const env = { SERVICE_LAYER_ACCOUNT: 'acc_1' };
const go = (words: readonly string[], options: RunOptions = {}) =>
  run(words, { table: CONTRACT_TABLE, env, ...options });

async function fileOf(name: string, text: string): Promise<string> {
  const file = join(await makeFolder(), name);
  await writeFile(file, text);
  return file;
}

const runLocal = async (text: string, words: readonly string[] = [], name = 'function.js') =>
  go(['functions', 'run', await fileOf(name, text), '--local', '--json', ...words]);

describe('functions run --local', () => {
  it('prints output, logs, planned actions and fuel', async () => {
    const text = `(params) => {
      console.warn('hello');
      Devpack.oracle.createRequest({ dataSourceId: 'd' });
      return { twice: params.n * 2 };
    }`;
    const { code, out } = await runLocal(text, ['--params', '{"n":21}']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      status: 'succeeded',
      output: { twice: 42 },
      logs: [{ level: 'warn', message: 'hello' }],
      actions: [{ type: 'oracle.createRequest', params: { dataSourceId: 'd' } }],
      fuel: expect.any(Number),
    });
  });

  it('runs TypeScript with imports', async () => {
    const folder = await makeFolder();
    await writeFile(join(folder, 'twice.ts'), 'export const twice = (n: number): number => n * 2;');
    const main = join(folder, 'main.ts');
    await writeFile(
      main,
      "import { twice } from './twice.ts';\nexport default (p: { n: number }) => ({ n: twice(p.n) });",
    );
    const words = ['functions', 'run', main, '--local', '--json', '--params', '{"n":2}'];
    expect(JSON.parse((await go(words)).out)).toMatchObject({ output: { n: 4 } });
  });

  it('gives the same run for the same seed and clock', async () => {
    const text = '() => ({ random: Math.random(), now: Date.now() })';
    const words = ['--seed', 'ab'.repeat(32), '--clock', '2026-11-01T09:00:00Z'];
    const [one, other] = [await runLocal(text, words), await runLocal(text, words)];
    expect(one.out).toBe(other.out);
    expect(JSON.parse(one.out).output.now).toBe(Date.parse('2026-11-01T09:00:00Z'));
    const another = await runLocal(text, ['--seed', 'cd'.repeat(32)]);
    expect(JSON.parse(another.out).output.random).not.toBe(JSON.parse(one.out).output.random);
  });

  it('answers HTTP from fixtures only, each once, and only where permissions allow', async () => {
    const text = `async () => {
      const get = async () => {
        try {
          return (await Devpack.http.fetch('https://api.example.com/p')).status;
        } catch (error) {
          return error.message;
        }
      };
      return { first: await get(), second: await get() };
    }`;
    const fixtures = '[{"url":"https://api.example.com/p","body":"7"}]';
    const allowed = ['--permissions', '{"httpHosts":["api.example.com"]}', '--fixtures', fixtures];
    const { output } = JSON.parse((await runLocal(text, allowed)).out);
    expect(output.first).toBe(200);
    expect(output.second).toContain('no fixture');
    const refused = JSON.parse((await runLocal(text, ['--fixtures', fixtures])).out);
    expect(refused.output.first).toContain('may not reach');
  });

  it('answers reads of a chain from fixtures only, and says which one is missing', async () => {
    const text = `async () => {
      const height = async (network) => {
        try { return await Devpack.chain.height({ network }) } catch (error) { return error.message }
      };
      Devpack.chain.submitTransaction({ walletId: 'w' });
      return { first: await height('neo3:x'), second: await height('neo3:x') };
    }`;
    const fixtures = '[{"read":"chain.height","request":{"network":"neo3:x"},"value":7}]';
    const ran = JSON.parse((await runLocal(text, ['--chain-fixtures', fixtures])).out);
    expect(ran.output.first).toBe(7);
    expect(ran.output.second).toBe('There is no fixture for chain.height {"network":"neo3:x"}');
    expect([ran.httpCalls, ran.chainReads]).toEqual([0, 2]);
    expect(ran.actions).toMatchObject([{ type: 'transaction.submit' }]);
  });

  it('gives secrets to the function, which cannot be seen elsewhere', async () => {
    const value = await fileOf('secret', 'value-of-the-secret');
    const words = ['--secret', `API_KEY=@${value}`];
    const { out } = await runLocal('(p, secrets) => ({ chars: secrets.API_KEY.length })', words);
    expect(JSON.parse(out).output).toEqual({ chars: 19 });
    const { err } = await runLocal('() => 1', ['--secret', 'value-without-a-name']);
    expect(err).not.toContain('value-without');
  });

  it('ends with 1 and the line of the user’s own source when the function throws', async () => {
    const { code, out, err } = await runLocal("() => {\n  throw new Error('boom');\n}");
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      status: 'failed',
      error: { message: 'boom', line: 2 },
    });
    expect(JSON.parse(err).error.detail).toMatch(/boom \(line 2/);
  });

  it('ends an endless loop by its fuel', async () => {
    const { code, out } = await runLocal('() => { for (;;); }', ['--fuel', '10000000']);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ status: 'fuel_exhausted', fuel: 10_000_000 });
  });

  it('lets a function reach nothing of this machine', async () => {
    const names = ['process', 'require', 'fetch', 'Deno', 'WebAssembly', 'XMLHttpRequest'];
    const text = `() => ({ seen: ${JSON.stringify(names)}.filter((name) => name in globalThis) })`;
    expect(JSON.parse((await runLocal(text)).out).output).toEqual({ seen: [] });
  });

  it.each([
    ['source that does not compile', '() => {', [], 2],
    ['an empty source', '', [], 2],
    ['a fuel that is none', '() => 1', ['--fuel', '-1'], 2],
    ['a seed that is none', '() => 1', ['--seed', 'ab'], 2],
    ['permissions that are none', '() => 1', ['--permissions', '{"hosts":[]}'], 2],
    ['fixtures that are none', '() => 1', ['--fixtures', '[{"body":1}]'], 2],
    ['reads that are none', '() => 1', ['--chain-fixtures', '[{"read":"chain.all"}]'], 2],
  ])('refuses %s', async (_, text, words, exitCode) => {
    expect((await runLocal(text, words)).code).toBe(exitCode);
  });

  it('runs only when told where', async () => {
    const file = await fileOf('function.js', '() => 1');
    expect((await go(['functions', 'run', file])).code).toBe(2);
  });
});

/** An execution as the platform would have stored and exported it. */
async function exportedJournal() {
  const source =
    "(p, s) => { console.log('key ' + s.API_KEY); return { n: p.n + 1, r: Math.random() }; }";
  const [runtime] = await loadRuntimes();
  const compiled = compile(runtime, source);
  if (!compiled.ok) throw new Error('the source of the test compiles');
  const secrets = [{ name: 'API_KEY', value: 'value-of-the-secret', versionId: 'sev_1' }];
  const input = { n: 1 };
  const result = await execute({
    runtime,
    source,
    secrets,
    entryForm: compiled.value.entryForm,
    params: input,
    seed: new Uint8Array(32).fill(5),
    clockMs: 1_000,
    limits: DEFAULT_RUN_LIMITS,
    permissions: { modules: [], httpHosts: [] },
    context: { functionId: 'fn_1', accountId: 'acc_1' },
    host: () => Promise.reject(new Error('no calls are made')),
    signal: new AbortController().signal,
  });
  const outcome = recordedOutcome(result, secrets);
  const signed = signedRun({
    input,
    journal: result.journal,
    output: outcome,
    fuel: BigInt(result.fuelUsed),
    runtimeVersion: runtime.runtimeVersion,
  });
  return {
    formatVersion: 1,
    executionId: signed.receipt.executionId,
    codeHash: signed.receipt.codeHash,
    source,
    entryForm: 'expression',
    input,
    salt: bytesToHex(SALT),
    entries: structuredClone(result.journal),
    runtimeVersion: runtime.runtimeVersion,
    ...signed,
  };
}

const SECRET = ['--secret', 'API_KEY=value-of-the-secret'];

describe('functions replay', () => {
  const replayFile = async (document: unknown, words: readonly string[] = SECRET) => {
    const file = await fileOf('journal.json', JSON.stringify(document));
    return go(['functions', 'replay', '--file', file, '--json', ...words]);
  };

  it('finds an untouched execution equal, signature included', async () => {
    const keys = await fileOf('keys.json', JSON.stringify([listedKey()]));
    const { code, out } = await replayFile(await exportedJournal(), [...SECRET, '--keys', keys]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      equal: true,
      outputHash: { equal: true },
      fuel: { equal: true },
      journalIntact: true,
      inputIntact: true,
      signatureValid: true,
      problem: null,
    });
    expect(out).not.toContain('value-of-the-secret');
  });

  type Exported = Awaited<ReturnType<typeof exportedJournal>>;
  const changes: readonly (readonly [string, (journal: Exported) => unknown])[] = [
    ['the input', (one) => ({ ...one, input: { n: 2 } })],
    ['the code', (one) => ({ ...one, source: one.source.replace('+ 1', '+ 2') })],
    ['the seed', (one) => ({ ...one, entries: [{ ...one.entries[0], seed: '00'.repeat(32) }] })],
    ['the clock', (one) => ({ ...one, entries: [{ ...one.entries[0], clockMs: 1_001 }] })],
    ['the salt', (one) => ({ ...one, salt: '00'.repeat(32) })],
    ['the fuel in the receipt', (one) => ({ ...one, receipt: { ...one.receipt, fuel: '1' } })],
    [
      'a call that was never made',
      (one) => ({
        ...one,
        entries: [
          ...one.entries,
          {
            type: 'call',
            index: 0,
            kind: 'http.fetch',
            request: {},
            answer: { ok: true, value: {} },
          },
        ],
      }),
    ],
  ];
  it.each(changes)('ends with 9 when somebody changed %s', async (_, edit) => {
    const { code, out } = await replayFile(edit(await exportedJournal()));
    expect(code).toBe(9);
    expect(JSON.parse(out)).toMatchObject({ equal: false });
  });

  it('ends with 9 when a stranger signed it', async () => {
    const keys = await fileOf('keys.json', JSON.stringify([listedKey(new Uint8Array(32).fill(8))]));
    expect((await replayFile(await exportedJournal(), [...SECRET, '--keys', keys])).code).toBe(9);
  });

  it('asks for the secrets the execution had', async () => {
    const { code, err } = await replayFile(await exportedJournal(), []);
    expect(code).toBe(2);
    expect(JSON.parse(err).error.detail).toContain('1 secrets');
  });

  it('ends with 5 when it lacks the runtime, and with 2 for a file of another kind', async () => {
    const journal = await exportedJournal();
    const receipt = { ...journal.receipt, runtimeVersion: 'c'.repeat(64) };
    expect((await replayFile({ ...journal, receipt })).code).toBe(5);
    expect((await replayFile({ ...journal, entries: [] })).code).toBe(2);
    const limits = { fuel: 1e15, memoryBytes: 16_777_216 };
    expect(
      (await replayFile({ ...journal, entries: [{ ...journal.entries[0], limits }] })).code,
    ).toBe(2);
  });

  it('reads the journal from the platform with --local, or lets the platform replay', async () => {
    const journal = await exportedJournal();
    const server = await serve(({ method }) => ({
      body: method === 'GET' ? journal : { equal: false, problem: 'call 0 differs' },
    }));
    const words = ['functions', 'replay', journal.executionId];
    const local = await go([...words, '--local', ...SECRET], { addr: server.addr });
    expect(local.code).toBe(0);
    const remote = await go(words, { addr: server.addr });
    expect(remote.code).toBe(9);
    expect(server.seen.map(({ path }) => path.split('/').at(-1))).toEqual(['journal', 'replay']);
  });
});

const EXAMPLES = resolve(import.meta.dirname, '../../examples/functions/devpack');
it.skipIf(!existsSync(EXAMPLES))(
  'init makes a project from the examples of this project',
  async () => {
    const folder = join(await makeFolder(), 'project');
    expect((await go(['functions', 'init', folder])).code).toBe(0);
  },
);
