/**
 * The gas bank as its users have it, on real nodes and in one go: a deposit, a sponsored call of
 * somebody who owns no GAS, a withdrawal that two wallets approve, a refill of the sponsor wallet, a
 * sponsorship that faults on the chain, and a deposit to nobody that is assigned. After every step
 * the books are cut at a block and equal the chain there, address by address, and the root of what
 * customers own is written on the chain.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accountNamed, councilAccount, type NamedAccount } from '../../scripts/devnet/accounts.ts';
import { deployContract, readArtifacts } from '../../scripts/devnet/contracts.ts';
import { gasOf, payFromGenesis } from '../../scripts/devnet/funds.ts';
import { type Executed, execute } from '../../scripts/devnet/transactions.ts';
import { vaultTerms } from '../../scripts/devnet/vault-terms.ts';
import { gas } from '../../worker/chain/contracts/gas.ts';
import { formatGas, parseGas } from '../../worker/core/money.ts';
import { encodeCalls } from '../../worker/core/neo/contract-calls.ts';
import { parseHash256 } from '../../worker/core/neo/hash256.ts';
import { encodeHex } from '../../worker/core/neo/hex.ts';
import { NATIVE_CONTRACTS } from '../../worker/core/neo/native-contracts.ts';
import { signMessage } from '../../worker/core/neo/private-key.ts';
import { parseScriptHash, type ScriptHash } from '../../worker/core/neo/script-hash.ts';
import {
  encodeSigningMessage,
  hashTransaction,
  parseBase64Transaction,
  parseBase64Unsigned,
} from '../../worker/core/neo/transaction/transaction.ts';
import { decodeAnchorScript } from '../../worker/core/proofs/anchor.ts';
import { anchorOf, statementSchema } from '../../worker/core/proofs/statement.ts';
import { type ServedPlatform, type ServedTenant, servePlatform } from '../e2e/served-platform.ts';
import { createNeoWallet, type NeoWallet } from '../support/neo-wallet.ts';
import { devnet, openAccount, rpc } from './support/devnet.ts';

const NETWORK = 'neo3:devnet';
const NEO = NATIVE_CONTRACTS.NeoToken.hash;
const GAS = 100_000_000n;
/** The platform looks at refills and at what was lost on the way once a minute. */
const SOON = { timeout: 150_000, interval: 250 };
const LONG_MS = 300_000;

let folder = '';
let platform: ServedPlatform;
let tenant: ServedTenant;
let vault: ScriptHash;
let sponsor: ScriptHash;
let depositor: NamedAccount;
let user: NamedAccount;
let gasAccountId = '';
const approvers: { readonly walletId: string; readonly wallet: NeoWallet }[] = [];

const hashOf = (text: string): ScriptHash => {
  const hash = parseScriptHash(text);
  if (hash === null) throw new Error('a script hash');
  return hash;
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'chain-gas-bank-'));
  const { magic, checkpoint, nodes } = devnet;
  const urls = nodes.map(({ rpcUrl }) => rpcUrl);
  const networks = [{ id: NETWORK, magic, rpc: urls, quorum: urls.length, checkpoint }];
  platform = await servePlatform({
    state: join(folder, 'platform'),
    env: { NEO_NETWORKS: JSON.stringify(networks) },
  });
  tenant = await platform.openTenant();
  depositor = await openAccount('gas-bank-depositor', { gas: 100n, neo: 0n });
  user = await openAccount('gas-bank-user', { gas: 0n, neo: 10n });
  await openVault();
  await openGasAccount();
}, LONG_MS);

afterAll(async () => {
  await platform.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function openVault(): Promise<void> {
  const { vaults } = platform.operator;
  const operator = await vaults.createPlatformWallet({ network: NETWORK, purpose: 'operator' });
  const payer = await vaults.createPlatformWallet({ network: NETWORK, purpose: 'sponsor' });
  const anchor = await vaults.createPlatformWallet({ network: NETWORK, purpose: 'anchor' });
  sponsor = hashOf(payer.scriptHash);
  const wallets = [operator, payer, anchor].map(({ scriptHash }) => ({
    scriptHash: hashOf(scriptHash),
  }));
  await payFromGenesis(rpc, wallets, { gas: 3n, neo: 0n });
  const deployer = await openAccount('gas-bank-deployer', { gas: 100n, neo: 0n });
  const terms = vaultTerms({
    owner: councilAccount().scriptHash,
    operator: hashOf(operator.scriptHash),
    minimumDeposit: GAS / 10n,
    releaseCap: 100n * GAS,
    refillCap: 10n * GAS,
    sponsors: [sponsor],
  });
  vault = await deployContract(rpc, { contract: readArtifacts('gas-vault'), deployer, terms });
  await vaults.setVault({ network: NETWORK, contract: vault, funding: [] });
}

async function openGasAccount(): Promise<void> {
  const { client, accountId } = tenant;
  const made = await client.gasbank.createGasAccount({ accountId, network: NETWORK });
  gasAccountId = made.id;
}

/** Two wallets of the workspace, which both have to approve from then on. */
async function openApprovers(): Promise<void> {
  const { client, accountId } = tenant;
  for (const wallet of [createNeoWallet(), createNeoWallet()]) {
    const { address } = wallet;
    const made = await client.workspaceWallets.createWallet({ accountId, kind: 'neo', address });
    const place = { accountId, walletId: made.id };
    const asked = await client.workspaceWallets.createChallenge(place);
    await client.workspaceWallets.verifyWallet({ ...place, ...answerTo(wallet, asked) });
    approvers.push({ walletId: made.id, wallet });
  }
  const members = approvers.map(({ walletId }) => walletId);
  await client.workspaceWallets.setPolicy({ accountId, threshold: 2, members });
  await client.withdrawals.setPolicy({
    accountId,
    network: NETWORK,
    approvalsAbove: '1',
    perDay: '50',
    delayHours: 24,
    destinations: null,
  });
}

type Answer = { challengeId: string; publicKey: string; signature: string; salt?: string };
const answerTo = (wallet: NeoWallet, asked: Parameters<NeoWallet['answer']>[0]): Answer =>
  wallet.answer(asked) as Answer; // Of the layout that it has by default.

/** `data` as the vault books it. */
function deposit(amount: bigint, data: string | null): Promise<Executed> {
  const bytes = data === null ? undefined : new TextEncoder().encode(data);
  const call = gas.transfer({
    from: depositor.scriptHash,
    to: vault,
    amount,
    ...(bytes === undefined ? {} : { data: { type: 'ByteArray', value: bytes } as const }),
  });
  return execute(rpc, depositor, encodeCalls([call]));
}

const balance = async () => {
  const { client, accountId } = tenant;
  return client.gasbank.getBalance({ accountId, gasAccountId });
};

/** Cuts the books at a block that has all that is on the chain now. */
async function proven(): Promise<void> {
  const { operator } = platform;
  const wanted = Number(await rpc.call('getblockcount')) - 1;
  const isBooked = async () =>
    ((await operator.vaults.getVault({ network: NETWORK })).bookedHeight ?? 0) >= wanted;
  await expect.poll(isBooked, SOON).toBe(true);
  const { createdAt } = await operator.proofs.createCheckpoint({ network: NETWORK });
  // The height is that of the cut; later blocks may have come into the book before it.
  const decided = async () => {
    const { items } = await operator.proofs.listCheckpoints({ network: NETWORK });
    return items.find((one) => one.createdAt === createdAt);
  };
  await expect.poll(decided, SOON).toBeDefined();
  const ended = await decided();
  expect(ended, JSON.stringify(ended)).toMatchObject({ status: 'proven', reason: null });
  expect(ended?.height).toBeGreaterThanOrEqual(wanted);
}

async function lastProven(): Promise<number> {
  const { items } = await platform.operator.proofs.listProofs({ network: NETWORK });
  return items.find(({ status }) => status === 'proven')?.height ?? -1;
}

const transferNeo = (amount: string) => ({
  contract: NEO,
  method: 'transfer',
  args: [
    { type: 'Hash160', value: user.scriptHash },
    { type: 'Hash160', value: accountNamed('stranger').scriptHash },
    { type: 'Integer', value: amount },
    { type: 'Any', value: null },
  ],
  flags: 'All',
  result: 'asserted' as const,
});

let policyId = '';
const prepare = (id: string, amount: string) => {
  const { client, accountId } = tenant;
  const calls = [transferNeo(amount)];
  const signer = user.address;
  return client.sponsorships.createSponsorship({ accountId, id, policyId, calls, signer });
};

/** As a wallet of the user does it. */
function signedByUser(transaction: string): { publicKey: string; signature: string } {
  const unsigned = parseBase64Unsigned(transaction);
  const [key] = user.privateKeys;
  if (!unsigned.ok || key === undefined) throw new Error('a transaction and a key');
  const message = encodeSigningMessage(devnet.magic, hashTransaction(unsigned.value));
  return { publicKey: user.publicKey, signature: encodeHex(signMessage(message, key)) };
}

async function signAndSend({ id, transaction }: { id: string; transaction: string }) {
  const place = { accountId: tenant.accountId, sponsorshipId: id };
  const { sponsorships } = tenant.client;
  await sponsorships.signSponsorship({ ...place, ...signedByUser(transaction) });
  return () => sponsorships.getSponsorship(place);
}

describe('the gas bank equals the chain after', () => {
  test('it was opened', { timeout: LONG_MS }, proven);

  test('M2: a deposit', { timeout: LONG_MS }, async () => {
    await deposit(40n * GAS, gasAccountId);
    await expect.poll(async () => (await balance()).available, SOON).toBe('40');
    await proven();
  });

  test('M7: a sponsored call of somebody without GAS', { timeout: LONG_MS }, async () => {
    const { client, accountId } = tenant;
    const policy = await client.sponsorships.createPolicy({
      accountId,
      gasAccountId,
      name: 'moves',
      contracts: [{ contract: NEO, methods: ['transfer'] }],
      feeMax: '0.5',
      perDay: '5',
      perAccountPerDay: '5',
      perSignerPerDay: '5',
      faultsPerDay: 5,
      faultsPerSignerPerDay: 5,
      openMax: 10,
      openPerSignerMax: 10,
    });
    policyId = policy.id;
    expect(await gasOf(rpc, user.scriptHash)).toBe(0n);
    const prepared = await prepare('first-move', '1');
    const read = await signAndSend(prepared);
    await expect.poll(async () => (await read()).status, SOON).toBe('confirmed');
    const { cost } = await read();
    const spent = async () => (await balance()).available;
    await expect.poll(spent, SOON).toBe(lessGas('40', cost));
    await proven();
  });

  test('M14: a withdrawal that two wallets approve', { timeout: LONG_MS }, async () => {
    await openApprovers();
    const { client, accountId } = tenant;
    const to = accountNamed('gas-bank-recipient').address;
    const fields = { id: 'payout-1', gasAccountId, amount: '5', to };
    const asked = await client.withdrawals.createWithdrawal({ accountId, ...fields });
    expect(asked).toMatchObject({ status: 'awaiting_approval', threshold: 2 });
    const place = { accountId, withdrawalId: asked.id };
    for (const { walletId, wallet } of approvers) {
      const text = await client.withdrawals.createApprovalChallenge({ ...place, walletId });
      await client.withdrawals.createApproval({ ...place, ...answerTo(wallet, text) });
    }
    const read = () => client.withdrawals.getWithdrawal(place);
    await expect.poll(async () => (await read()).status, SOON).toBe('completed');
    expect(await gasOf(rpc, accountNamed('gas-bank-recipient').scriptHash)).toBe(5n * GAS);
    await proven();
  });

  test('M15: a refill of the sponsor wallet', { timeout: LONG_MS }, async () => {
    const { vaults, withdrawals } = platform.operator;
    const { items } = await vaults.listPlatformWallets({ network: NETWORK });
    const own = items.find(({ scriptHash }) => scriptHash === sponsor);
    const refillRule = { below: '4', upTo: '6' };
    await vaults.setRefillRule({ platformWalletId: own?.id ?? '', refillRule });
    const before = await gasOf(rpc, sponsor);
    await expect.poll(async () => (await gasOf(rpc, sponsor)) > before, SOON).toBe(true);
    const done = async () =>
      (await withdrawals.listForOperator({ status: 'completed' })).items.map(({ kind }) => kind);
    await expect.poll(done, SOON).toContain('refill');
    await proven();
  });

  test('M7: a sponsorship that faults on the chain', { timeout: LONG_MS }, async () => {
    // Both may move all of it as long as neither has.
    const [one, other] = [await prepare('all-1', '9'), await prepare('all-2', '9')];
    const before = (await balance()).available;
    const reads = [await signAndSend(one), await signAndSend(other)];
    const ends = async () =>
      (await Promise.all(reads.map((read) => read()))).map(({ status }) => status).toSorted();
    await expect.poll(ends, SOON).toEqual(['confirmed', 'faulted']);
    // Neo gives nothing back of either.
    expect((await balance()).available).toBe(before);
    await expect.poll(async () => (await balance()).reserved, SOON).toBe('0');
    await proven();
  });

  test('M2: a deposit to nobody that is assigned', { timeout: LONG_MS }, async () => {
    const { vaults } = platform.operator;
    await deposit(2n * GAS, null);
    const waiting = async () => (await vaults.listSuspense({ network: NETWORK })).items;
    await expect.poll(async () => (await waiting()).length, SOON).toBe(1);
    await proven();
    const before = (await balance()).available;
    const [found] = await waiting();
    const reason = 'the sender showed the key of the address';
    await vaults.assignDeposit({ depositId: found?.id ?? '', gasAccountId, reason });
    await expect.poll(async () => (await balance()).available, SOON).toBe(moreGas(before, '2'));
    await proven();
  });

  test('M12: the root was written on it', { timeout: LONG_MS }, async () => {
    const height = await lastProven();
    const read = () => platform.operator.proofs.getProof({ network: NETWORK, height });
    await expect.poll(async () => (await read()).anchor?.status, SOON).toBe('anchored');
    const { anchor, statement } = await read();
    const hash = parseHash256(anchor?.transactionHash ?? '');
    const stored = parseBase64Transaction(String(await rpc.call('getrawtransaction', [hash])));
    if (!stored.ok) throw new Error('a transaction');
    expect(decodeAnchorScript(stored.value.script)).toEqual(
      anchorOf(statementSchema.parse(statement)),
    );
    expect(await rpc.call('gettransactionheight', [hash])).toBe(anchor?.blockIndex);
    await proven();
  });

  test('M11: all of it, by the word of a node of one’s own', { timeout: LONG_MS }, async () => {
    const last = await lastProven();
    const read = () => platform.operator.proofs.getProof({ network: NETWORK, height: last });
    await expect.poll(async () => (await read()).anchor?.status, SOON).toBe('anchored');
    const height = String(last);
    const node = devnet.nodes[0]?.rpcUrl ?? '';
    const args = ['gasbank', 'prove', '--network', NETWORK, '--height', height, '--node', node];
    const { stdout } = await promisify(execFile)('node', ['cli/slctl.mjs', ...args, '--json'], {
      env: { ...process.env, SERVICE_LAYER_ADDR: platform.address },
    });
    expect(JSON.parse(stdout)).toMatchObject({
      proven: true,
      network: NETWORK,
      nodes: 1,
      anchor: 'anchored',
    });
  });
});

const inDatoshi = (text: string): bigint => {
  const parsed = parseGas(text, '/amount');
  if (!parsed.ok) throw new Error(`${text} is no amount`);
  return parsed.value;
};
const lessGas = (text: string, less: string): string =>
  formatGas(inDatoshi(text) - inDatoshi(less));
const moreGas = (text: string, more: string): string =>
  formatGas(inDatoshi(text) + inDatoshi(more));
