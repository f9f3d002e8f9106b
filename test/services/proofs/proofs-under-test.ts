/**
 * A small gas bank to be proven: a vault that is watched, customers with deposits, and three nodes
 * that know what the chain has. Nothing rings by itself: the clock stands a day ahead, moves are
 * carried by hand, and a book is heard when a test says so.
 */
import { env } from 'cloudflare:workers';
import { base64 } from '@scure/base';
import { sql } from 'drizzle-orm';
import { expect, vi } from 'vitest';
import { bookName } from '../../../worker/core/ledger/book.ts';
import type { Command } from '../../../worker/core/ledger/commands.ts';
import { decodeCalls } from '../../../worker/core/neo/contract-calls.ts';
import { decodeScriptHash, type ScriptHash } from '../../../worker/core/neo/script-hash.ts';
import { connect } from '../../../worker/db/connect.ts';
import { type Env, parseSettings, type Settings } from '../../../worker/env.ts';
import { createLog } from '../../../worker/http/log.ts';
import { sweepProofs } from '../../../worker/services/proofs/advance.ts';
import { hearBook } from '../../../worker/services/proofs/index.ts';
import { call, openTenant, type Tenant } from '../../support/harness.ts';
import { type Script, ScriptedNode } from '../../support/scripted-node.ts';
import { NETWORKS } from '../../support/small-chain.ts';
import { stopClock } from '../../support/time.ts';

const bindings = env as unknown as Env;
export const db = () => connect(bindings.DB);

export const NETWORK = NETWORKS.up.id;
export const MAGIC = NETWORKS.up.magic;
export const VAULT = `0x${'a1'.repeat(20)}`;
export const WALLET = `0x${'b2'.repeat(20)}`;
const STRANGER = `0x${'c3'.repeat(20)}`;
const DAY_MS = 86_400_000;
export const GAS = 100_000_000n;

const ledgerOf = (owner: string) =>
  bindings.ACCOUNT_LEDGER.getByName(bookName({ magic: MAGIC, owner }));

let banks = 0;

export interface Bank {
  readonly nodes: readonly ScriptedNode[];
  /** What the chain has, by address; a test changes it as a thief or a defect would. */
  readonly chain: Map<string, bigint>;
  readonly settings: Settings;
}

/** The vault is watched from block 10 on, with nothing on it; all of the chain to 20 is booked. */
export async function openBank(): Promise<Bank> {
  stopClock(Date.now() + DAY_MS);
  banks += 1;
  const hosts = ['one', 'two', 'three'].map((name) => `${name}-${String(banks)}.test`);
  const chain = new Map<string, bigint>();
  const nodes = hosts.map(() => {
    const node = new ScriptedNode();
    node.blockTimeMs = Date.now();
    node.scripts.set('invokescripthistoric', answerFrom(chain));
    return node;
  });
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    const node = nodes[hosts.indexOf(new URL(url).host)];
    if (node === undefined) throw new Error(`no such node: ${url}`);
    node.blockTimeMs = Date.now();
    return node.serve(await new Response(init.body).text());
  });
  const parsed = parseSettings(bindings);
  if (!parsed.ok) throw new Error('the settings of the tests are sound');
  const network = { ...NETWORKS.up, rpc: hosts.map((host) => `http://${host}`), quorum: 2 };
  const settings = { ...parsed.value, NEO_NETWORKS: [network] };
  await addVault();
  const watch = { kind: 'watch', owner: 'chain', height: 10, opening: 0n } as const;
  for (const address of [VAULT, WALLET])
    await give('platform', { ...watch, id: `watch:${address}`, address });
  return { nodes, chain, settings };
}

async function addVault(): Promise<void> {
  const now = Date.now();
  await db().run(sql`INSERT INTO platform_wallets (wallet_id, network, network_magic, purpose, address,
      script_hash, public_key, sealed_key, status, watched_height, revision, created_at, updated_at)
    VALUES ('pwl_1', ${NETWORK}, ${MAGIC}, 'operator', 'N', ${WALLET}, '02', x'00', 'active', 10, 1,
      ${now}, ${now})`);
  await db().run(sql`INSERT INTO vaults (network_magic, network, contract, operator_wallet_id,
      minimum_deposit, funding, watched_height, booked_height, revision, created_at, updated_at)
    VALUES (${MAGIC}, ${NETWORK}, ${VAULT}, 'pwl_1', 1, '[]', 10, 20, 1, ${now}, ${now})`);
}

export const bookThrough = (height: number) =>
  db().run(sql`UPDATE vaults SET booked_height = ${height} WHERE network_magic = ${MAGIC}`);

/** One number for each call of `balanceOf` in the script. */
const answerFrom =
  (chain: ReadonlyMap<string, bigint>): Script =>
  ({ params: [, script] }) => {
    const bytes = base64.decode(String(script));
    const calls = decodeCalls(bytes);
    const stack = (calls.ok ? calls.value : []).map(({ args: [account] }) => ({
      type: 'Integer',
      value: String(
        account?.type === 'ByteString' ? (chain.get(addressOf(account.value)) ?? 0n) : -1n,
      ),
    }));
    const outcome = { script, state: 'HALT', gasconsumed: '0', exception: null };
    return { result: { ...outcome, stack, notifications: [] } };
  };

const addressOf = (bytes: Uint8Array): ScriptHash => decodeScriptHash(bytes);

async function give(owner: string, command: Command): Promise<void> {
  const done = await ledgerOf(owner).execute({ book: { magic: MAGIC, owner }, command });
  expect(done.ok ? null : done.failure).toBeNull();
}

let events = 0;

interface Deposit {
  readonly amount: bigint;
  readonly height: number;
}

/** An event on the vault, whose GAS is on its way to the customer's book. */
export async function sendDeposit(
  { chain }: Bank,
  owner: string,
  { amount, height }: Deposit,
): Promise<string> {
  events += 1;
  const id = `${String(MAGIC)}:0x${events.toString(16).padStart(64, '0')}:0`;
  chain.set(VAULT, (chain.get(VAULT) ?? 0n) + amount);
  await give('platform', {
    kind: 'chain_entry',
    id,
    owner: 'chain',
    height,
    address: VAULT,
    direction: 'in',
    counterparty: STRANGER,
    amount,
    destination: { kind: 'book', owner, fund: 'main' },
  });
  return id;
}

/** What the platform's book has sent and nobody has answered yet. */
export async function receive(
  owner: string,
  id: string,
  amount: bigint,
): Promise<() => Promise<void>> {
  const stats = await ledgerOf('platform').stats();
  const number = await moveNumber(id);
  const taken = await ledgerOf(owner).receive({
    magic: MAGIC,
    fromOwner: 'platform',
    toOwner: owner,
    toFund: 'main',
    number,
    id,
    amount,
    closedHeight: stats.ok ? await closedAt(number) : 0,
  });
  if (!taken.ok) throw new Error(taken.failure.code);
  return async () => {
    await ledgerOf('platform').acknowledge({ number, ...taken.value });
  };
}

const within = async <Row>(statement: string): Promise<readonly Row[]> => {
  const { runInDurableObject } = await import('cloudflare:test');
  return runInDurableObject(ledgerOf('platform'), (_ledger, state) =>
    // A test reads what it named.
    state.storage.sql.exec(statement).toArray(),
  ) as unknown as readonly Row[];
};

async function moveNumber(id: string): Promise<number> {
  const rows = await within<{ number: number }>(`SELECT number FROM moves WHERE id = '${id}'`);
  return rows[0]?.number ?? -1;
}

async function closedAt(number: number): Promise<number> {
  const rows = await within<{ closed_height: number }>(
    `SELECT closed_height FROM moves WHERE number = ${String(number)}`,
  );
  return rows[0]?.closed_height ?? 0;
}

/** A deposit that has arrived and is answered. */
export async function deposit(bank: Bank, owner: string, of: Deposit): Promise<void> {
  const id = await sendDeposit(bank, owner, of);
  const answer = await receive(owner, id, of.amount);
  await answer();
}

let spendings = 0;

export async function spend(owner: string, amount: bigint): Promise<void> {
  spendings += 1;
  await give(owner, {
    kind: 'spend',
    id: `work-${String(spendings)}`,
    owner: 'executions',
    fund: 'main',
    amount,
    source: 'gas',
    purpose: 'functions.execution',
    budgets: [],
  });
}

/** As its alarm would have it told. */
export const hear = (owner: string) =>
  hearBook({ env: bindings, now: Date.now() }, { magic: MAGIC, owner });

/** One sweep now. */
export const sweepOnce = (bank: Bank) =>
  sweepProofs({
    env: bindings,
    db: db(),
    settings: bank.settings,
    log: createLog('silent'),
    now: Date.now(),
  });

export const pass = (ms: number) => vi.setSystemTime(Date.now() + ms);

/** Sweeps, a minute apart, until nothing runs. */
export async function sweepThrough(bank: Bank, sweepsMax = 40): Promise<void> {
  for (let number = 0; number < sweepsMax; number += 1) {
    await sweepOnce(bank);
    const rows = await checkpoints();
    if (rows.every(({ status }) => status !== 'running')) return;
    pass(60_000);
  }
}

/** An hour later, with all of the chain to this height booked. */
export async function proveAt(bank: Bank, height: number) {
  await bookThrough(height);
  pass(3_600_000);
  await sweepThrough(bank);
  return (await checkpoints()).find((row) => row.height === height);
}

interface Checkpoint {
  readonly height: number;
  readonly status: string;
  readonly stage: string;
  readonly reason: string | null;
  readonly is_walk: number;
  readonly statement: string | null;
}

export const checkpoints = (): Promise<Checkpoint[]> =>
  db().all<Checkpoint>(sql`SELECT * FROM gasbank_checkpoints ORDER BY height`);

export interface Customer extends Tenant {
  readonly gasAccountId: string;
}

let customers = 0;

/** With a gas account, as the catalogue has it. */
export async function openCustomer(): Promise<Customer> {
  const tenant = await openTenant();
  customers += 1;
  const gasAccountId = `gas_${String(customers)}`;
  const now = Date.now();
  await db().run(sql`INSERT INTO gas_accounts (gas_account_id, account_id, network, network_magic,
      fund, status, minimum_balance, revision, created_at, updated_at)
    VALUES (${gasAccountId}, ${tenant.accountId}, ${NETWORK}, ${MAGIC}, 'main', 'open', 0, 1, ${now},
      ${now})`);
  return { ...tenant, gasAccountId };
}

export async function operatorEvents(type: string): Promise<readonly unknown[]> {
  const rows = await db().all<{ body: string }>(
    sql`SELECT body FROM outbox WHERE journal = 'operator' AND kind = 'event'`,
  );
  return rows.map(({ body }) => JSON.parse(body)).filter((event) => event.type === type);
}

export const proofAt = (height: number) =>
  call(`GET /gasbank/proofs/${NETWORK}/${String(height)}`, { token: null });
