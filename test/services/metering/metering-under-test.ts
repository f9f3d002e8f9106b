/** What the tests of prices and credits need beside the API: books with GAS in them, and sweeps. */
import { env } from 'cloudflare:workers';
import { expect } from 'vitest';
import { available } from '../../../worker/core/ledger/book.ts';
import type { Command } from '../../../worker/core/ledger/commands.ts';
import { connect } from '../../../worker/db/connect.ts';
import { type Env, parseSettings, type Settings } from '../../../worker/env.ts';
import { createLog } from '../../../worker/http/log.ts';
import { newId } from '../../../worker/http/request-context.ts';
import type { GasAccountRow } from '../../../worker/services/gasbank/index.ts';
import { gasAccounts } from '../../../worker/services/gasbank/index.ts';
import type { MeterDeps } from '../../../worker/services/metering/meter.ts';
import { sweepMetering } from '../../../worker/services/metering/sweep.ts';
import { call, type Tenant } from '../../support/harness.ts';
import { NETWORKS } from '../../support/small-chain.ts';

const bindings = env as unknown as Env;
export const NETWORK = NETWORKS.up;
export const PRICES = '/operator/gasbank/prices';

const FREE = {
  network: NETWORK.id as string,
  execution: '0',
  fuel: '0',
  storage: '0',
  creditsPerGas: null as string | null,
  initialAllocation: null as { credits: string; total: string } | null,
};

export const putPrices = (
  fields: Partial<typeof FREE> = {},
  headers: Record<string, string> = {},
) => call(`PUT ${PRICES}`, { body: { ...FREE, ...fields }, headers });

export async function setPrices(fields: Partial<typeof FREE>) {
  const set = await putPrices(fields);
  expect(set.status, set.text).toBe(200);
  return set.body;
}

export const bookOf = ({ accountId }: Pick<Tenant, 'accountId'>, magic: number = NETWORK.magic) =>
  bindings.ACCOUNT_LEDGER.getByName(`${String(magic)}:${accountId}`);

export const order = (tenant: Tenant, command: Command) =>
  bookOf(tenant).execute({ book: { magic: NETWORK.magic, owner: tenant.accountId }, command });

let deposits = 0;

/** GAS as a deposit brings it, in datoshi. */
export async function deposit(tenant: Tenant, amount: bigint, fund = 'main'): Promise<void> {
  deposits += 1;
  const taken = await bookOf(tenant).receive({
    magic: NETWORK.magic,
    fromOwner: 'platform',
    toOwner: tenant.accountId,
    toFund: fund,
    number: deposits,
    id: `${String(NETWORK.magic)}:0x${deposits.toString(16).padStart(64, '0')}:0`,
    amount,
    closedHeight: 0,
  });
  expect(taken.ok).toBe(true);
}

/** As the service of gas accounts opens one: the fund in the book, and its row. */
export async function openGasAccount(
  tenant: Tenant,
  fields: Partial<GasAccountRow> = {},
): Promise<GasAccountRow> {
  const now = Date.now();
  const row: GasAccountRow = {
    gasAccountId: newId('gasAccount', now),
    accountId: tenant.accountId,
    network: NETWORK.id,
    networkMagic: NETWORK.magic,
    fund: 'main',
    label: null,
    status: 'open',
    minimumBalance: 0,
    lowBalance: null,
    dailyLimit: null,
    topUp: null,
    lowSince: null,
    dueAt: null,
    revision: 1,
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    ...fields,
  };
  await connect(bindings.DB).insert(gasAccounts).values(row);
  if (row.fund !== 'main')
    await order(tenant, { kind: 'open', id: row.gasAccountId, owner: 'accounts', fund: row.fund });
  return row;
}

export const closeGasAccount = (gasAccountId: string) =>
  rows("UPDATE gas_accounts SET status = 'closed' WHERE gas_account_id = ?", gasAccountId);

async function balance(tenant: Tenant, account: string): Promise<bigint> {
  const page = await bookOf(tenant).balances({ limit: 400 });
  return page.value.items.find((item) => item.account === account)?.balance ?? 0n;
}

export const mainOf = (tenant: Tenant) => balance(tenant, available('main'));

/** Gives credits as an operator does. */
export async function grant(tenant: Tenant, amount: string, id = 'gift'): Promise<void> {
  const given = await call(`POST /operator/gasbank/accounts/${tenant.accountId}/credits`, {
    body: { id, network: NETWORK.id, amount, reason: 'for a test' },
  });
  expect(given.status, given.text).toBe(201);
}

export const creditsOf = async (tenant: Tenant) =>
  (await tenant.call(`GET /gasbank/credits?network=${NETWORK.id}`)).body;

export const usageOf = async (tenant: Tenant) =>
  (await bookOf(tenant).usage({ fromDay: 0, toDay: 1_000_000, limit: 100 })).value.items;

export const holdsOf = async (tenant: Tenant) =>
  (await bookOf(tenant).openHolds({ limit: 100 })).value.items;

export async function rows<Row>(statement: string, ...values: unknown[]): Promise<Row[]> {
  return (
    await bindings.DB.prepare(statement)
      .bind(...values)
      .all<Row>()
  ).results;
}

export function testSettings(): Settings {
  const settings = parseSettings(bindings);
  if (!settings.ok) throw new Error(settings.failure.code);
  return settings.value;
}

const sweepDeps = (parts: Partial<MeterDeps> = {}): MeterDeps => ({
  env: bindings,
  db: connect(bindings.DB),
  settings: testSettings(),
  log: createLog('silent', {}),
  now: Date.now(),
  ...parts,
});

export const sweep = (parts: Partial<MeterDeps> = {}) => sweepMetering(sweepDeps(parts));

type Stub = ReturnType<Books['getByName']>;

export type Books = Env['ACCOUNT_LEDGER'];

/** The books, of which one method is another one. */
function booksWith(
  method: 'execute',
  replaced: (stub: Stub, order: Parameters<Stub['execute']>[0]) => unknown,
): Books {
  return new Proxy(bindings.ACCOUNT_LEDGER, {
    get: (target, name: keyof Books) => {
      if (name !== 'getByName') return Reflect.get(target, name) as unknown;
      return (book: string) => {
        const stub = target.getByName(book);
        return new Proxy(stub, {
          get: (object, member: keyof Stub) =>
            member === method
              ? (given: Parameters<Stub['execute']>[0]) => replaced(stub, given)
              : (Reflect.get(object, member) as unknown),
        });
      };
    },
  });
}

/** Whoever waits for their answer is killed: before the book hears of it, or after. */
export const booksThatDie = (when: 'before' | 'after', kinds: readonly string[]) =>
  booksWith('execute', async (stub, given) => {
    const isMeant = kinds.includes(given.command.kind);
    if (isMeant && when === 'before') throw new Error('the connection was lost');
    const answer = await stub.execute(given);
    if (isMeant) throw new Error('the connection was lost');
    return answer;
  });

/** Books that have taken all they can keep. */
export const FULL_BOOKS = booksWith('execute', async () => ({
  ok: false,
  failure: { code: 'gasbank.full' },
}));
