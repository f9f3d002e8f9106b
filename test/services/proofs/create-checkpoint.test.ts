import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { isPaused } from '../../../worker/services/proofs/index.ts';
import { call } from '../../support/harness.ts';
import {
  bookThrough,
  checkpoints,
  db,
  deposit,
  GAS,
  MAGIC,
  NETWORK,
  openBank,
  openCustomer,
  pass,
  proveAt,
  sweepThrough,
  VAULT,
} from './proofs-under-test.ts';

const create = (network: string = NETWORK) =>
  call('POST /operator/gasbank/checkpoints', { body: { network } });

describe('202', () => {
  it('begins a checkpoint at the booked height, which the sweep decides', async () => {
    const bank = await openBank();
    const begun = await create();
    expect(begun).toMatchObject({
      status: 202,
      body: { height: 20, status: 'running', createdBy: 'operator:test-operator' },
    });
    await sweepThrough(bank);
    expect(await checkpoints()).toMatchObject([{ height: 20, status: 'proven' }]);
  });

  it('answers the one that is running, at whatever height', async () => {
    await openBank();
    await create();
    await bookThrough(30);
    const answers = await Promise.all([create(), create()]);
    expect(answers.map(({ body }) => body.height)).toEqual([20, 20]);
    expect(await checkpoints()).toHaveLength(1);
  });

  it('M6: does not begin a failed one again, which would end the pause', async () => {
    const bank = await openBank();
    const { accountId } = await openCustomer();
    await deposit(bank, accountId, { amount: GAS, height: 11 });
    bank.chain.set(VAULT, 0n);
    await proveAt(bank, 20);
    expect((await create()).body).toMatchObject({ height: 20, status: 'failed' });
    expect(await isPaused(db(), MAGIC, Date.now())).toBe('trial_balance_failed');
  });

  it('tries one again that could not be proven', async () => {
    const bank = await openBank();
    const [first, second] = bank.nodes;
    const pruned = () => ({ error: { code: -606, message: 'Unsupported state' } });
    const answered = first?.scripts.get('invokescripthistoric');
    for (const node of [first, second]) node?.scripts.set('invokescripthistoric', pruned);
    expect(await proveAt(bank, 20)).toMatchObject({ status: 'unprovable' });
    if (answered) first?.scripts.set('invokescripthistoric', answered);
    pass(1_000);
    expect((await create()).body).toMatchObject({ height: 20, status: 'running' });
    await sweepThrough(bank);
    expect(await checkpoints()).toMatchObject([{ height: 20, status: 'proven', reason: null }]);
  });
});

describe('404', () => {
  it('answers it for a network that is not served', async () => {
    expect((await create('neo3:nowhere')).body.code).toBe('chain.network_unknown');
  });
});

describe('409', () => {
  it('says that there is nothing to prove without a vault, or before it is booked', async () => {
    expect((await create()).body.code).toBe('proofs.not_ready');
    await openBank();
    await db().run(sql`UPDATE vaults SET booked_height = 9`);
    expect((await create()).body.code).toBe('proofs.not_ready');
  });
});
