/**
 * The life of a contract through the product's API, on real nodes: deployed, found, called by a
 * client that was generated from its manifest, updated, destroyed. The platform is the one that
 * `npm start` serves; its wallet is funded, and sends what its policy lets pass.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeClient } from '../../cli/src/contracts/client-source.ts';
import { type CompiledContract, compileContract } from '../../scripts/devnet/contracts.ts';
import { payFromGenesis } from '../../scripts/devnet/funds.ts';
import { isServiceLayerError } from '../../sdk/src/index.ts';
import { parseManifest } from '../../worker/core/neo/contract/manifest.ts';
import { NATIVE_CONTRACTS } from '../../worker/core/neo/native-contracts.ts';
import { parseScriptHash } from '../../worker/core/neo/script-hash.ts';
import { type ServedPlatform, type ServedTenant, servePlatform } from '../e2e/served-platform.ts';
import { devnet, rpc } from './support/devnet.ts';

const NETWORK = 'neo3:devnet';
const GAS_A_DAY = '10000000000';
const ENDED = { timeout: 60_000, interval: 250 };
const LONG_MS = 180_000;
const SDK = join(import.meta.dirname, '../../sdk/src/index.ts');

let folder = '';
let platform: ServedPlatform;
let tenant: ServedTenant;
let walletId = '';
let probe: CompiledContract;
let contractId = '';
let scriptHash = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'chain-contracts-'));
  const { magic, checkpoint, nodes } = devnet;
  const urls = nodes.map(({ rpcUrl }) => rpcUrl);
  const networks = [{ id: NETWORK, magic, rpc: urls, quorum: urls.length, checkpoint }];
  platform = await servePlatform({
    state: join(folder, 'platform'),
    env: { NEO_NETWORKS: JSON.stringify(networks) },
  });
  tenant = await platform.openTenant();
  probe = await compileContract('probe');
  const { client, accountId } = tenant;
  const wallet = await client.wallets.createWallet({ accountId, network: NETWORK });
  walletId = wallet.id;
  const hash = parseScriptHash(wallet.scriptHash);
  if (hash) await payFromGenesis(rpc, [{ scriptHash: hash }], { gas: 100n, neo: 0n });
  await allow(NATIVE_CONTRACTS.ContractManagement.hash);
});

afterAll(async () => {
  await platform.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** From now on the wallet calls these freely, for as much GAS as a test needs. */
async function allow(...contracts: readonly string[]): Promise<void> {
  const { client, accountId } = tenant;
  await client.wallets.setPolicy({
    accountId,
    walletId,
    contracts: contracts.map((contract) => ({ contract, methods: null })),
    tokens: [{ token: NATIVE_CONTRACTS.GasToken.hash, perDay: GAS_A_DAY }],
    scopes: ['CalledByEntry'],
    customContracts: [],
    systemFeeMax: '5000000000',
    networkFeeMax: '500000000',
    approvals: null,
  });
}

const place = () => ({ accountId: tenant.accountId, contractId });

/** On the chain, with the state it must have. */
async function confirmed(transactionId: string): Promise<string> {
  const { client, accountId } = tenant;
  const read = () => client.transactions.getTransaction({ accountId, transactionId });
  await expect.poll(async () => (await read()).status, ENDED).toBe('confirmed');
  return (await read()).hash ?? '';
}

/** The client that `slctl contracts generate` writes for what lies on the chain. */
async function generated() {
  const { manifest } = await tenant.client.contracts.getManifest(place());
  const parsed = parseManifest(manifest);
  if (!parsed.ok) throw new Error(parsed.misshapen.reason);
  const path = join(folder, 'probe-client.ts');
  writeFileSync(path, writeClient(parsed.value, SDK));
  return import(/* @vite-ignore */ pathToFileURL(path).href);
}

describe('a contract', () => {
  test('is deployed by a wallet, under the hash that was foretold', {
    timeout: LONG_MS,
  }, async () => {
    const { client, accountId } = tenant;
    const nef = probe.nef.toString('base64');
    const { manifest } = probe;
    const made = await client.contracts.deployContract({ accountId, walletId, nef, manifest });
    expect(made.contract).toMatchObject({ standing: 'pending', name: 'Probe', updateCounter: 0 });
    ({ id: contractId, scriptHash } = made.contract);
    await confirmed(made.transaction.id);
    expect(await rpc.call('getcontractstate', [scriptHash])).toMatchObject({ hash: scriptHash });
    expect(await client.contracts.getContract(place())).toMatchObject({
      standing: 'deployed',
      nefChecksum: made.contract.nefChecksum,
      deploymentTransactionId: made.transaction.id,
    });
  });

  test('is deployed once: the chain takes no second one', async () => {
    const { client, accountId } = tenant;
    const nef = probe.nef.toString('base64');
    const { manifest } = probe;
    const again = client.contracts.deployContract({ accountId, walletId, nef, manifest });
    await expect(again).rejects.toMatchObject({ code: 'transactions.would_fault' });
  });

  test('is read and invoked by its generated client', { timeout: LONG_MS }, async () => {
    await allow(scriptHash);
    const { createContractClient, readEvent } = await generated();
    const contract = createContractClient(tenant.client, place());
    const value = { type: 'Integer', value: String(-(1n << 255n)) };
    expect(await contract.echo({ value })).toEqual(value);
    const key = new TextEncoder().encode('key');
    const put = await contract.put({ key, value: Uint8Array.of(1, 2, 255) }, { walletId });
    const emitted = await contract.emit({ text: 'text', number: 7n }, { walletId });
    await confirmed(put.id);
    expect(await contract.get({ key })).toEqual({ type: 'ByteString', value: 'AQL/' });
    const log = await tenant.client.chain.getApplicationLog({
      network: NETWORK,
      hash: await confirmed(emitted.id),
    });
    expect(log.notifications.map((one) => readEvent(scriptHash, one))).toEqual([
      { eventName: 'Emitted', text: 'text', number: 7n },
    ]);
  });

  test('lets nothing be sent that would fault', async () => {
    const call = { ...place(), walletId, method: 'emitAndFault', args: [text('void')] };
    const refused = await tenant.client.contracts
      .invokeMethod(call)
      .catch((error: unknown) => error);
    expect(isServiceLayerError(refused, 'transactions.would_fault')).toBe(true);
  });

  test('is updated by its own method', { timeout: LONG_MS }, async () => {
    const { contracts } = tenant.client;
    const manifest = JSON.stringify({ ...JSON.parse(probe.manifest), extra: { version: 2 } });
    const sent = await contracts.updateContract({ ...place(), walletId, manifest });
    await confirmed(sent.id);
    expect(await contracts.getContract(place())).toMatchObject({ updateCounter: 1, name: 'Probe' });
    expect((await contracts.getManifest(place())).manifest).toMatchObject({
      extra: { version: 2 },
    });
  });

  test('is absent once it is destroyed, and called no more', { timeout: LONG_MS }, async () => {
    const { contracts } = tenant.client;
    const sent = await contracts.invokeMethod({ ...place(), walletId, method: 'destroy' });
    await confirmed(sent.id);
    expect((await contracts.getContract(place())).standing).toBe('absent');
    const call = contracts.testInvokeMethod({ ...place(), method: 'echo', args: [text('x')] });
    await expect(call).rejects.toMatchObject({ code: 'contracts.not_deployed' });
  });
});

test('a native contract is registered and read like any other', async () => {
  const { client, accountId } = tenant;
  const { hash } = NATIVE_CONTRACTS.GasToken;
  const made = await client.contracts.registerContract({
    accountId,
    network: NETWORK,
    scriptHash: hash,
  });
  expect(made).toMatchObject({ standing: 'deployed', name: 'GasToken', updateCounter: 0 });
  const run = await client.contracts.testInvokeMethod({
    accountId,
    contractId: made.id,
    method: 'symbol',
  });
  expect(run).toMatchObject({ vmState: 'HALT', stack: [{ type: 'ByteString', value: 'R0FT' }] });
});

const text = (value: string) => ({ type: 'String', value });
