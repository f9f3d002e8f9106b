/** What the tests of withdrawals need beside the API: funded accounts, a vault, senders, approvers. */
import { runDurableObjectAlarm } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, vi } from 'vitest';
import { assert } from '../../../worker/core/assert.ts';
import { parseScriptHash, type ScriptHash } from '../../../worker/core/neo/script-hash.ts';
import { connect } from '../../../worker/db/connect.ts';
import { type Env, parseSettings } from '../../../worker/env.ts';
import { createLog } from '../../../worker/http/log.ts';
import { forgetDataKeys } from '../../../worker/services/secrets/data-keys.ts';
import { sweepWithdrawals } from '../../../worker/services/withdrawals/index.ts';
import type { Alterations } from '../../support/altered-platform.ts';
import { type Called, call, openTenant, type Tenant } from '../../support/harness.ts';
import { createNeoWallet, type NeoWallet } from '../../support/neo-wallet.ts';
import { addVerified } from '../../support/signed-in.ts';
import { NETWORKS, SMALL_CHAIN } from '../../support/small-chain.ts';
import { stopClock } from '../../support/time.ts';
import { VaultChain } from './vault-chain.ts';

export const ABSENT = 'wdr_01k4j8x1e0e4r9v2m3n5p6q7rs';
export const NETWORK = NETWORKS.up.id;
export const MAGIC = NETWORKS.up.magic;
export const GAS = 100_000_000n;
export const TO = SMALL_CHAIN.receiver;
export const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;
// The bindings are those of the test's Worker.
const platform = env as unknown as Env;
const { DB, ACCOUNT_LEDGER, NEO_SENDER } = platform;

export const pass = (ms: number): void => {
  vi.setSystemTime(Date.now() + ms);
};

function vaultHash(digit: string): ScriptHash {
  const hash = parseScriptHash(`0x${digit.repeat(40)}`);
  assert(hash !== null, 'a hash');
  return hash;
}
export const VAULT = vaultHash('d');

export interface Funded {
  readonly tenant: Tenant;
  readonly gasAccountId: string;
}

let serial = 0;

/** With so much GAS in its book, as a deposit brings it there. */
export async function fund(tenant: Tenant, datoshi: bigint): Promise<Funded> {
  serial += 1;
  const gasAccountId = `gas_${String(serial).padStart(26, '0')}`;
  await DB.prepare(
    `INSERT INTO gas_accounts (gas_account_id, account_id, network, network_magic, fund, status,
       minimum_balance, revision, created_at, updated_at) VALUES (?, ?, ?, ?, 'main', 'open', 0, 1, 1, 1)`,
  )
    .bind(gasAccountId, tenant.accountId, NETWORK, MAGIC)
    .run();
  if (datoshi > 0n) await deposit(tenant, datoshi);
  return { tenant, gasAccountId };
}

export async function deposit(tenant: Pick<Tenant, 'accountId'>, datoshi: bigint): Promise<void> {
  serial += 1;
  const taken = await bookOf(tenant).receive({
    magic: MAGIC,
    fromOwner: 'platform',
    toOwner: tenant.accountId,
    toFund: 'main',
    id: `chain/${String(MAGIC)}:0x${serial.toString(16).padStart(64, '0')}:0`,
    amount: datoshi,
    number: serial,
    closedHeight: 0,
  });
  assert(taken.ok && taken.value.isTaken, 'a deposit that was taken');
}

export const bookOf = ({ accountId }: Pick<Tenant, 'accountId'>) =>
  ACCOUNT_LEDGER.getByName(`${String(MAGIC)}:${accountId}`);

/** Datoshi, by account of the book. */
export async function balancesOf(owner: Pick<Tenant, 'accountId'>, ofFund = 'main') {
  const page = await bookOf(owner).balances({ limit: 100 });
  const balances = new Map<string, bigint>(
    page.value.items.map(({ account, balance }) => [account, balance]),
  );
  return {
    available: balances.get(`available/${ofFund}`) ?? 0n,
    reserved: balances.get(`reserved/${ofFund}`) ?? 0n,
    inTransit: balances.get(`in_transit/${ofFund}`) ?? 0n,
    spent: balances.get('spent') ?? 0n,
  };
}

export interface Paying extends Funded {
  readonly chain: VaultChain;
  /** The sender of the operator. */
  readonly sender: string;
  readonly operatorId: string;
}

/** The wallet that signs payments, and the vault it signs for. */
export async function addVault(): Promise<{
  readonly sender: string;
  readonly operatorId: string;
}> {
  // Of the test before, whose storage is wiped; the platform is one in all of them.
  forgetDataKeys();
  const made = await call('POST /operator/gasbank/wallets', {
    body: { network: NETWORK, purpose: 'operator' },
  });
  expect(made.status, made.text).toBe(201);
  await DB.prepare(
    `INSERT INTO vaults (network_magic, network, contract, operator_wallet_id, minimum_deposit, funding,
       watched_height, booked_height, revision, created_at, updated_at)
     VALUES (?, ?, ?, ?, 10000000, '[]', 1, 1, 1, ?, ?)`,
  )
    .bind(MAGIC, NETWORK, VAULT, made.body.id, Date.now(), Date.now())
    .run();
  return { sender: `${String(MAGIC)}:${String(made.body.address)}`, operatorId: made.body.id };
}

/**
 * An account with 20 GAS on a network with a vault. The clock stands a day ahead, so that no alarm
 * rings by itself while the next test wipes its storage.
 */
export async function openPaying(datoshi = 20n * GAS): Promise<Paying> {
  if (!vi.isFakeTimers()) stopClock(Date.now() + DAY_MS);
  const chain = new VaultChain();
  const vault = await addVault();
  const funded = await fund(await openTenant(), datoshi);
  return { ...funded, chain, ...vault };
}

export const withdraw = ({ tenant, gasAccountId }: Funded, fields: object = {}): Promise<Called> =>
  tenant.call('POST /gasbank/withdrawals', {
    body: { id: 'payout-1', gasAccountId, amount: '5', to: TO, ...fields },
  });

export async function withdrawn(funded: Funded, fields: object = {}): Promise<string> {
  const made = await withdraw(funded, fields);
  expect(made.status, made.text).toBe(201);
  return made.body.id;
}

export const read = async ({ tenant }: Pick<Funded, 'tenant'>, id: string) =>
  (await tenant.call(`GET /gasbank/withdrawals/${id}`)).body;

export const senderOf = ({ sender }: Pick<Paying, 'sender'>) => NEO_SENDER.getByName(sender);

/** Rings the operator's sender, a little later each time, until the condition holds. */
export const until = <Value>(
  paying: Pick<Paying, 'sender'>,
  condition: () => Promise<Value> | Value,
): Promise<Value> =>
  vi.waitFor(
    async () => {
      pass(300);
      await runDurableObjectAlarm(senderOf(paying));
      return condition();
    },
    { timeout: 20_000, interval: 5 },
  );

export const untilStatus = (paying: Paying, id: string, status: string) =>
  until(paying, async () => {
    const body = await read(paying, id);
    expect(body.status, JSON.stringify(body)).toBe(status);
    return body;
  });

/** One whose payment waits in the pool of the node. */
export async function openSending(fields: object = {}): Promise<Paying & { readonly id: string }> {
  const paying = await openPaying();
  const id = await withdrawn(paying, fields);
  await until(paying, () => paying.chain.waiting);
  return { ...paying, id };
}

/** The part of the cron sweep that is about withdrawals, at the time of the test's clock. */
export async function sweep(alterations: Alterations = {}): Promise<void> {
  // An alteration takes no binding away here.
  const bindings = { ...platform, ...alterations } as Env;
  const settings = parseSettings(bindings);
  assert(settings.ok, 'settings of the tests');
  await sweepWithdrawals({
    env: bindings,
    db: connect(bindings.DB),
    now: Date.now(),
    settings: settings.value,
    log: createLog('silent'),
  });
}

/** A trial balance is proven, as it is where nothing is wrong for as long as the clock runs. */
export const keepProven = () =>
  DB.prepare('UPDATE vaults SET created_at = ?').bind(Date.now()).run();

export const rowOf = (id: string) =>
  DB.prepare('SELECT * FROM withdrawals WHERE withdrawal_id = ?').bind(id).first();

export const setRow = (id: string, set: string): Promise<unknown> =>
  DB.prepare(`UPDATE withdrawals SET ${set} WHERE withdrawal_id = ?`).bind(id).run();

/** Of this type, told to the account, or to operators. */
export async function eventsOf(tenant: Tenant, type: string): Promise<readonly Called['body'][]> {
  const listed = await tenant.call('GET /events?limit=500');
  expect(listed.status, listed.text).toBe(200);
  return listed.body.items.filter((event: Called['body']) => event.type === type);
}

export interface Approving extends Paying {
  readonly approvers: readonly NeoWallet[];
  readonly approverIds: readonly string[];
  readonly ask: (withdrawalId: string, approver: number) => Promise<Called>;
  readonly approve: (withdrawalId: string, approver: number) => Promise<Called>;
}

/** So many verified wallets, of whom `threshold` approve every withdrawal. */
export async function openApproving(
  count = 3,
  threshold = 2,
  datoshi = 20n * GAS,
): Promise<Approving> {
  const paying = await openPaying(datoshi);
  const { tenant } = paying;
  const approvers = Array.from({ length: count }, createNeoWallet);
  const approverIds: string[] = [];
  for (const wallet of approvers) approverIds.push(await addVerified(tenant, wallet));
  const policy = await tenant.call('PUT /gasbank/withdrawal-policy', { body: EVERY });
  expect(policy.status, policy.text).toBe(200);
  const members = await tenant.call('PUT /wallet-policy', {
    body: { threshold, members: approverIds },
  });
  expect(members.status, members.text).toBe(200);
  const ask = (withdrawalId: string, approver: number) =>
    tenant.call(`POST /gasbank/withdrawals/${withdrawalId}/approval-challenges`, {
      body: { walletId: approverIds[approver] },
    });
  return {
    ...paying,
    approvers,
    approverIds,
    ask,
    approve: async (withdrawalId, approver) => {
      const asked = await ask(withdrawalId, approver);
      expect(asked.status, asked.text).toBe(201);
      return tenant.call(`POST /gasbank/withdrawals/${withdrawalId}/approvals`, {
        body: approvers[approver]?.answer(asked.body),
      });
    },
  };
}

/** Every withdrawal needs approvals. */
export const EVERY = {
  network: NETWORK,
  approvalsAbove: '0',
  perDay: null,
  destinations: null,
  delayHours: 0,
};
