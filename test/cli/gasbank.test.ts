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
import {
  hashTransaction,
  type Transaction,
} from '../../worker/core/neo/transaction/transaction.ts';
import { formatTransaction } from '../../worker/core/neo/transaction/transaction-json.ts';
import { NO_SCOPES } from '../../worker/core/neo/transaction/witness-scope.ts';
import { type Anchor, encodeAnchorScript } from '../../worker/core/proofs/anchor.ts';
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
  /** Of the transaction of the anchor; null for a node that does not have it. */
  readonly anchor?: AnchorOnChain | null;
}

interface AnchorOnChain {
  readonly script?: Uint8Array;
  readonly state?: 'HALT' | 'FAULT';
  readonly isPooled?: boolean;
}

/** A node that knows what the vault had at the height, or refuses to tell. */
async function serveNode({
  magic = MAGIC,
  datoshi = 400_000_000n,
  error,
  anchor = null,
}: NodeOptions = {}) {
  const server = await serve(({ body }) => {
    const { id, method, params } = body as { id: number; method: string; params: unknown[] };
    const answer = (result: unknown) => ({ body: { jsonrpc: '2.0', id, result } });
    if (method === 'getversion') return answer(versionOf(magic));
    const refusal = method === 'invokescripthistoric' ? error : anchor === null && UNKNOWN;
    if (refusal) return { body: { jsonrpc: '2.0', id, error: refusal } };
    if (method === 'getrawtransaction') return answer(shown(anchor ?? {}));
    return answer(
      method === 'getapplicationlog' ? logged(params, anchor ?? {}) : historic(params, datoshi),
    );
  });
  return server.addr;
}

const UNKNOWN = { code: -103, message: 'Unknown transaction' };

const record = (changes: Partial<Anchor> = {}) =>
  encodeAnchorScript({
    magic: MAGIC,
    height: HEIGHT,
    root: statement.tree.root,
    sum: 300_000_000n,
    ...changes,
  });

const anchoring = (script: Uint8Array): Transaction => ({
  nonce: 1,
  systemFee: 300n,
  networkFee: 1_228_520n,
  validUntilBlock: 200,
  signers: [{ account: decodeScriptHash(new Uint8Array(20).fill(5)), scopes: NO_SCOPES }],
  attributes: [],
  script,
  witnesses: [{ invocation: new Uint8Array(66), verification: new Uint8Array(40) }],
});

/** As the platform tells of it, whatever the chain has. */
const anchoredBy = (script: Uint8Array, more: object = {}) => ({
  ...signedStatement(statement),
  anchor: {
    status: 'anchored',
    reason: null,
    transactionHash: hashTransaction(anchoring(script)),
    blockIndex: 101,
    ...more,
  },
});

function shown({ script = record(), isPooled = false }: AnchorOnChain): unknown {
  const transaction = formatTransaction(anchoring(script));
  const block = { blockhash: `0x${'1b'.repeat(32)}`, confirmations: 3, blocktime: 1_000 };
  return isPooled ? transaction : { ...transaction, ...block };
}

function logged([txid]: readonly unknown[], { state = 'HALT' }: AnchorOnChain): unknown {
  const run = { trigger: 'Application', vmstate: state, gasconsumed: '300', exception: null };
  return { txid, executions: [{ ...run, stack: [], notifications: [] }] };
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

describe('gasbank prove, of an anchor', () => {
  it('proves it by every node, and names the transaction', async () => {
    const go = await files({ proof: anchoredBy(record()), keys });
    const [one, two] = [await serveNode({ anchor: {} }), await serveNode({ anchor: {} })];
    const { code, out, err } = await go(`${prove} --node ${one} --node ${two} --json`);
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      proven: true,
      anchor: 'anchored',
      anchorTransaction: hashTransaction(anchoring(record())),
    });
  });

  it('tells that there is none, or none yet', async () => {
    const none = await files({ proof: { ...signedStatement(statement), anchor: null }, keys });
    const without = await none(`${prove} --node ${await serveNode()} --json`);
    expect(JSON.parse(without.out)).toMatchObject({ anchor: null, anchorTransaction: null });
    const pending = { status: 'pending', transactionHash: null };
    const go = await files({ proof: anchoredBy(record(), pending), keys });
    const { out } = await go(`${prove} --node ${await serveNode()} --json`);
    expect(JSON.parse(out)).toMatchObject({ anchor: 'pending', anchorTransaction: null });
  });

  const lies: readonly (readonly [string, Uint8Array])[] = [
    ['another root', record({ root: '00'.repeat(32) })],
    ['another sum', record({ sum: 299_999_999n })],
    ['another height', record({ height: HEIGHT + 1 })],
    ['another network', record({ magic: 1 })],
    ['no record', Uint8Array.of(0x40)],
  ];
  it.each(lies)('refuses a transaction with %s', async (_, script) => {
    const go = await files({ proof: anchoredBy(script), keys });
    const { code, err, out } = await go(
      `${prove} --node ${await serveNode({ anchor: { script } })}`,
    );
    expect(err).toMatch(/proof.anchor_differs/);
    expect([code, out]).toEqual([9, '']);
  });

  it('refuses one that faulted', async () => {
    const go = await files({ proof: anchoredBy(record()), keys });
    const node = await serveNode({ anchor: { state: 'FAULT' } });
    const { code, err } = await go(`${prove} --node ${node}`);
    expect([code, err]).toEqual([9, expect.stringMatching(/did not halt/)]);
  });

  const unknown: readonly (readonly [string, AnchorOnChain | null])[] = [
    ['does not have it', null],
    ['has it in its pool alone', { isPooled: true }],
    ['shows another transaction for it', { script: record({ height: 1 }) }],
  ];
  it.each(unknown)('guesses nothing where a node %s', async (_, anchor) => {
    const go = await files({ proof: anchoredBy(record()), keys });
    const good = await serveNode({ anchor: {} });
    const { code, err, out } = await go(
      `${prove} --node ${good} --node ${await serveNode({ anchor })}`,
    );
    expect(err).toMatch(/cannot prove at 100/);
    expect([code, out]).toEqual([8, '']);
  });

  it.each([
    ['without a hash', { transactionHash: null }],
    ['with half a hash', { transactionHash: '0x12' }],
    ['without a status', { status: 7 }],
  ])('refuses an anchor %s', async (_, changes) => {
    const go = await files({ proof: anchoredBy(record(), changes), keys });
    const { code, err } = await go(`${prove} --node ${await serveNode({ anchor: {} })}`);
    expect([code, err]).toEqual([9, expect.stringMatching(/proof.malformed/)]);
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
