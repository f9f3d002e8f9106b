/** `slctl contracts generate`: code from a stranger's manifest, which must stay the code we write. */
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  HOSTILE,
  HOSTILE_NAMES,
  TOKEN_MANIFEST,
  WORKSHOP_MANIFEST,
} from '../support/small-contracts.ts';
import { CONTRACT_TABLE } from './support/contract-table.ts';
import { makeFolder, run, serve } from './support/run-cli.ts';

const ROOT = join(import.meta.dirname, '../..');
const SDK = join(ROOT, 'sdk/src/index.ts');
const execute = promisify(execFile);

/** One method of every name, none of which anybody declared as safe or with an event. */
const manifestWith = (abi: object): object => ({
  ...WORKSHOP_MANIFEST,
  abi: { methods: [], events: [], ...abi },
});
const methodOf = (name: string, parameters: readonly object[] = []) => ({
  name,
  parameters,
  returntype: 'Void',
  offset: 0,
  safe: false,
});

async function generate(manifest: object, ...words: readonly string[]) {
  const stdin = JSON.stringify(manifest);
  const made = await run(['contracts', 'generate', '--manifest', '-', ...words], { stdin });
  expect(made.err).toBe('');
  return made.out;
}

/** As a user's project compiles it, with every check there is. */
async function compile(sources: Readonly<Record<string, string>>): Promise<string> {
  const folder = await makeFolder();
  for (const [name, source] of Object.entries(sources)) await writeFile(join(folder, name), source);
  const compilerOptions = {
    noUnusedLocals: true,
    noUnusedParameters: true,
    noFallthroughCasesInSwitch: true,
    lib: ['es2023', 'dom', 'dom.iterable', 'dom.asynciterable'],
    types: [],
  };
  const settings = { extends: join(ROOT, 'tsconfig.json'), compilerOptions, include: ['*.ts'] };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(settings));
  const done = await execute(join(ROOT, 'node_modules/.bin/tsc'), ['-p', folder]).catch(
    (error: { readonly stdout: string }) => error,
  );
  return done.stdout;
}

describe('a generated client', () => {
  it('compiles, whatever the manifest says', async () => {
    const compiled = await compile({
      'token.ts': await generate(TOKEN_MANIFEST, '--sdk', SDK),
      'workshop.ts': await generate(WORKSHOP_MANIFEST, '--sdk', SDK),
      'hostile.ts': await generate(HOSTILE, '--sdk', SDK),
      'imported.ts': await generate(
        manifestWith({
          methods: ['StackItem', 'decodeContractEvent', 'connectContract', 'args'].map((name) =>
            methodOf(name, [
              { name: 'StackItem', type: 'String' },
              { name: 'sending', type: 'Integer' },
              { name: 'contractArgument', type: 'Any' },
            ]),
          ),
        }),
        '--sdk',
        SDK,
      ),
      'empty.ts': await generate(manifestWith({ methods: [methodOf('_deploy')] }), '--sdk', SDK),
      'used.ts': USED,
    });
    expect(compiled).toBe('');
  });

  it('does not let a wrong type pass', async () => {
    const compiled = await compile({
      'token.ts': await generate(TOKEN_MANIFEST, '--sdk', SDK),
      'wrong.ts': `import { createContractClient } from './token.ts';
        declare const token: ReturnType<typeof createContractClient>;
        const given = { from: 'from', to: 'to', amount: 1n, data: null };
        void token.transfer({ ...given, amount: 1 }, { walletId: 'nwl' });
        void token.transfer(given);
        const symbol: string = await token.symbol();
        void symbol;
        export {};`,
    });
    expect(compiled.match(/error TS\d+/g)).toHaveLength(3);
  });

  it('holds nothing of a hostile manifest but identifiers and literals of plain ASCII', async () => {
    const source = await generate(HOSTILE);
    expect(source).not.toMatch(/[^\x20-\x7e\n]/);
    const partsOf = (text: string) => {
      const bare = text.replaceAll(/'(?:[^'\\\n]|\\.)*'/g, 'TEXT');
      const comments = bare.match(/\/\*[^]*?\*\/|\/\/.*/g) ?? [];
      return {
        comments,
        code: comments.reduce((left, comment) => left.replace(comment, ''), bare),
      };
    };
    const { comments, code } = partsOf(source);
    expect(comments).toEqual(partsOf(await generate(TOKEN_MANIFEST)).comments);
    expect(/['"`\\$]|<\/|\/\*|globalThis\.|process\./.exec(code)).toBeNull();
  });

  it('runs nothing that a hostile manifest says, and calls its methods by their names', async () => {
    const path = join(await makeFolder(), 'hostile.ts');
    await writeFile(path, await generate(HOSTILE, '--sdk', SDK));
    const module = await import(/* @vite-ignore */ pathToFileURL(path).href);
    expect('stolen' in globalThis).toBe(false);
    const called: string[] = [];
    const note = async ({ method }: { readonly method: string }) => called.push(method);
    const client = { contracts: { invokeMethod: note } };
    const methods = module.createContractClient(client, { accountId: 'a', contractId: 'c' });
    expect(Object.getPrototypeOf(methods)).toBe(Object.prototype);
    for (const [name, method] of Object.entries(methods)) {
      expect(name).toMatch(/^[A-Za-z_]\w*$/);
      if (typeof method === 'function' && method.length === 1) await method({ walletId: 'w' });
    }
    const callable = HOSTILE_NAMES.filter((name) => !name.startsWith('_'));
    expect(called.toSorted()).toEqual(callable.toSorted());
    expect(await methods).toBe(methods);
  });

  it('is the same for the same manifest, and for the same one in another order of fields', async () => {
    const reversed = Object.fromEntries(Object.entries(TOKEN_MANIFEST).toReversed());
    expect(await generate(reversed)).toBe(await generate(TOKEN_MANIFEST));
  });

  it('tells methods of one name apart by the count of their parameters', async () => {
    const source = await generate(WORKSHOP_MANIFEST);
    expect(source).toMatch(/^ {4}put_1: \(given: Put_1Arguments, sending: ContractSending\)/m);
    expect(source).toMatch(/^ {4}put_2: \(given: Put_2Arguments, sending: ContractSending\)/m);
    expect(source).not.toContain('_deploy');
  });

  it('names each of a thousand methods that would have one name', async () => {
    const methods = Array.from({ length: 1_000 }, (_, index) => methodOf('-'.repeat(index + 1)));
    const source = await generate(manifestWith({ methods }));
    expect(source.includes('    __0_1000: (sending: ContractSending)')).toBe(true);
  });

  it('is the one in the examples', async () => {
    const folder = join(ROOT, 'examples/contracts/nep17');
    const manifest = await readFile(join(folder, 'manifest.json'), 'utf8');
    const source = await generate(JSON.parse(manifest), '--sdk', '../../../sdk/src/index.ts');
    expect(source).toBe(await readFile(join(folder, 'client.ts'), 'utf8'));
  });
});

/** Types as a user meets them. */
const USED = `import { type Client } from '${SDK}';
import { type ContractEvent, createContractClient, readEvent } from './token.ts';
declare const client: Client;
const token = createContractClient(client, { accountId: 'acc', contractId: 'con' });
export const supply: bigint = await token.totalSupply();
export const symbol: string | null = await token.symbol({ signers: [{ account: 'N' }] });
const event: ContractEvent | null = readEvent('0x', { contract: '0x', eventName: '', state: [] });
export const amount: bigint = event?.eventName === 'Transfer' ? event.amount : 0n;
export const sent: string = (
  await token.transfer(
    { from: 'from', to: null, amount, data: null },
    { walletId: 'nwl', idempotencyKey: 'once' },
  )
).id;
`;

describe('the command', () => {
  it('asks the platform for the manifest of a registered contract', async () => {
    const server = await serve(({ path }) => ({
      status: 200,
      body: { scriptHash: '0x', updateCounter: 0, manifest: TOKEN_MANIFEST, path },
    }));
    const words = 'contracts generate --contract con_1 --account-id acc_1'.split(' ');
    const made = await run(words, { addr: server.addr, table: CONTRACT_TABLE });
    expect([made.code, made.out]).toEqual([0, await generate(TOKEN_MANIFEST)]);
  });

  it('writes over what it wrote, and over nothing else', async () => {
    const folder = await makeFolder();
    const [manifest, out] = [join(folder, 'manifest.json'), join(folder, 'client.ts')];
    await writeFile(manifest, JSON.stringify(TOKEN_MANIFEST));
    const words = ['contracts', 'generate', '--manifest', manifest, '--out', out];
    for (let times = 0; times < 2; times += 1)
      expect(await run(words)).toEqual({ code: 0, out: '', err: '' });
    expect(await readFile(out, 'utf8')).toBe(await generate(TOKEN_MANIFEST));
    await writeFile(out, 'export const mine = 1;\n');
    expect((await run(words)).code).toBe(2);
    expect(await readFile(out, 'utf8')).toBe('export const mine = 1;\n');
  });

  it.each([
    ['neither of the two', []],
    ['both', ['--manifest', '-', '--contract', 'con_1']],
  ])('refuses %s', async (_, words) => {
    expect((await run(['contracts', 'generate', ...words], { stdin: '{}' })).code).toBe(2);
  });

  it('names the place of what is no manifest, and shows no control characters', async () => {
    const abi = { methods: [], events: [], namedtypes: { '\u001b[2J': {} } };
    const stdin = JSON.stringify({ ...TOKEN_MANIFEST, abi });
    const made = await run(['contracts', 'generate', '--manifest', '-'], { stdin });
    expect([made.code, made.out]).toEqual([2, '']);
    expect(made.err).toContain('this is no manifest: /abi');
    expect(made.err).not.toContain('\u001b');
  });
});
