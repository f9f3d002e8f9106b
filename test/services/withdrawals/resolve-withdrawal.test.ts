/** `POST /operator/gasbank/withdrawals/{withdrawalId}/resolve`: a word that the vault can refuse. */
import { describe, expect, it } from 'vitest';
import { callAltered } from '../../support/altered-platform.ts';
import { call } from '../../support/harness.ts';
import { racingDatabase } from '../../support/racing-database.ts';
import { NETWORKS } from '../../support/small-chain.ts';
import {
  ABSENT,
  balancesOf,
  eventsOf,
  GAS,
  openSending,
  read,
  setRow,
  untilStatus,
} from './withdrawals-under-test.ts';

const pathOf = (id: string) => `POST /operator/gasbank/withdrawals/${id}/resolve`;
const resolve = (id: string, outcome: 'paid' | 'failed') =>
  call(pathOf(id), { body: { outcome, reason: 'as the nodes show' } });

/** The vault paid under the id, and its event said something else. */
async function openUnresolved() {
  const { id, ...paying } = await openSending();
  paying.chain.told = () => [];
  paying.chain.include(paying.chain.waiting);
  await untilStatus(paying, id, 'unresolved');
  paying.chain.chain.grow(100);
  return { ...paying, id };
}

describe('200', () => {
  it('takes the amount, once, where the vault has paid', async () => {
    const stuck = await openUnresolved();
    expect((await resolve(stuck.id, 'paid')).status).toBe(200);
    expect(await read(stuck, stuck.id)).toMatchObject({
      status: 'completed',
      reason: 'resolved_by_operator',
      detail: 'as the nodes show',
    });
    expect(await balancesOf(stuck.tenant)).toMatchObject({ available: 15n * GAS, reserved: 0n });
    expect((await resolve(stuck.id, 'paid')).body.code).toBe('withdrawals.not_replayable');
    expect(await eventsOf(stuck.tenant, 'withdrawal.completed')).toHaveLength(1);
  });

  it('gives the amount back where the vault has not', async () => {
    const stuck = await openUnresolved();
    stuck.chain.paid.clear();
    expect((await resolve(stuck.id, 'failed')).status).toBe(200);
    expect(await read(stuck, stuck.id)).toMatchObject({ status: 'failed' });
    expect(await balancesOf(stuck.tenant)).toMatchObject({ available: 20n * GAS, reserved: 0n });
  });
});

describe('404', () => {
  it('knows no such withdrawal', async () => {
    expect((await resolve(ABSENT, 'paid')).body.code).toBe('request.not_found');
  });
});

describe('409', () => {
  it('M3: says nothing that the vault does not', async () => {
    const stuck = await openUnresolved();
    expect((await resolve(stuck.id, 'failed')).body.code).toBe('withdrawals.contradicts_chain');
    stuck.chain.paid.clear();
    expect((await resolve(stuck.id, 'paid')).body.code).toBe('withdrawals.contradicts_chain');
    expect((await balancesOf(stuck.tenant)).reserved > 5n * GAS).toBe(true);
  });

  it('M7: ends nothing that is on its way', async () => {
    const { id } = await openSending();
    expect((await resolve(id, 'failed')).body.code).toBe('withdrawals.not_replayable');
  });
});

describe('412', () => {
  it('decides nothing that moved meanwhile', async () => {
    const stuck = await openUnresolved();
    const DB = racingDatabase('each', () => setRow(stuck.id, 'revision = revision + 1'));
    const body = { outcome: 'paid', reason: 'seen' };
    const refused = await callAltered({ DB }, pathOf(stuck.id), { body });
    expect(refused.body.code).toBe('request.precondition_failed');
  });
});

describe('503', () => {
  it('M4: gives nothing back while the payment can still be included, or nobody tells', async () => {
    const { id, ...paying } = await openSending();
    await setRow(id, "status = 'unresolved', reason = 'release_differs'");
    expect((await resolve(id, 'failed')).body.code).toBe('chain.unavailable');
    paying.chain.chain.grow(100);
    paying.chain.chain.node.response = () => new Response(null, { status: 500 });
    expect((await resolve(id, 'failed')).body.code).toBe('chain.unavailable');
    expect((await balancesOf(paying.tenant)).reserved > 5n * GAS).toBe(true);
  });

  it('M1: asks no other network of the same name', async () => {
    const stuck = await openUnresolved();
    const renamed = JSON.stringify([{ ...NETWORKS.up, magic: 7 }]);
    const body = { outcome: 'paid', reason: 'seen' };
    const refused = await callAltered({ NEO_NETWORKS: renamed }, pathOf(stuck.id), { body });
    expect(refused.body.code).toBe('chain.network_unknown');
  });
});
