/**
 * An account as a file, and on another platform. The platform of these tests keeps what it is sent.
 */
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CONTRACT_TABLE } from './support/contract-table.ts';
import { makeFolder, run, serve } from './support/run-cli.ts';
import { problem, type Reply, type SeenRequest } from './support/scripted-server.ts';

const page = (items: readonly unknown[]): Reply => ({ body: { items, nextCursor: null } });

const version = (number: number) => ({
  id: `fnv_${number}`,
  number,
  codeHash: `hash-${number}`,
  secrets: ['API_KEY'],
  permissions: { httpHosts: ['api.example.com'] },
  limits: {},
  inputSchema: null,
});

const SOURCE_ACCOUNT: Readonly<Record<string, Reply>> = {
  '/accounts/acc_1': {
    body: { id: 'acc_1', name: 'Team', status: 'active', metadata: { team: 'x' } },
  },
  '/accounts/acc_1/quotas': problem(403, 'request.forbidden'),
  '/accounts/acc_1/workspace-wallets': page([
    { id: 'wal_1', kind: 'neo', address: 'Nabc', label: null },
  ]),
  '/accounts/acc_1/wallet-policy': { body: { active: true, threshold: 1, members: ['wal_1'] } },
  '/accounts/acc_1/secrets': page([{ name: 'API_KEY', currentVersion: 3 }]),
  '/accounts/acc_1/functions': page([
    {
      id: 'fn_1',
      name: 'alert',
      description: null,
      runtime: 'javascript',
      activeVersion: version(1),
    },
  ]),
  '/accounts/acc_1/functions/fn_1/versions': page([version(2), version(1)]),
  '/accounts/acc_1/functions/fn_1/versions/fnv_1': { body: { ...version(1), source: '() => 1' } },
  '/accounts/acc_1/functions/fn_1/versions/fnv_2': { body: { ...version(2), source: '() => 2' } },
};

async function exported() {
  const server = await serve(
    ({ path }) => SOURCE_ACCOUNT[path] ?? problem(404, 'request.not_found'),
  );
  const file = join(await makeFolder(), 'account.json');
  const env = { SERVICE_LAYER_ACCOUNT: 'acc_1' };
  const words = ['account', 'export', file, '--json'];
  const done = await run(words, { addr: server.addr, env, table: CONTRACT_TABLE });
  return { server, file, done };
}

/** A platform that starts empty and makes what it is asked to. */
async function emptyPlatform() {
  const lists: Record<string, Record<string, unknown>[]> = {};
  const make = ({ path, body }: SeenRequest): Reply => {
    const list = (lists[path] ??= []);
    const made = { ...(body as Record<string, unknown>), id: `made_${list.length + 1}` };
    list.push(made);
    if (path.endsWith('/functions')) addVersion(path, made);
    return { status: 201, body: made };
  };
  const addVersion = (path: string, { id, source }: Record<string, unknown>) => {
    const versions = (lists[`${path}/${String(id)}/versions`] ??= []);
    versions.push({ codeHash: `hash-${/\d/.exec(String(source))?.[0]}` });
  };
  const server = await serve((request) => {
    const { method, path, body } = request;
    if (method === 'GET') return page(lists[path] ?? []);
    if (method === 'POST') return make(request);
    const [, folder = '', id = ''] = /^(.*)\/([^/]+)$/.exec(path) ?? [];
    addVersion(folder, { ...(body as object), id });
    return { body: { id } };
  });
  const go = (words: readonly string[]) => run(words, { addr: server.addr, table: CONTRACT_TABLE });
  const changes = () => server.seen.filter(({ method }) => method !== 'GET');
  return { go, changes };
}

describe('account export', () => {
  it('only reads, and writes a private file with every source and no secret value', async () => {
    const { server, file, done } = await exported();
    expect(done.code).toBe(0);
    expect(new Set(server.seen.map(({ method }) => method))).toEqual(new Set(['GET']));
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const document = JSON.parse(await readFile(file, 'utf8'));
    expect(document).toMatchObject({
      formatVersion: 1,
      account: { name: 'Team' },
      quotas: null,
      secrets: [{ name: 'API_KEY' }],
      functions: [{ versions: [{ source: '() => 1' }, { source: '() => 2' }] }],
    });
    expect(JSON.parse(done.out)).toMatchObject({
      functions: 1,
      versions: 2,
      wallets: 1,
      secrets: 1,
    });
  });
});

describe('account import', () => {
  it('makes account, wallets and functions with their versions in order, the active one active', async () => {
    const { file } = await exported();
    const platform = await emptyPlatform();
    const { code, out } = await platform.go(['account', 'import', file, '--json']);
    expect(code).toBe(0);
    expect(platform.changes().map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /accounts',
      'POST /accounts/made_1/workspace-wallets',
      'POST /accounts/made_1/functions',
      'PATCH /accounts/made_1/functions/made_1',
    ]);
    const [account, wallet, first, second] = platform.changes().map(({ body }) => body);
    expect(account).toMatchObject({ name: 'Team', metadata: { team: 'x' } });
    expect(wallet).toEqual({ kind: 'neo', address: 'Nabc' });
    expect(first).toMatchObject({
      name: 'alert',
      source: '() => 1',
      secrets: ['API_KEY'],
      permissions: { httpHosts: ['api.example.com'] },
      inputSchema: null,
    });
    expect(second).toMatchObject({ source: '() => 2', deploy: false });
    expect(JSON.parse(out).toDo.join('\n')).toContain('secret API_KEY');
  });

  it('changes nothing when it is run again', async () => {
    const { file } = await exported();
    const platform = await emptyPlatform();
    await platform.go(['account', 'import', file]);
    const made = platform.changes().length;
    const { code, out } = await platform.go(['account', 'import', file, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ walletsMade: 0, functionsMade: 0, versionsMade: 0 });
    expect(platform.changes()).toHaveLength(made);
  });

  it('gives each act its own key, the same in every run of one import', async () => {
    const { file } = await exported();
    const keysOf = async () => {
      const platform = await emptyPlatform();
      await platform.go(['account', 'import', file]);
      return platform.changes().map(({ headers }) => headers['idempotency-key']);
    };
    const keys = await keysOf();
    expect(new Set(keys).size).toBe(keys.length);
    expect(await keysOf()).toEqual(keys);
  });

  it('fills an account that exists, without making one', async () => {
    const { file } = await exported();
    const platform = await emptyPlatform();
    await platform.go(['account', 'import', file, '--account-id', 'acc_9']);
    expect(platform.changes()[0]?.path).toBe('/accounts/acc_9/workspace-wallets');
  });

  it('refuses another file before it changes anything', async () => {
    const file = join(await makeFolder(), 'other.json');
    await writeFile(file, JSON.stringify({ formatVersion: 2 }));
    const platform = await emptyPlatform();
    expect((await platform.go(['account', 'import', file])).code).toBe(2);
    expect(platform.changes()).toEqual([]);
  });
});
