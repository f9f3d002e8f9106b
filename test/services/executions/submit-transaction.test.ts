/**
 * The action `transaction.submit`: one transaction for one action, whatever dies on the way, of a wallet of the own
 * account, under its policy.
 */
import { describe, expect, it } from 'vitest';
import { parseSettings } from '../../../worker/env.ts';
import { openTenant, type Tenant } from '../../support/harness.ts';
import { SMALL_CHAIN } from '../../support/small-chain.ts';
import { govern, makeWallet, POLICY } from '../wallets/wallets-under-test.ts';
import {
  bindings,
  contextOf,
  deliver,
  deploy,
  executeIn,
  onDisk,
  ran,
  read,
  storeSecret,
  withJournal,
  workItem,
} from './runs-under-test.ts';

/** What the transfer of the small chain costs is free. */
const FREE = {
  ...POLICY,
  tokens: [{ token: SMALL_CHAIN.gas, perDay: '1000000000' }],
  systemFeeMax: '20000000',
  networkFeeMax: '20000000',
};

const transfer = (from: string) => ({
  contract: SMALL_CHAIN.gas,
  method: 'transfer',
  args: [
    { type: 'Hash160', value: from },
    { type: 'Hash160', value: SMALL_CHAIN.receiver },
    { type: 'Integer', value: '5' },
    { type: 'Any' },
  ],
  result: 'asserted',
});

const SUBMIT = '(params) => { Devpack.chain.submitTransaction(params); }';

async function openWithWallet(policy: object = FREE, source = SUBMIT, secrets: string[] = []) {
  const tenant = await openTenant();
  const wallet = (await makeWallet(tenant, { policy })).body;
  const functionId = await deploy(tenant, source, { secrets });
  const params = { walletId: wallet.id as string, calls: [transfer(wallet.address)] };
  return { tenant, functionId, params };
}

const transactionsOf = async ({ accountId }: Tenant) =>
  (
    await bindings.DB.prepare(
      'SELECT transaction_id, request_id, status FROM transactions WHERE account_id = ?',
    )
      .bind(accountId)
      .all()
  ).results;

async function actionOf(tenant: Tenant, functionId: string, params: unknown) {
  const execution = await ran(tenant, functionId, params);
  return { execution, action: execution.actions[0] };
}

describe('a transaction of a function', () => {
  it('is on its way under the id of the action, and the action tells which it is', async () => {
    const { tenant, functionId, params } = await openWithWallet();
    const { execution, action } = await actionOf(tenant, functionId, {
      ...params,
      systemFeeMax: 20_000_000,
      networkFeeMax: '20000000',
      windowBlocks: 30,
      note: 'from a function',
    });
    expect(execution.status, JSON.stringify(execution)).toBe('succeeded');
    expect(action).toMatchObject({
      type: 'transaction.submit',
      status: 'succeeded',
      result: {
        status: 'sending',
        walletId: params.walletId,
        requestId: `${execution.id}:0`,
        systemFeeMax: '20000000',
        windowBlocks: 30,
        note: 'from a function',
        createdBy: 'system',
      },
    });
    expect(await transactionsOf(tenant)).toMatchObject([
      { transaction_id: action.result.id, request_id: `${execution.id}:0` },
    ]);
  });

  it('waits for approvals where the policy of its wallet wants them', async () => {
    const policy = { ...FREE, tokens: [], approvals: 1 };
    const { tenant, functionId, params } = await openWithWallet(policy);
    await govern(tenant);
    const { execution, action } = await actionOf(tenant, functionId, params);
    expect(execution.status, JSON.stringify(execution)).toBe('succeeded');
    expect(action.result).toMatchObject({ status: 'proposed', threshold: 1, attempts: [] });
  });

  it('is none where the policy refuses it, or nobody could approve it', async () => {
    const strict = await openWithWallet(POLICY);
    const { action } = await actionOf(strict.tenant, strict.functionId, strict.params);
    expect(action.error.code).toBe('wallets.policy_refused');
    const governed = await openWithWallet({ ...FREE, tokens: [] });
    const asked = await actionOf(governed.tenant, governed.functionId, governed.params);
    expect(asked.action.error.code).toBe('transactions.approvers_missing');
    expect(await transactionsOf(strict.tenant)).toEqual([]);
    expect(await transactionsOf(governed.tenant)).toEqual([]);
  });

  it('is none when the wallet is of another account, and nothing tells that it exists', async () => {
    const { params } = await openWithWallet();
    const stranger = await openWithWallet();
    const absent = { ...params, walletId: 'nwl_01k4j8x1e0e4r9v2m3n5p6q7rs' };
    const errors = [];
    for (const tried of [params, absent])
      errors.push((await actionOf(stranger.tenant, stranger.functionId, tried)).action.error);
    expect(errors[0].code).toBe('transactions.wallet_unknown');
    expect(errors[1]).toEqual(errors[0]);
    expect(await transactionsOf(stranger.tenant)).toEqual([]);
  });

  it('is none when it would fault, and the action has the exception', async () => {
    const { tenant, functionId, params } = await openWithWallet();
    const { walletId } = params;
    const { execution, action } = await actionOf(tenant, functionId, { walletId, script: 'OA==' });
    expect(execution.error.code).toBe('functions.action_failed');
    expect(action.error).toMatchObject({ code: 'transactions.would_fault' });
    expect(action.error.message).toContain('ABORT');
    expect(await transactionsOf(tenant)).toEqual([]);
  });

  it('is none when the code failed after it had asked for it', async () => {
    const source = `${SUBMIT.slice(0, -2)}; throw new Error('late'); }`;
    const { tenant, functionId, params } = await openWithWallet(FREE, source);
    const { execution } = await actionOf(tenant, functionId, params);
    expect([execution.status, execution.actions]).toEqual(['failed', []]);
    expect(await transactionsOf(tenant)).toEqual([]);
  });

  it.each([
    ['neither calls nor script', { calls: null }, '/script'],
    ['a script that is none', { calls: null, script: '!' }, '/script'],
    ['a fee with a fraction', { systemFeeMax: 1.5 }, '/systemFeeMax'],
    ['a fee below nothing', { networkFeeMax: '-1' }, '/networkFeeMax'],
    ['a scope that does not exist', { scopes: 'All' }, '/scopes'],
    ['a wallet that is no text', { walletId: 7 }, '/walletId'],
    ['a field that does not exist', { to: 'me' }, 'to'],
  ])('is none with %s, and the action says where', async (_what, change, place) => {
    const { tenant, functionId, params } = await openWithWallet();
    const { action } = await actionOf(tenant, functionId, { ...params, ...change });
    expect(action.status).toBe('failed');
    expect(action.error.message).toContain(place);
    expect(await transactionsOf(tenant)).toEqual([]);
  });

  it('keeps a secret of its params out of what the action shows', async () => {
    const secret = 'canary-6a4c-secret';
    const source = '(p, s) => { Devpack.chain.submitTransaction({ ...p, note: s.token }); }';
    const { tenant, functionId, params } = await openWithWallet(FREE, source, ['token']);
    await storeSecret(tenant, 'token', { value: secret, grants: [functionId] });
    const { action } = await actionOf(tenant, functionId, params);
    expect(action).toMatchObject({
      params: { note: '[secret:token]' },
      result: { note: '[secret:token]' },
    });
  });
});

describe('one action is one transaction', () => {
  const settings = () => {
    const parsed = parseSettings(bindings);
    if (!parsed.ok) throw new Error(parsed.failure.code);
    return parsed.value;
  };
  const SOURCE = (params: object) =>
    `() => { Devpack.chain.submitTransaction(${JSON.stringify(params)}); }`;

  async function openDying() {
    const { tenant, params } = await openWithWallet();
    return { tenant, functionId: await deploy(tenant, SOURCE(params)) };
  }
  async function resume(tenant: Tenant, id: string) {
    await onDisk(tenant, 'UPDATE executions SET watch_at = 0');
    const item = workItem(`${id}:actions:2`, { kind: 'execution.actions' });
    await deliver(tenant, item, { settings: settings() });
    return read(tenant, id);
  }

  it('when its runner died before it', async () => {
    const { tenant, functionId } = await openDying();
    const performers = new Map([['transaction.submit', () => Promise.reject(new Error('killed'))]]);
    const context = contextOf({ performers, settings: settings() });
    const answer = await executeIn(context, tenant, functionId);
    const id = answer.ok ? answer.value.body.id : '';
    expect(await transactionsOf(tenant)).toEqual([]);
    expect(await resume(tenant, id)).toMatchObject({ status: 'succeeded' });
    expect(await transactionsOf(tenant)).toMatchObject([{ request_id: `${id}:0` }]);
  });

  it('when its runner died after it, before anybody knew', async () => {
    const { tenant, functionId } = await openDying();
    const env = withJournal({ dead: ['saveActionResult'], times: 1 });
    const context = contextOf({ env, settings: settings() });
    const answer = await executeIn(context, tenant, functionId);
    const id = answer.ok ? answer.value.body.id : '';
    const [made] = await transactionsOf(tenant);
    expect(made).toMatchObject({ request_id: `${id}:0` });
    const resumed = await resume(tenant, id);
    expect(resumed).toMatchObject({
      status: 'succeeded',
      actions: [{ status: 'succeeded', result: { id: made?.transaction_id } }],
    });
    expect(await transactionsOf(tenant)).toHaveLength(1);
  });
});
