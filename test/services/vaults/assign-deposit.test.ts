/** `POST /operator/gasbank/deposits/{depositId}/assign`: once, whole, under the deposit's own key. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { available, suspenseOf } from '../../../worker/core/ledger/book.ts';
import { executeCommand } from '../../../worker/services/gasbank/index.ts';
import { openGasAccount } from '../../support/gas-account.ts';
import { call, openTenant, type Tenant } from '../../support/harness.ts';
import {
  balances,
  depositRows,
  feed,
  feedDeps,
  insertGasAccount,
  MAGIC,
  moved,
  PLATFORM_BOOK,
  paid,
  registered,
  STRANGER,
  sweepAt,
} from './vaults-under-test.ts';

const GAS_1 = 100_000_000n;

async function suspended() {
  const { chain, vault } = await registered();
  const payment = paid({ from: STRANGER, to: vault, amount: GAS_1, data: null });
  await chain.add(...payment);
  await feed();
  const [row] = await depositRows();
  return { chainKey: payment[0].id, id: row?.deposit_id ?? '' };
}

const assign = (id: string, gasAccountId: string) =>
  call(`POST /operator/gasbank/deposits/${id}/assign`, {
    body: { gasAccountId, reason: 'ticket 4711' },
  });
const inMain = async ({ accountId }: Tenant) =>
  (await balances({ magic: MAGIC, owner: accountId }, available('main')))[0];

describe('200', () => {
  it('M2: credits the whole deposit under its own key, and says why', async () => {
    const { id, chainKey } = await suspended();
    const tenant = await openTenant();
    const gasAccountId = (await openGasAccount(tenant)).body.id;
    const assigned = await assign(id, gasAccountId);
    expect(assigned.body).toMatchObject({
      accountId: tenant.accountId,
      gasAccountId,
      status: 'assigned',
      reason: 'ticket 4711',
      chainKey,
    });
    await moved();
    expect(await inMain(tenant)).toBe(GAS_1);
    expect(await balances(PLATFORM_BOOK, available(suspenseOf(chainKey)))).toEqual([0n]);
    const log = await tenant.call('GET /audit?operation=vaults.assignDeposit');
    expect(log.body.items).toMatchObject([{ details: { reason: 'ticket 4711', chainKey } }]);
  });

  it('is carried out by the sweep when it died before the book had it', async () => {
    const { id, chainKey } = await suspended();
    const tenant = await openTenant();
    const gasAccountId = await insertGasAccount(tenant);
    await env.DB.prepare(
      `UPDATE gasbank_deposits SET status = 'assigned', account_id = ?, gas_account_id = ?,
         revision = 2, due_at = 1 WHERE deposit_id = ?`,
    )
      .bind(tenant.accountId, gasAccountId, id)
      .run();
    await sweepAt(0);
    await sweepAt(3_600_000);
    await moved();
    expect(await inMain(tenant)).toBe(GAS_1);
    expect(await balances(PLATFORM_BOOK, available(suspenseOf(chainKey)))).toEqual([0n]);
  });

  it('M17: lies in suspense again when the book it went to was closed, and can go elsewhere', async () => {
    const { id } = await suspended();
    const [gone, tenant] = [await openTenant(), await openTenant()];
    const closed = await insertGasAccount(gone);
    const book = { magic: MAGIC, owner: gone.accountId };
    const { env: bindings } = feedDeps();
    await executeCommand(bindings, book, { kind: 'close_book', id: 'end', owner: 'accounts' });
    expect((await assign(id, closed)).status).toBe(200);
    await moved();
    await sweepAt(3_600_000);
    expect(await depositRows()).toMatchObject([
      { status: 'suspense', reason: 'account_closed', account_id: null },
    ]);
    const gasAccountId = (await openGasAccount(tenant)).body.id;
    expect((await assign(id, gasAccountId)).status).toBe(200);
    await moved();
    expect(await inMain(tenant)).toBe(GAS_1);
  });
});

describe('404', () => {
  it('assigns nothing that never came', async () => {
    const tenant = await openTenant();
    const gasAccountId = (await openGasAccount(tenant)).body.id;
    const refused = await assign('dep_01k4j8x1e0e4r9v2m3n5p6q7rs', gasAccountId);
    expect(refused.body.code).toBe('request.not_found');
  });
});

describe('409', () => {
  it('does not assign twice, not even at once', async () => {
    const { id } = await suspended();
    const [one, other] = [await openTenant(), await openTenant()];
    const ids = [(await openGasAccount(one)).body.id, (await openGasAccount(other)).body.id];
    const answers = await Promise.all(ids.map((gasAccountId) => assign(id, gasAccountId)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 409]));
    await moved();
    expect((await inMain(one)) === GAS_1).not.toBe((await inMain(other)) === GAS_1);
    const again = await assign(id, ids[0] ?? '');
    expect(again.body.code).toBe('gasbank.not_in_suspense');
  });
});

describe('422', () => {
  it('refuses a gas account that is unknown, closed or of another network', async () => {
    const { id } = await suspended();
    const tenant = await openTenant();
    for (const gasAccountId of [
      'gas_01k4j8x1e0e4r9v2m3n5p6q7rs',
      await insertGasAccount(tenant, { status: 'closed', fund: 'one' }),
      await insertGasAccount(tenant, { magic: 860_833_102, fund: 'two' }),
    ])
      expect(await assign(id, gasAccountId)).toMatchObject({
        status: 422,
        body: { code: 'vaults.account_unfit', fields: [{ pointer: '/gasAccountId' }] },
      });
    expect(await depositRows()).toMatchObject([{ status: 'suspense' }]);
  });
});
