/**
 * `Devpack.gasBank.withdraw` and `.listTransactions`: one withdrawal for one action, whatever dies on the way, under
 * the policy of the account; and functions of the earlier platform from end to end.
 */
import { describe, expect, it } from 'vitest';
import topUp from '../../../examples/functions/devpack/js/gasbank_topup.js?raw';
import workflow from '../../../examples/functions/devpack/js/gasbank_workflow.js?raw';
import { fundOfWallet } from '../../../worker/core/ledger/wallet-fund.ts';
import type { Performer } from '../../../worker/services/executions/deps.ts';
import { withdrawGas } from '../../../worker/services/executions/gasbank-withdrawals.ts';
import { keyOf, openTenant, type Tenant } from '../../support/harness.ts';
import { deposit, rows, testSettings } from '../metering/metering-under-test.ts';
import {
  balancesOf,
  EVERY,
  GAS,
  NETWORK,
  openPaying,
  type Paying,
  pass,
  TO,
} from '../withdrawals/withdrawals-under-test.ts';
import {
  contextOf,
  deliver,
  deploy,
  executeIn,
  onDisk,
  ran,
  read,
  workItem,
} from './runs-under-test.ts';

const WITHDRAW = '(params) => { Devpack.gasBank.withdraw(params); }';

const withdrawalsOf = (tenant: Tenant) =>
  rows<{ request_id: string; status: string; amount: number }>(
    'SELECT request_id, status, amount FROM withdrawals WHERE account_id = ?',
    tenant.accountId,
  );

async function openWithdrawing(source = WITHDRAW) {
  const paying = await openPaying();
  const functionId = await deploy(paying.tenant, source);
  return { ...paying, functionId };
}

const asked = async (
  { tenant, functionId, gasAccountId }: Paying & { functionId: string },
  params: object,
) => {
  const execution = await ran(tenant, functionId, { gasAccountId, ...params });
  return { execution, action: execution.actions[0] };
};

describe('a withdrawal of a function', () => {
  it.each([[2.5], ['2.5'], ['2.50000000']])(
    'is made under the id of its action, of the amount %o',
    async (amount) => {
      const paying = await openWithdrawing();
      const { execution, action } = await asked(paying, { amount, to: TO, scheduleAt: null });
      expect(execution.status, JSON.stringify(execution)).toBe('succeeded');
      expect(action.result).toMatchObject({
        account: { id: paying.gasAccountId },
        transaction: { amount: '2.5', to: TO, requestId: `${execution.id}:0`, createdBy: 'system' },
      });
      expect(await withdrawalsOf(paying.tenant)).toMatchObject([
        { request_id: `${execution.id}:0`, amount: 250_000_000 },
      ]);
    },
  );

  it.each([
    [0, 'amount must be greater than zero'],
    ['0.0', 'amount must be greater than zero'],
    [-1, 'amount must be greater than zero'],
    ['', 'amount must be greater than zero'],
    [null, ''],
    [1e-9, ''],
    [0.1 + 0.2, ''],
    ['1e1', ''],
    ['0x10', ''],
    [true, ''],
  ])('is none of the amount %o', async (amount, words) => {
    const paying = await openWithdrawing();
    const { action } = await asked(paying, { amount, to: TO });
    expect(action.status).toBe('failed');
    expect(action.error.message).toContain(words);
    expect(await withdrawalsOf(paying.tenant)).toEqual([]);
    expect(await balancesOf(paying.tenant)).toMatchObject({ available: 20n * GAS, reserved: 0n });
  });

  it('is none without a gas account, and none of another account', async () => {
    const paying = await openWithdrawing();
    const bare = await ran(paying.tenant, paying.functionId, { amount: 1, to: TO });
    expect(bare.actions[0].error.message).toBe('gasbank.withdraw requires gasAccountId or wallet');
    const thief = await openTenant('thief');
    const functionId = await deploy(thief, WITHDRAW);
    const { gasAccountId } = paying;
    const stolen = await ran(thief, functionId, { gasAccountId, amount: 1, to: TO });
    expect(stolen.actions[0].error.code).toBe('gasbank.fund_not_found');
    expect(await withdrawalsOf(thief)).toEqual([]);
  });

  it('waits for its schedule, which the earlier platform forgot', async () => {
    const paying = await openWithdrawing();
    const scheduleAt = new Date(Date.now() + 3_600_000).toISOString();
    const { action } = await asked(paying, { amount: 1, to: TO, scheduleAt });
    expect(action.result.transaction).toMatchObject({
      status: 'scheduled',
      scheduledAt: scheduleAt,
    });
  });

  it('M16: waits for approvals where the policy of the account wants them', async () => {
    const paying = await openWithdrawing();
    const { tenant } = paying;
    await tenant.call('PUT /gasbank/withdrawal-policy', { body: EVERY });
    const { action } = await asked(paying, { amount: 1, to: TO });
    expect(action.error.code).toBe('withdrawals.approvers_missing');
    expect(await withdrawalsOf(tenant)).toEqual([]);
  });

  it('is none for code of a key that may not withdraw', async () => {
    const { tenant, gasAccountId } = await openPaying();
    const token = await keyOf(tenant.accountId, { role: 'developer' });
    const body = { name: 'drain', source: WITHDRAW };
    const { id } = (await tenant.call('POST /functions', { body, token })).body;
    const { actions } = await ran(tenant, id, { gasAccountId, amount: 20, to: TO });
    expect(actions[0].error).toMatchObject({
      code: 'request.forbidden',
      message: expect.stringContaining('withdrawals:write'),
    });
    expect(await withdrawalsOf(tenant)).toEqual([]);
  });

  it('is one, and held once, although its runner died after it was made', async () => {
    const { tenant, gasAccountId } = await openPaying();
    const params = JSON.stringify({ gasAccountId, amount: '5', to: TO });
    const functionId = await deploy(tenant, `() => { Devpack.gasBank.withdraw(${params}); }`);
    const settings = testSettings();
    const dying: Performer = async (deps, order) => {
      await withdrawGas(deps, order);
      throw new Error('killed');
    };
    const performers = new Map([['gasbank.withdraw', dying]]);
    const answer = await executeIn(contextOf({ settings, performers }), tenant, functionId);
    const id = answer.ok ? answer.value.body.id : '';
    const [made, ...others] = await withdrawalsOf(tenant);
    expect([made?.request_id, others]).toEqual([`${id}:0`, []]);
    const held = await balancesOf(tenant);
    await onDisk(tenant, 'UPDATE executions SET watch_at = 0');
    await deliver(tenant, workItem(`${id}:actions:2`, { kind: 'execution.actions' }), { settings });
    expect(await withdrawalsOf(tenant)).toHaveLength(1);
    expect(await balancesOf(tenant)).toEqual(held);
    expect((await read(tenant, id)).actions[0]).toMatchObject({ status: 'succeeded' });
  });
});

describe('the list of transactions', () => {
  const LIST = '(params) => { Devpack.gasBank.listTransactions(params); }';

  it('has deposits and withdrawals, newest first, by type, by status, and no more than asked for', async () => {
    const paying = await openWithdrawing();
    const { tenant, gasAccountId } = paying;
    await asked(paying, { amount: 1, to: TO });
    pass(10);
    const scheduleAt = new Date(Date.now() + 3_600_000).toISOString();
    await asked(paying, { amount: 2, to: TO, scheduleAt });
    await rows(
      `INSERT INTO gasbank_deposits (deposit_id, chain_key, network, network_magic, account_id, gas_account_id,
         amount, from_script_hash, to_script_hash, transaction_hash, height, status, revision, created_at, updated_at)
       VALUES ('dep_1', 'k', ?, 56753, ?, ?, 2000000000, ?, ?, '0xab', 3, 'credited', 1, 5, 5)`,
      NETWORK,
      tenant.accountId,
      gasAccountId,
      `0x${'11'.repeat(20)}`,
      `0x${'22'.repeat(20)}`,
    );
    const functionId = await deploy(tenant, LIST);
    const listed = async (params: object) =>
      (await ran(tenant, functionId, { gasAccountId, ...params })).actions[0].result.transactions;
    const all = await listed({});
    expect(all.map(({ type, amount }: { type: string; amount: string }) => [type, amount])).toEqual(
      [
        ['withdrawal', '2'],
        ['withdrawal', '1'],
        ['deposit', '20'],
      ],
    );
    expect(all[2]).toMatchObject({
      id: 'dep_1',
      status: 'completed',
      state: 'credited',
      fee: null,
    });
    expect(await listed({ type: 'deposit' })).toEqual([all[2]]);
    expect(await listed({ status: 'scheduled' })).toEqual([all[0]]);
    expect(await listed({ status: 'completed', type: null })).toEqual([all[2]]);
    expect(await listed({ limit: 1 })).toEqual([all[0]]);
  });
});

describe('functions of the earlier platform', () => {
  it.each([
    ['gasbank_topup.js', topUp, ['gasbank.ensureAccount', 'gasbank.withdraw']],
    [
      'gasbank_workflow.js',
      workflow,
      ['gasbank.ensureAccount', 'gasbank.balance', 'gasbank.listTransactions', 'gasbank.withdraw'],
    ],
  ])('run unmodified, and move GAS once there is some: %s', async (_, source, types) => {
    const { tenant } = await openPaying();
    const functionId = await deploy(tenant, source);
    const params = { wallet: TO, amount: 1.25 };
    const first = await ran(tenant, functionId, params);
    expect(first.actions.map(({ type }: { type: string }) => type)).toEqual(types);
    expect(first.actions.at(-1).error.code).toBe('gasbank.insufficient_funds');
    const fund = fundOfWallet(TO);
    await deposit(tenant, 5n * GAS, fund);
    const second = await ran(tenant, functionId, params);
    expect(second.status, JSON.stringify(second)).toBe('succeeded');
    expect(second.actions.at(-1).result.transaction).toMatchObject({ amount: '1.25', to: TO });
    expect((await balancesOf(tenant, fund)).reserved).toBeGreaterThan((125n * GAS) / 100n);
  });
});
