/**
 * `Devpack.gasBank.ensureAccount` and `.balance`: gas accounts of the own account, with the rights of who deployed the
 * code.
 */
import { describe, expect, it } from 'vitest';
import { fundOfWallet } from '../../../worker/core/ledger/wallet-fund.ts';
import type { Performer } from '../../../worker/services/executions/deps.ts';
import { ensureGasAccount } from '../../../worker/services/executions/gasbank-actions.ts';
import { keyOf, openTenant, type Tenant } from '../../support/harness.ts';
import { NETWORKS, SMALL_CHAIN } from '../../support/small-chain.ts';
import { deposit, rows, testSettings } from '../metering/metering-under-test.ts';
import {
  contextOf,
  deliver,
  deploy,
  executeIn,
  onDisk,
  openWith,
  ran,
  read,
  workItem,
} from './runs-under-test.ts';

const WALLET = SMALL_CHAIN.receiver;
/** Carries out what its params say: `[{ act, params }]`. */
const ACTS =
  '(params) => { for (const [act, given] of params.acts) Devpack.gasBank[act](given); return null; }';

interface Ensured {
  readonly result: { readonly account: { readonly id: string } };
}

async function openActing() {
  return openWith(ACTS);
}

const act = async (tenant: Tenant, functionId: string, ...acts: readonly unknown[]) =>
  ran(tenant, functionId, { acts });

const accountsOf = async (tenant: Tenant) =>
  (await tenant.call('GET /gasbank/gas-accounts')).body.items;

const network = NETWORKS.up.id;

describe('ensureAccount', () => {
  it('opens one gas account for a wallet, in whichever way and however often it is named', async () => {
    const { tenant, functionId } = await openActing();
    const hash = `0x${fundOfWallet(WALLET).slice('wallet-'.length)}`;
    const ensured = await act(
      tenant,
      functionId,
      ['ensureAccount', { wallet: WALLET, network }],
      ['ensureAccount', { wallet: ` ${WALLET} `, network }],
      ['ensureAccount', { wallet: hash, network }],
    );
    expect(ensured.status, JSON.stringify(ensured)).toBe('succeeded');
    const ids = ensured.actions.map((action: Ensured) => action.result.account.id);
    expect(new Set(ids).size).toBe(1);
    expect(await accountsOf(tenant)).toMatchObject([
      { id: ids[0], name: fundOfWallet(WALLET), label: WALLET, status: 'open' },
    ]);
    expect(ensured.actions[0].result.account).toMatchObject({
      network,
      available: '0',
      reserved: '0',
      inTransit: '0',
    });
  });

  it('opens `main` without a wallet, and takes null for none', async () => {
    const { tenant, functionId } = await openActing();
    await act(
      tenant,
      functionId,
      ['ensureAccount', { network }],
      ['ensureAccount', { wallet: null, network }],
    );
    expect(await accountsOf(tenant)).toMatchObject([{ name: 'main' }]);
  });

  it('keeps names of any kind apart, and their case together', async () => {
    const { tenant, functionId } = await openActing();
    const names = ['payroll', 'PAYROLL', 'oracle', `0x${'ab'.repeat(20)}`];
    await act(tenant, functionId, ...names.map((wallet) => ['ensureAccount', { wallet, network }]));
    const labels = (await accountsOf(tenant)).map(({ label }: { label: string }) => label);
    expect(new Set(labels)).toEqual(new Set(['payroll', 'oracle', names[3]]));
  });

  it('is one gas account although its runner died after it was opened', async () => {
    const tenant = await openTenant();
    const functionId = await deploy(
      tenant,
      `() => { Devpack.gasBank.ensureAccount({ network: '${network}' }); }`,
    );
    const settings = testSettings();
    const dying: Performer = async (deps, order) => {
      await ensureGasAccount(deps, order);
      throw new Error('killed');
    };
    const performers = new Map([['gasbank.ensureAccount', dying]]);
    const answer = await executeIn(contextOf({ settings, performers }), tenant, functionId);
    const id = answer.ok ? answer.value.body.id : '';
    const [opened] = await accountsOf(tenant);
    await onDisk(tenant, 'UPDATE executions SET watch_at = 0');
    await deliver(tenant, workItem(`${id}:actions:2`, { kind: 'execution.actions' }), { settings });
    expect(await accountsOf(tenant)).toEqual([opened]);
    expect((await read(tenant, id)).actions[0].result.account.id).toBe(opened.id);
  });

  it('asks for the network where it could be another one', async () => {
    const { tenant, functionId } = await openWith('() => { Devpack.gasBank.ensureAccount({}); }');
    const [only] = testSettings().NEO_NETWORKS;
    const other = only && { ...only, id: 'neo3:other', magic: 7 };
    const settings = { ...testSettings(), NEO_NETWORKS: only && other ? [only, other] : [] };
    const answer = await executeIn(contextOf({ settings }), tenant, functionId);
    const error = answer.ok ? answer.value.body.actions[0]?.error : undefined;
    expect(error).toEqual({
      code: 'functions.call_invalid',
      message: `Name one of the networks ${network}, neo3:other`,
    });
    const acting = await openActing();
    const nowhere = ['ensureAccount', { network: 'neo3:nowhere' }];
    const { actions } = await act(acting.tenant, acting.functionId, nowhere);
    expect(actions[0].error.code).toBe('chain.network_unknown');
  });

  it('needs none where there is one network only', async () => {
    const { tenant, functionId } = await openActing();
    const { status } = await act(tenant, functionId, ['ensureAccount', { wallet: 'solo' }]);
    expect(status).toBe('succeeded');
    expect(await accountsOf(tenant)).toMatchObject([{ network, label: 'solo' }]);
  });
});

describe('balance', () => {
  it('tells what is in the gas account of a wallet, or of an id', async () => {
    const { tenant, functionId } = await openActing();
    await act(tenant, functionId, ['ensureAccount', { wallet: 'ops', network }]);
    await deposit(tenant, 150_000_000n, fundOfWallet('ops'));
    const [{ id }] = await accountsOf(tenant);
    const { actions } = await act(
      tenant,
      functionId,
      ['balance', { wallet: 'ops' }],
      ['balance', { gasAccountId: id, wallet: null }],
    );
    for (const { result } of actions)
      expect(result.account).toMatchObject({ id, available: '1.5' });
  });

  it('is none without a name, and none of another account', async () => {
    const owner = await openActing();
    await act(owner.tenant, owner.functionId, ['ensureAccount', { wallet: 'ops', network }]);
    const [{ id }] = await accountsOf(owner.tenant);
    const { tenant, functionId } = await openActing();
    const { actions, status } = await act(
      tenant,
      functionId,
      ['balance', {}],
      ['balance', { wallet: 'ops' }],
      ['balance', { gasAccountId: id }],
      ['balance', { gasAccountId: 'gas_01k4j8x1e0e4r9v2m3n5p6q7rs' }],
    );
    expect(status).toBe('failed');
    expect(actions.map(({ error }: { error: { code: string } }) => error.code)).toEqual([
      'functions.call_invalid',
      'gasbank.fund_not_found',
      'gasbank.fund_not_found',
      'gasbank.fund_not_found',
    ]);
    expect(actions[0].error.message).toBe('gasbank.balance requires gasAccountId or wallet');
  });
});

describe('the right to act', () => {
  const source = "() => { Devpack.gasBank.ensureAccount({ network: 'neo3:private' }); }";
  const made = { name: 'acts', source, permissions: { modules: ['gasBank'] } };
  const errorOf = async (tenant: Tenant, functionId: string) =>
    (await ran(tenant, functionId)).actions[0].error;

  it('is that of the key which deployed the code', async () => {
    const tenant = await openTenant();
    const token = await keyOf(tenant.accountId, { role: 'developer' });
    const { id } = (await tenant.call('POST /functions', { body: made, token })).body;
    expect(await errorOf(tenant, id)).toMatchObject({
      code: 'request.forbidden',
      message: expect.stringContaining('gasbank:write'),
    });
    expect(await accountsOf(tenant)).toEqual([]);
    const deployed = await tenant.call(`PATCH /functions/${id}`, { body: { deploy: true } });
    expect(deployed.status).toBe(200);
    expect(await errorOf(tenant, id)).toBeNull();
  });

  it('does not pass on to code of somebody who has it not', async () => {
    const tenant = await openTenant();
    const { id } = (await tenant.call('POST /functions', { body: made })).body;
    const token = await keyOf(tenant.accountId, { role: 'developer' });
    const body = { source: `${source} // mine\n`, deploy: true };
    expect((await tenant.call(`PATCH /functions/${id}`, { body, token })).status).toBe(200);
    expect((await errorOf(tenant, id)).code).toBe('request.forbidden');
    // Going back to what was given the right is no new code.
    await tenant.call(`POST /functions/${id}/rollback`, { token });
    expect(await errorOf(tenant, id)).toBeNull();
  });

  it('came with no upgrade of the platform', async () => {
    const tenant = await openTenant();
    const { id } = (await tenant.call('POST /functions', { body: made })).body;
    await rows("UPDATE function_versions SET gas_scopes = '[]'");
    expect((await errorOf(tenant, id)).code).toBe('request.forbidden');
  });
});
