/**
 * `slctl gasbank prove` and `inclusion`. The attacker is the platform's operator, who can sign what
 * he likes, and a node that does not know; neither may end in a proof.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesToHex } from '@noble/hashes/utils.js';
import { base64 } from '@scure/base';
import { describe, expect, it } from 'vitest';
import { formatGas } from '../../worker/core/money.ts';
import { decodeCalls } from '../../worker/core/neo/contract-calls.ts';
import { decodeScriptHash } from '../../worker/core/neo/script-hash.ts';
import type { Inclusion } from '../../worker/core/proofs/inclusion.ts';
import { plantLeaves } from '../../worker/core/proofs/plant.ts';
import type { Statement } from '../../worker/core/proofs/statement.ts';
import { pathOf, rootOf } from '../../worker/core/proofs/sum-tree.ts';
import { CONTRACT_TABLE } from './support/contract-table.ts';
import { makeFolder, type RunOptions, run, serve } from './support/run-cli.ts';
import { listedKey, signedStatement } from './support/signing.ts';

const NETWORK = 'neo3:private';
const MAGIC = 56_753;
const HEIGHT = 100;
const VAULT = `0x${'a1'.repeat(20)}`;
const OWNER = 'acc_01k4j8x1e0e4r9v2m3n5p6q7rs';
const NEIGHBOUR = 'acc_01k4j8x1e0e4r9v2m3n5p6q7rt';
const keys = { items: [listedKey()] };

const leaves = plantLeaves({ seed: new Uint8Array(32).fill(4), magic: MAGIC, height: HEIGHT }, [
  { owner: OWNER, amount: 250_000_000n },
  { owner: NEIGHBOUR, amount: 50_000_000n },
]);
const nodes = leaves.map(({ node }) => node);
const root = rootOf(nodes);

const statement: Statement = {
  formatVersion: 1,
  network: NETWORK,
  networkMagic: MAGIC,
  height: HEIGHT,
  cutAt: '2026-11-01T10:00:00.000Z',
  assets: [{ address: VAULT, amount: '4' }],
  liabilities: [
    { heading: 'customers/available', amount: '3' },
    { heading: 'customers/spent', amount: '1' },
    { heading: 'other_books', amount: '0' },
  ],
  tree: { root: bytesToHex(root.hash), sum: '3', leaves: leaves.length },
};

const inclusion: Inclusion = {
  accountId: OWNER,
  networkMagic: MAGIC,
  height: HEIGHT,
  available: '2.5',
  reserved: '0',
  inTransit: '0',
  leaves: leaves.flatMap(({ owner, amount, salt }, index) =>
    owner === OWNER
      ? [
          {
            index,
            amount: formatGas(amount),
            salt: bytesToHex(salt),
            path: pathOf(nodes, index).map(({ sum, hash }) => ({
              sum: formatGas(sum),
              hash: bytesToHex(hash),
            })),
          },
        ]
      : [],
  ),
};

interface NodeOptions {
  readonly magic?: number;
  readonly datoshi?: bigint;
  readonly error?: { readonly code: number; readonly message: string };
}

/** A node that knows what the vault had at the height, or refuses to tell. */
async function serveNode({ magic = MAGIC, datoshi = 400_000_000n, error }: NodeOptions = {}) {
  const server = await serve(({ body }) => {
    const { id, method, params } = body as { id: number; method: string; params: unknown[] };
    const told = method === 'getversion' ? versionOf(magic) : historic(params, datoshi);
    const isRefused = error !== undefined && method !== 'getversion';
    return { body: { jsonrpc: '2.0', id, ...(isRefused ? { error } : { result: told }) } };
  });
  return server.addr;
}

const versionOf = (network: number) => ({
  useragent: '/test/',
  protocol: {
    addressversion: 53,
    network,
    msperblock: 1_000,
    validatorscount: 1,
    maxtraceableblocks: 200_000,
    maxvaliduntilblockincrement: 5_760,
    maxtransactionsperblock: 512,
  },
});

function historic([height, script]: readonly unknown[], datoshi: bigint): unknown {
  const calls = decodeCalls(base64.decode(String(script)));
  const stack = (calls.ok ? calls.value : []).map(({ args: [account] }) => {
    const isVault = account?.type === 'ByteString' && decodeScriptHash(account.value) === VAULT;
    return { type: 'Integer', value: String(isVault && height === HEIGHT ? datoshi : 0n) };
  });
  const run = { script, state: 'HALT', gasconsumed: '0', exception: null };
  return { ...run, stack, notifications: [] };
}

async function files(documents: Readonly<Record<string, unknown>>) {
  const folder = await makeFolder();
  for (const [name, document] of Object.entries(documents))
    await writeFile(join(folder, name), JSON.stringify(document));
  return (words: string, options: RunOptions = {}) =>
    run(words.replaceAll('$', `${folder}/`).split(' '), { table: CONTRACT_TABLE, ...options });
}

const AT = `--network ${NETWORK} --height ${String(HEIGHT)}`;
const prove = `gasbank prove ${AT} --proof $proof --keys $keys`;

describe('gasbank prove', () => {
  it('proves a statement by every node that is given', async () => {
    const go = await files({ proof: signedStatement(statement), keys });
    const [one, two] = [await serveNode(), await serveNode()];
    const { code, out } = await go(`${prove} --node ${one} --node ${two} --json`);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ proven: true, height: HEIGHT, nodes: 2 });
  });

  it('asks the API for statement and keys when none are given', async () => {
    const go = await files({});
    const api = await serve(({ path }) => ({
      body: path === '/system/signing-keys' ? keys : signedStatement(statement),
    }));
    const node = await serveNode();
    const { code } = await go(`gasbank prove ${AT} --node ${node} --addr ${api.addr}`);
    expect(code).toBe(0);
    expect(api.seen.map(({ path }) => decodeURIComponent(path))).toContain(
      `/gasbank/proofs/${NETWORK}/${String(HEIGHT)}`,
    );
  });

  const nodeAttacks: readonly (readonly [string, NodeOptions, number, RegExp])[] = [
    [
      'one that keeps no old state',
      { error: { code: -606, message: 'x' } },
      8,
      /cannot prove at 100: .* keeps no state of that block/,
    ],
    [
      'one without historic calls',
      { error: { code: -32_601, message: 'x' } },
      8,
      /cannot prove at 100: .* knows no calls at a block of the past/,
    ],
    [
      'one that has not come so far',
      { error: { code: -109, message: 'Unknown height' } },
      8,
      /cannot prove at 100/,
    ],
    [
      'one of another network',
      { magic: 860_833_102 },
      8,
      /cannot prove at 100: .* magic 860833102/,
    ],
    [
      'one where a datoshi is missing',
      { datoshi: 399_999_999n },
      9,
      /proof.assets_differ.*3\.99999999/,
    ],
  ];
  it.each(nodeAttacks)('proves nothing by %s', async (_, options, exit, words) => {
    const go = await files({ proof: signedStatement(statement), keys });
    const good = await serveNode();
    const { code, err, out } = await go(
      `${prove} --node ${good} --node ${await serveNode(options)}`,
    );
    expect(code).toBe(exit);
    expect(err).toMatch(words);
    expect(out).toBe('');
  });

  it('proves nothing by nodes that are silent, or by none', async () => {
    const go = await files({ proof: signedStatement(statement), keys });
    const silent = await go(`${prove} --node http://127.0.0.1:1`);
    expect([silent.code, silent.err]).toEqual([8, expect.stringMatching(/cannot prove at 100/)]);
    expect((await go(prove)).code).toBe(2);
    expect((await go(`${prove} --node ftp://node`)).code).toBe(2);
  });

  const strange = new Uint8Array(32).fill(8);
  const forged: readonly (readonly [string, unknown, RegExp])[] = [
    [
      'an unsigned change',
      {
        ...signedStatement(statement),
        statement: { ...statement, cutAt: '2026-11-01T10:00:01.000Z' },
      },
      /proof.signature_invalid/,
    ],
    ['a strange key', signedStatement(statement, strange), /proof.signature_invalid/],
    [
      'a key of long ago',
      signedStatement({ ...statement, cutAt: '2026-01-01T10:00:00.000Z' }),
      /proof.signature_invalid/,
    ],
    ['another height', signedStatement({ ...statement, height: 101 }), /proof.another_checkpoint/],
    [
      'another network',
      signedStatement({ ...statement, network: 'neo3:testnet' }),
      /proof.another_checkpoint/,
    ],
    [
      'a liability that was left out',
      signedStatement({ ...statement, liabilities: statement.liabilities.slice(1) }),
      /proof.unbalanced/,
    ],
    [
      'a tree that lacks a leaf',
      signedStatement({ ...statement, tree: { ...statement.tree, sum: '2.5' } }),
      /proof.tree_differs/,
    ],
    ['another shape', {}, /proof.malformed/],
  ];
  it.each(forged)('refuses %s', async (_, proof, words) => {
    const go = await files({ proof, keys });
    const { code, err } = await go(`${prove} --node ${await serveNode()}`);
    expect(err).toMatch(words);
    expect(code).toBe(9);
  });
});

describe('gasbank inclusion', () => {
  const words = `gasbank inclusion ${AT} --proof $proof --keys $keys --inclusion $inclusion`;

  it('shows the owner what is in the total', async () => {
    const go = await files({ proof: signedStatement(statement), keys, inclusion });
    const { code, out } = await go(`${words} --account-id ${OWNER} --expect 2.5 --json`);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ included: true, accountId: OWNER, total: '2.5' });
  });

  it('is not satisfied with less than the owner expects, nor with another account', async () => {
    const go = await files({ proof: signedStatement(statement), keys, inclusion });
    const less = await go(`${words} --expect 3`);
    expect([less.code, less.err]).toEqual([9, expect.stringMatching(/proof.balance_differs/)]);
    const other = await go(`${words} --account-id ${NEIGHBOUR}`);
    expect([other.code, other.err]).toEqual([9, expect.stringMatching(/proof.another_account/)]);
    expect((await go(`${words} --expect much`)).code).toBe(2);
  });

  const [first] = inclusion.leaves;
  const forged: readonly (readonly [string, unknown, RegExp])[] = [
    ['a proof of another height', { ...inclusion, height: 99 }, /proof.another_height/],
    ['a proof of another network', { ...inclusion, networkMagic: 1 }, /proof.another_network/],
    [
      'a leaf that was left out',
      { ...inclusion, leaves: inclusion.leaves.slice(1) },
      /proof.sum_differs/,
    ],
    ['a leaf twice', { ...inclusion, leaves: [first, first] }, /proof.leaf_repeated/],
    ['the leaves of a neighbour', { ...inclusion, accountId: NEIGHBOUR }, /proof.leaf_not_in_tree/],
    ['another shape', { ...inclusion, leaves: 'all' }, /proof.malformed/],
  ];
  it.each(forged)('refuses %s', async (_, document, match) => {
    const go = await files({ proof: signedStatement(statement), keys, inclusion: document });
    const { code, err } = await go(words);
    expect(err).toMatch(match);
    expect(code).toBe(9);
  });

  it('asks the API for the proof of the account', async () => {
    const go = await files({ proof: signedStatement(statement), keys });
    const api = await serve(() => ({ body: inclusion }));
    const asked = `gasbank inclusion ${AT} --proof $proof --keys $keys --account-id ${OWNER}`;
    const { code } = await go(asked, { addr: api.addr });
    expect(code).toBe(0);
    expect(decodeURIComponent(api.seen.at(-1)?.path ?? '')).toBe(
      `/accounts/${OWNER}/gasbank/inclusions/${NETWORK}/${String(HEIGHT)}`,
    );
  });
});
