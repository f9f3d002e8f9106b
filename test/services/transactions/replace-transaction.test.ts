/** `POST .../transactions/{transactionId}/replace`: the same with a higher fee, and one of them comes. */
import { describe, expect, it } from 'vitest';
import { callAltered } from '../../support/altered-platform.ts';
import { growingChain } from '../../support/growing-chain.ts';
import { openTenant } from '../../support/harness.ts';
import { NETWORKS } from '../../support/small-chain.ts';
import {
  created,
  createdAndLeft,
  type Funded,
  fillSender,
  GAS,
  openFunded,
  openLive,
  openProposing,
  POLICY,
  read,
  rowOf,
  until,
} from './transactions-under-test.ts';

const replace = ({ tenant }: Pick<Funded, 'tenant'>, id: string, networkFeeMax = '5000000') =>
  tenant.call(`POST /transactions/${id}/replace`, { body: { networkFeeMax } });

describe('200', () => {
  it('M4: displaces all attempts before it with a higher fee', async () => {
    const live = await openLive();
    const { chain, id, hash } = live;
    const asked = await replace(live, id);
    expect(asked.body.attempts).toMatchObject([{ hash }, { kind: 'replacement', hash: null }]);
    const second = await until(live, async () => {
      const [, replacing] = (await read(live, id)).attempts;
      expect(chain.pool.has(replacing.hash)).toBe(true);
      return replacing;
    });
    expect(BigInt(second.networkFee)).toBeGreaterThan(1_232_520n);
    expect(chain.pool.get(second.hash)?.attributes).toEqual([{ type: 'Conflicts', hash }]);
    chain.include(second.hash);
    await until(live, async () =>
      expect(await rowOf(id)).toMatchObject({ status: 'confirmed', hash: second.hash }),
    );
  });
});

describe('400', () => {
  it('asks for the fee', async () => {
    const proposing = await openProposing(2);
    const { id } = (await created(proposing)).body;
    const refused = await proposing.tenant.call(`POST /transactions/${id}/replace`, { body: {} });
    expect(refused).toMatchObject({ status: 400, body: { code: 'request.malformed' } });
  });
});

describe('403', () => {
  it('M16: is bound by the day of the wallet, as the first attempt was', async () => {
    // The transfer and its highest fees, and nothing beyond.
    const tokens = [{ token: GAS, perDay: '112331330' }];
    const live = await openLive({}, { ...POLICY, tokens });
    expect((await replace(live, live.id)).body.code).toBe('sender.approvals_required');
  });
});

describe('404', () => {
  it('replaces nothing of another account', async () => {
    const live = await openLive();
    const stranger = await openTenant('stranger');
    expect((await replace({ tenant: stranger }, live.id)).body.code).toBe('request.not_found');
  });

  it('M1: hands nothing over to another network under the same name', async () => {
    const funded = await openFunded();
    const id = await createdAndLeft(funded);
    const NEO_NETWORKS = JSON.stringify([{ ...NETWORKS.up, magic: 7 }]);
    const path = `POST /accounts/${funded.tenant.accountId}/transactions/${id}/replace`;
    const refused = await callAltered({ NEO_NETWORKS }, path, {
      token: funded.tenant.key,
      body: { networkFeeMax: '5000000' },
    });
    expect(refused.body.code).toBe('chain.network_unknown');
  });
});

describe('409', () => {
  it('replaces nothing that is not sent, that ended, or that is being cancelled', async () => {
    const proposing = await openProposing(2);
    const proposed = (await created(proposing)).body.id;
    expect((await replace(proposing, proposed)).body).toMatchObject({
      code: 'sender.not_replaceable',
      detail: 'proposed',
    });
    const { tenant } = proposing;
    await tenant.call(`POST /transactions/${proposed}/cancel`, { body: {} });
    expect((await replace(proposing, proposed)).body).toMatchObject({
      code: 'transactions.ended',
      detail: 'cancelled',
    });
    const live = await openLive();
    await live.tenant.call(`POST /transactions/${live.id}/cancel`, { body: {} });
    expect((await replace(live, live.id)).body).toMatchObject({
      code: 'sender.not_replaceable',
      detail: 'pending',
    });
  });

  it('makes one attempt of two that are asked for at the same time', async () => {
    const live = await openLive();
    const answers = await Promise.all([
      replace(live, live.id, '5000000'),
      replace(live, live.id, '6000000'),
    ]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await read(live, live.id)).attempts).toHaveLength(2);
  });

  it('signs nothing for a wallet that is retired', async () => {
    const live = await openLive();
    await live.tenant.call(`POST /wallets/${live.walletId}/retire`);
    expect((await replace(live, live.id)).body.code).toBe('wallets.retired');
  });
});

describe('422', () => {
  it('M16: does not go above the fee that was approved', async () => {
    const chain = growingChain();
    const proposing = await openProposing(2);
    const { id, networkFeeMax } = (await created(proposing)).body;
    await proposing.approve(id, 0);
    await proposing.approve(id, 1);
    await until(proposing, async () => expect(chain.pool.size).toBe(1));
    const above = String(BigInt(networkFeeMax) + 1n);
    expect((await replace(proposing, id, above)).body).toMatchObject({
      code: 'transactions.fee_above_approved',
      limit: Number(networkFeeMax),
    });
    expect((await replace(proposing, id, networkFeeMax)).status).toBe(200);
  });

  it('M16: does not go above the fee that the policy lets pass', async () => {
    const live = await openLive();
    const above = String(Number(POLICY.networkFeeMax) + 1);
    expect((await replace(live, live.id, above)).body.code).toBe('sender.policy_refused');
  });
});

describe('429', () => {
  it('waits with what its sender has no room for', async () => {
    const funded = await openFunded();
    await created(funded);
    const id = await createdAndLeft(funded);
    await fillSender(funded);
    expect((await replace(funded, id)).body.code).toBe('sender.full');
  });
});
