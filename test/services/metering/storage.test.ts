/**
 * The price of what accounts keep, taken once a day; and what is left of prices and credits when an account is purged.
 */
import { describe, expect, it } from 'vitest';
import { purgeAccounts } from '../../../worker/purge.ts';
import { openTenant, type Tenant } from '../../support/harness.ts';
import { createNeoWallet } from '../../support/neo-wallet.ts';
import { addVerified } from '../../support/signed-in.ts';
import { bindings, deploy, ran } from '../executions/runs-under-test.ts';
import {
  deposit,
  mainOf,
  NETWORK,
  openGasAccount,
  rows,
  setPrices,
  sweep,
  usageOf,
} from './metering-under-test.ts';

const DAY_MS = 86_400_000;
const GAS = 100_000_000n;
/** So dear that a kilobyte costs something. */
const PRICES = { storage: '1000' };

async function openKeeping(gas: bigint) {
  const tenant = await openTenant();
  const functionId = await deploy(tenant, '() => "kept".repeat(1000)');
  await ran(tenant, functionId);
  await setPrices(PRICES);
  if (gas > 0n) await deposit(tenant, gas);
  return { tenant, functionId };
}

async function keptBy(tenant: Tenant): Promise<bigint> {
  const usage = (await tenant.call('GET /usage')).body.retention;
  const bytes = BigInt(usage.journals.bytes + usage.outputs.bytes);
  return (bytes * 1000n * GAS + 1_073_741_823n) / 1_073_741_824n;
}

const unpaid = async (tenant: Tenant) =>
  rows<{ body: string }>(
    "SELECT body FROM outbox WHERE journal = ? AND kind = 'event' ORDER BY outbox_id",
    tenant.accountId,
  );

describe('what is kept', () => {
  it('is paid once a day, however often the sweep comes by and whatever came to it', async () => {
    const { tenant, functionId } = await openKeeping(10n * GAS);
    const price = await keptBy(tenant);
    expect(price).toBeGreaterThan(100n);
    await sweep();
    await ran(tenant, functionId);
    await sweep();
    await rows('DELETE FROM storage_walks');
    await sweep();
    expect(await mainOf(tenant)).toBe(10n * GAS - price);
    expect(await usageOf(tenant)).toMatchObject([
      { purpose: 'executions.storage', gas: price, uses: 1 },
    ]);
    const more = await keptBy(tenant);
    expect(more).toBeGreaterThan(price);
    await sweep({ now: Date.now() + DAY_MS });
    expect(await mainOf(tenant)).toBe(10n * GAS - price - more);
  });

  it('is paid of every account, some at a time', async () => {
    const paying = [await openKeeping(GAS), await openKeeping(GAS), await openKeeping(GAS)];
    await rows(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
       INSERT INTO accounts SELECT 'acc_00000000000000000000000' || printf('%03d', i), 'idle', status,
         metadata, quotas, revision, created_at, updated_at, deleted_at, purged_at,
         request_signatures FROM n, (SELECT * FROM accounts LIMIT 1)`,
    );
    await sweep();
    const paidBy = () => Promise.all(paying.map(({ tenant }) => usageOf(tenant)));
    expect((await paidBy()).flat()).toEqual([]);
    await sweep();
    expect((await paidBy()).map((usage) => usage.length)).toEqual([1, 1, 1]);
  });

  it('costs nothing while it has no price, and nothing of an account that keeps nothing', async () => {
    const idle = await openTenant();
    await setPrices({ execution: '1' });
    await sweep();
    expect(await rows('SELECT * FROM storage_walks')).toEqual([]);
    await setPrices(PRICES);
    await sweep();
    expect([await usageOf(idle), await unpaid(idle)]).toEqual([[], []]);
  });

  it('is not paid half: an account with too little is told, and keeps what it has', async () => {
    const { tenant } = await openKeeping(1n);
    await sweep();
    expect(await mainOf(tenant)).toBe(1n);
    const [told, ...more] = await unpaid(tenant);
    expect(more).toEqual([]);
    expect(JSON.parse(told?.body ?? '')).toMatchObject({
      type: 'gasbank.storage_unpaid',
      data: { network: NETWORK.id, reason: 'gasbank.insufficient_funds' },
    });
  });
});

describe('an account that is purged', () => {
  it('leaves only that it was given credits once', async () => {
    const tenant = await openTenant();
    await addVerified(tenant, createNeoWallet());
    await setPrices({ creditsPerGas: '1', initialAllocation: { credits: '1', total: '9' } });
    const { gasAccountId } = await openGasAccount(tenant);
    await deposit(tenant, GAS);
    await tenant.call('PUT /gasbank/billing', { body: { gasAccountId } });
    const body = { id: 'one', gasAccountId, amount: '1' };
    await tenant.call('POST /gasbank/credits/purchases', { body });
    const claim = { body: { network: NETWORK.id } };
    await tenant.call('POST /gasbank/credits/initial-allocation', claim);
    const count = async () =>
      (await rows<{ kind: string }>('SELECT kind FROM credit_orders')).map(({ kind }) => kind);
    expect(new Set(await count())).toEqual(new Set(['purchase', 'initial']));
    await rows("UPDATE accounts SET status = 'deleted', deleted_at = 1");
    await purgeAccounts(bindings, Date.now());
    expect(await count()).toEqual(['initial']);
    expect(await rows('SELECT * FROM billing_accounts')).toEqual([]);
  });
});
