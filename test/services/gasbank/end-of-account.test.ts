/**
 * M17: what a deleted account leaves stays its owner's. Deletion asks for an empty book or for the
 * word that GAS is left; the purge moves it to unclaimed, and never to the operator.
 */
import { runDurableObjectAlarm } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it, vi } from 'vitest';
import type { Env } from '../../../worker/env.ts';
import { endAccountRecords, purgeAccounts } from '../../../worker/purge.ts';
import { bookOf, deposit, openFunded } from '../../support/gas-account.ts';
import { call, openTenant, type Tenant } from '../../support/harness.ts';
import { NETWORKS } from '../../support/small-chain.ts';
import { stopClock } from '../../support/time.ts';
import { MINUTE_MS, reserve, sweepGas } from './gas-under-test.ts';

const bindings = env as unknown as Env;
const DAY_MS = 86_400_000;

const unclaimedOf = async ({ accountId }: Tenant): Promise<bigint | undefined> => {
  const account = `available/unclaimed:${accountId}` as const;
  const read = await bookOf('platform').balances({ accounts: [account], limit: 1 });
  return read.value.items[0]?.balance;
};
const gasRows = async ({ accountId }: Tenant) =>
  (
    await env.DB.prepare('SELECT status, label FROM gas_accounts WHERE account_id = ?')
      .bind(accountId)
      .all()
  ).results;

async function openPurged() {
  const clock = stopClock();
  const tenant = await openTenant();
  const account = await openFunded(tenant, '5', { label: 'private' });
  await reserve(tenant, account, { expiresInSeconds: 2_592_000 });
  expect((await tenant.call('DELETE ?leaveGas=true')).status).toBe(204);
  clock.pass(31 * DAY_MS);
  return { clock, tenant };
}

describe('a deletion', () => {
  it('M17: is refused while there is GAS, free or held, unless it is left behind', async () => {
    const tenant = await openTenant();
    const account = await openFunded(tenant, '1');
    await reserve(tenant, account);
    for (const refused of [
      await tenant.call('DELETE '),
      await tenant.call('DELETE ?leaveGas=false'),
      await call(`DELETE /accounts/${tenant.accountId}`),
    ])
      expect(refused).toMatchObject({
        status: 409,
        body: { code: 'gasbank.balance_left', observed: 1e8 },
      });
    expect((await tenant.call('GET ')).status).toBe(200);
    expect((await tenant.call('DELETE ?leaveGas=true')).status).toBe(204);
  });
});

/** Ten minutes later: what a book has to tell or to end, and another look of the sweep. */
async function lookAgain({ clock, tenant }: Awaited<ReturnType<typeof openPurged>>): Promise<void> {
  clock.pass(10 * MINUTE_MS);
  await runDurableObjectAlarm(bookOf(tenant.accountId));
  await sweepGas();
}

describe('a purge', () => {
  it('M17: moves what is left to unclaimed, what was held when it ends, and closes the book', async () => {
    const purged = await openPurged();
    const { tenant } = purged;
    await purgeAccounts(bindings, Date.now());
    expect(await gasRows(tenant)).toEqual([{ status: 'reclaiming', label: null }]);
    await Promise.all([sweepGas(), sweepGas()]);
    await vi.waitFor(async () => expect(await unclaimedOf(tenant)).toBe(400_000_000n));
    await vi.waitFor(async () => {
      await lookAgain(purged);
      expect(await gasRows(tenant)).toEqual([{ status: 'closed', label: null }]);
    });
    expect(await unclaimedOf(tenant)).toBe(500_000_000n);
    expect(await bookOf(tenant.accountId).stats()).toMatchObject({ value: { isClosed: true } });
    const equity = await bookOf('platform').balances({ accounts: ['available/equity'], limit: 1 });
    expect(equity.value.items).toMatchObject([{ balance: 0n }]);
    const path = `/operator/gasbank/unclaimed/${NETWORKS.up.id}/${tenant.accountId}`;
    expect((await call(`GET ${path}`)).body).toMatchObject({ available: '5', payees: [] });
    const log = await call('GET /operator/audit?operation=gasbank.reclaim');
    expect(log.body.items).toMatchObject([
      { details: { amount: '1' } },
      { details: { amount: '4' } },
    ]);
  });

  it('M17: lets nothing late into the book of a deleted account', async () => {
    const purged = await openPurged();
    const { tenant } = purged;
    await purgeAccounts(bindings, Date.now());
    await vi.waitFor(async () => {
      await lookAgain(purged);
      expect(await gasRows(tenant)).toEqual([{ status: 'closed', label: null }]);
    });
    expect(await deposit(tenant, '1')).toMatchObject({ isTaken: false });
    const accounts = ['available/main'] as const;
    const left = await bookOf(tenant.accountId).balances({ accounts, limit: 1 });
    expect(left.value.items).toMatchObject([{ balance: 0n }]);
  });
});

describe('the end of records', () => {
  it('leaves no row of a gas account', async () => {
    const { tenant, clock } = await openPurged();
    await purgeAccounts(bindings, Date.now());
    clock.pass(4_000 * DAY_MS);
    await endAccountRecords(bindings, Date.now());
    expect(await gasRows(tenant)).toEqual([]);
  });
});
