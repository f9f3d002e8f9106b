/**
 * Transactions through the product's API, on real nodes: sent from a wallet, signed by members of a
 * multisig account, replaced, expired, faulted. Each ends in the right state, with the evidence of
 * the chain itself. Between the platform and the nodes stand endpoints that can swallow what is sent.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accountNamed } from '../../scripts/devnet/accounts.ts';
import { type FaultProxy, startFaultProxy } from '../../scripts/devnet/fault-proxy.ts';
import { payFromGenesis } from '../../scripts/devnet/funds.ts';
import { encodeHex } from '../../worker/core/neo/hex.ts';
import { NATIVE_CONTRACTS } from '../../worker/core/neo/native-contracts.ts';
import { signMessage } from '../../worker/core/neo/private-key.ts';
import { parseScriptHash, scriptHashOf } from '../../worker/core/neo/script-hash.ts';
import {
  encodeSigningMessage,
  hashTransaction,
  parseBase64Unsigned,
} from '../../worker/core/neo/transaction/transaction.ts';
import { encodeMultisigScript } from '../../worker/core/neo/verification-script.ts';
import { type ServedPlatform, type ServedTenant, servePlatform } from '../e2e/served-platform.ts';
import { devnet, rpc } from './support/devnet.ts';

const NETWORK = 'neo3:devnet';
const GAS = NATIVE_CONTRACTS.GasToken.hash;
const NEO = NATIVE_CONTRACTS.NeoToken.hash;
const ENDED = { timeout: 90_000, interval: 100 };
const LONG_MS = 240_000;
/** Nobody else has an account of these three. */
const MEMBERS = ['multisig-member-1', 'multisig-member-2', 'multisig-member-3'].map(accountNamed);

let folder = '';
let endpoints: readonly FaultProxy[] = [];
let platform: ServedPlatform;
let tenant: ServedTenant;
let walletId = '';
let walletHash = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'chain-transactions-'));
  const { magic, checkpoint, nodes } = devnet;
  endpoints = await Promise.all(
    nodes.map(({ rpcUrl }) => startFaultProxy({ target: rpcUrl, controlPort: 0 })),
  );
  const urls = endpoints.map(({ url }) => url);
  const networks = [{ id: NETWORK, magic, rpc: urls, quorum: urls.length, checkpoint }];
  platform = await servePlatform({
    state: join(folder, 'platform'),
    env: { NEO_NETWORKS: JSON.stringify(networks) },
  });
  tenant = await platform.openTenant();
  const { client, accountId } = tenant;
  const wallet = await client.wallets.createWallet({
    accountId,
    network: NETWORK,
    policy: {
      contracts: [],
      tokens: [
        { token: GAS, perDay: '10000000000' },
        { token: NEO, perDay: '1000' },
      ],
      scopes: ['CalledByEntry'],
      customContracts: [],
      systemFeeMax: '500000000',
      networkFeeMax: '500000000',
      approvals: null,
    },
  });
  walletId = wallet.id;
  walletHash = wallet.scriptHash;
  await pay(walletHash, 100n, 10n);
}, LONG_MS);

afterAll(async () => {
  await platform.stop();
  await Promise.all(endpoints.map((endpoint) => endpoint.stop()));
  rmSync(folder, { recursive: true, force: true });
});

async function pay(text: string, gas: bigint, neo: bigint): Promise<void> {
  const scriptHash = parseScriptHash(text);
  if (scriptHash === null) throw new Error('a script hash');
  await payFromGenesis(rpc, [{ scriptHash }], { gas, neo });
}

/** Nodes answer as if they took it, and nobody hears of it. */
function swallow(isSwallowing: boolean): void {
  for (const endpoint of endpoints) endpoint.set({ swallowTransactions: isSwallowing });
}

const transfer = (token: string, from: string, amount: string) => ({
  contract: token,
  method: 'transfer',
  args: [
    { type: 'Hash160', value: from },
    { type: 'Hash160', value: accountNamed('stranger').scriptHash },
    { type: 'Integer', value: amount },
    { type: 'Any', value: null },
  ],
  flags: 'All',
  result: 'asserted' as const,
});

const place = (transactionId: string) => ({ accountId: tenant.accountId, transactionId });
const read = (transactionId: string) =>
  tenant.client.transactions.getTransaction(place(transactionId));

async function send(fields: object): Promise<string> {
  const { client, accountId } = tenant;
  const made = await client.transactions.createTransaction({ accountId, walletId, ...fields });
  expect(made.status).toBe('sending');
  return made.id;
}

const attemptsOf = async (transactionId: string) =>
  (await read(transactionId)).attempts.map(({ state }) => state);

async function ended(transactionId: string, status: string) {
  await expect.poll(async () => (await read(transactionId)).status, ENDED).toBe(status);
  return read(transactionId);
}

/** What a node says by itself. */
async function vmStateOf(hash: string | null): Promise<string | undefined> {
  const log = (await rpc.call('getapplicationlog', [hash])) as {
    readonly executions: readonly { readonly vmstate: string }[];
  };
  return log.executions[0]?.vmstate;
}

const eventsOf = async (transactionId: string) => {
  const { items } = await tenant.client.events.listEvents({ accountId: tenant.accountId });
  const own = items.filter(({ data }) => data?.['transactionId'] === transactionId);
  return own.map(({ type }) => type);
};

describe('a transaction', () => {
  test('of a wallet is confirmed, once, with its event', { timeout: LONG_MS }, async () => {
    const id = await send({ calls: [transfer(GAS, walletHash, '100000000')] });
    const { hash, vmState } = await ended(id, 'confirmed');
    expect([vmState, await vmStateOf(hash)]).toEqual(['HALT', 'HALT']);
    await expect.poll(() => eventsOf(id), ENDED).toEqual(['transaction.confirmed']);
  });

  test('of two of three members is sent with the second signature', {
    timeout: LONG_MS,
  }, async () => {
    const { client, accountId } = tenant;
    const publicKeys = MEMBERS.map(({ publicKey }) => publicKey);
    const script = encodeMultisigScript({ threshold: 2, publicKeys });
    if (!script.ok) throw new Error('two of three keys');
    const account = scriptHashOf(script.value);
    await pay(account, 20n, 0n);
    const proposed = await client.transactions.createMultisigTransaction({
      accountId,
      network: NETWORK,
      threshold: 2,
      publicKeys: publicKeys.toReversed(),
      calls: [transfer(GAS, account, '700000000')],
    });
    const { unsigned, hash } = await client.transactions.getSignatures(place(proposed.id));
    const decoded = parseBase64Unsigned(unsigned);
    if (!decoded.ok) throw new Error('what members sign is a transaction');
    const message = encodeSigningMessage(devnet.magic, hashTransaction(decoded.value));
    for (const [index, status] of [
      [2, 'proposed'],
      [0, 'sending'],
    ] as const) {
      const member = MEMBERS[index];
      const [key] = member?.privateKeys ?? [];
      if (!member || !key) throw new Error('a member');
      const signed = await client.transactions.addSignatures({
        ...place(proposed.id),
        publicKey: member.publicKey,
        signature: encodeHex(signMessage(message, key)),
      });
      expect(signed.status).toBe(status);
    }
    const done = await ended(proposed.id, 'confirmed');
    expect([done.hash, await vmStateOf(hash)]).toEqual([hash, 'HALT']);
  });

  test('that is replaced comes once, as the one that pays more', { timeout: LONG_MS }, async () => {
    swallow(true);
    const id = await send({ calls: [transfer(GAS, walletHash, '1')], windowBlocks: 240 });
    await expect.poll(() => attemptsOf(id), ENDED).toEqual(['live']);
    await tenant.client.transactions.replaceTransaction({
      ...place(id),
      networkFeeMax: '100000000',
    });
    await expect.poll(() => attemptsOf(id), ENDED).toEqual(['live', 'live']);
    swallow(false);
    const { hash, attempts } = await ended(id, 'confirmed');
    const [first, second] = attempts;
    expect([second?.hash, await vmStateOf(hash)]).toEqual([hash, 'HALT']);
    await expect(rpc.call('getapplicationlog', [first?.hash])).rejects.toThrow();
  });

  test('that is cancelled is displaced by one that does nothing', {
    timeout: LONG_MS,
  }, async () => {
    swallow(true);
    const id = await send({ calls: [transfer(GAS, walletHash, '1')], windowBlocks: 240 });
    await expect.poll(() => attemptsOf(id), ENDED).toEqual(['live']);
    await tenant.client.transactions.cancelTransaction(place(id));
    await expect.poll(() => attemptsOf(id), ENDED).toEqual(['live', 'live']);
    swallow(false);
    const { hash } = await ended(id, 'cancelled');
    expect(await vmStateOf(hash)).toBe('HALT');
  });

  test('that no block took has expired past its last block', { timeout: LONG_MS }, async () => {
    swallow(true);
    const id = await send({ calls: [transfer(GAS, walletHash, '1')], windowBlocks: 4 });
    const { attempts, hash } = await ended(id, 'expired');
    swallow(false);
    expect(hash).toBeNull();
    const [only] = attempts;
    const height = Number(await rpc.call('getblockcount')) - 1;
    expect(height).toBeGreaterThanOrEqual(only?.validUntilBlock ?? Number.POSITIVE_INFINITY);
    await expect(rpc.call('getapplicationlog', [only?.hash])).rejects.toThrow();
    await expect.poll(() => eventsOf(id), ENDED).toEqual(['transaction.expired']);
  });

  test('that was sound when it was simulated can fault in its block, and is told as that', {
    timeout: LONG_MS,
  }, async () => {
    // Both would pass alone; there is NEO for one of them.
    const all = { calls: [transfer(NEO, walletHash, '10')], windowBlocks: 240 };
    swallow(true);
    const one = await send(all);
    const other = await send(all);
    await expect.poll(() => attemptsOf(one), ENDED).toEqual(['live']);
    await expect.poll(() => attemptsOf(other), ENDED).toEqual(['live']);
    swallow(false);
    const settled = async () =>
      (await Promise.all([read(one), read(other)])).map(({ status }) => status).toSorted();
    await expect.poll(settled, ENDED).toEqual(['confirmed', 'faulted']);
    const views = await Promise.all([read(one), read(other)]);
    const faulted = views.find(({ status }) => status === 'faulted');
    expect([faulted?.vmState, await vmStateOf(faulted?.hash ?? null)]).toEqual(['FAULT', 'FAULT']);
    await expect.poll(() => eventsOf(faulted?.id ?? ''), ENDED).toEqual(['transaction.faulted']);
  });
});
