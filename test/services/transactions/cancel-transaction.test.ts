/** `POST .../transactions/{transactionId}/cancel`: at once while nothing was signed, else by the chain. */
import { describe, expect, it } from 'vitest';
import { callAltered } from '../../support/altered-platform.ts';
import { growingChain } from '../../support/growing-chain.ts';
import { openTenant } from '../../support/harness.ts';
import { racingDatabase } from '../../support/racing-database.ts';
import { NETWORKS } from '../../support/small-chain.ts';
import {
  created,
  createdAndLeft,
  eventsOf,
  type Funded,
  fillSender,
  GOVERNED,
  openFunded,
  openLive,
  openProposing,
  POLICY,
  read,
  rowOf,
  senderOf,
  until,
} from './transactions-under-test.ts';

const cancel = ({ tenant }: Pick<Funded, 'tenant'>, id: string, body: object = {}) =>
  tenant.call(`POST /transactions/${id}/cancel`, { body });
const pathOf = ({ tenant }: Funded, id: string) =>
  `POST /accounts/${tenant.accountId}/transactions/${id}/cancel`;

describe('200', () => {
  it('ends a proposal at once, and tells it', async () => {
    const proposing = await openProposing(2);
    const { id } = (await created(proposing)).body;
    const { body } = await cancel(proposing, id);
    expect(body).toMatchObject({ status: 'cancelled', reason: 'withdrawn', latestAt: null });
    expect(body.endedAt).not.toBeNull();
    expect(await eventsOf(proposing, 'transaction.cancelled')).toMatchObject([
      { data: { transactionId: id, reason: 'withdrawn', hash: null } },
    ]);
    // Again it changes nothing.
    expect((await cancel(proposing, id)).body.endedAt).toBe(body.endedAt);
    expect(await eventsOf(proposing, 'transaction.cancelled')).toHaveLength(1);
  });

  it('ends one that is not signed yet, and it never is', async () => {
    const chain = growingChain();
    const funded = await openFunded();
    const { id } = (await created(funded)).body;
    expect((await cancel(funded, id)).body).toMatchObject({
      status: 'cancelled',
      reason: 'withdrawn',
      attempts: [
        { state: 'void', hash: null },
        { kind: 'cancel', state: 'void' },
      ],
    });
    await until(funded, async () => expect(await rowOf(id)).toMatchObject({ status: 'cancelled' }));
    expect(chain.sent.size).toBe(0);
    expect(await eventsOf(funded, 'transaction.cancelled')).toHaveLength(1);
  });

  it('M4: displaces one that was signed; the chain includes one of the two', async () => {
    const live = await openLive();
    const { chain, id, hash } = live;
    const asked = await cancel(live, id);
    expect(asked.body).toMatchObject({
      status: 'sending',
      attempts: [
        { hash, state: 'live' },
        { kind: 'cancel', state: 'planned' },
      ],
    });
    // Asking again makes no further attempt.
    expect((await cancel(live, id)).body.attempts).toHaveLength(2);
    const displacing = await until(live, async () => {
      const [, second] = (await read(live, id)).attempts;
      expect(chain.pool.has(second.hash)).toBe(true);
      return second;
    });
    expect(BigInt(displacing.networkFee)).toBeGreaterThan(1_232_520n);
    expect(chain.pool.get(displacing.hash)?.attributes).toEqual([{ type: 'Conflicts', hash }]);
    chain.include(displacing.hash);
    await until(live, async () => expect(await rowOf(id)).toMatchObject({ status: 'cancelled' }));
    expect(await read(live, id)).toMatchObject({ hash: displacing.hash, systemFee: '0' });
  });

  it('does not undo what the chain has included in the meantime', async () => {
    const live = await openLive();
    const { chain, id, hash } = live;
    await cancel(live, id);
    chain.include(hash);
    await until(live, async () => expect(await rowOf(id)).toMatchObject({ status: 'confirmed' }));
  });

  it('hands over first what a dead request left, and ends it there', async () => {
    const funded = await openFunded();
    const id = await createdAndLeft(funded);
    expect((await cancel(funded, id)).body).toMatchObject({ status: 'cancelled' });
    const view = await senderOf(funded).get(id);
    expect(view.ok && view.value.reason).toBe('withdrawn');
  });
});

describe('400', () => {
  it('refuses a fee that is none', async () => {
    const proposing = await openProposing(2);
    const { id } = (await created(proposing)).body;
    const refused = await cancel(proposing, id, { networkFeeMax: '1e9' });
    expect(refused.body.fields).toMatchObject([{ pointer: '/networkFeeMax' }]);
  });
});

describe('403', () => {
  it('cannot cancel what the policy did not let out, which has ended by that', async () => {
    const funded = await openFunded();
    const id = await createdAndLeft(funded);
    await funded.tenant.call(`PUT /wallets/${funded.walletId}/policy`, { body: GOVERNED });
    expect((await cancel(funded, id)).body.code).toBe('sender.approvals_required');
    expect(await read(funded, id)).toMatchObject({ status: 'rejected', reason: 'policy_refused' });
  });
});

describe('404', () => {
  it('cancels nothing of another account', async () => {
    const proposing = await openProposing(2);
    const { id } = (await created(proposing)).body;
    const stranger = await openTenant('stranger');
    expect((await cancel({ tenant: stranger }, id)).body.code).toBe('request.not_found');
    expect((await read(proposing, id)).status).toBe('proposed');
  });

  it('M1: hands nothing over to another network under the same name', async () => {
    const funded = await openFunded();
    const id = await createdAndLeft(funded);
    const NEO_NETWORKS = JSON.stringify([{ ...NETWORKS.up, magic: 7 }]);
    const refused = await callAltered({ NEO_NETWORKS }, pathOf(funded, id), {
      token: funded.tenant.key,
      body: {},
    });
    expect(refused.body.code).toBe('chain.network_unknown');
    expect((await senderOf(funded).get(id)).ok).toBe(false);
  });
});

describe('409', () => {
  it('leaves what ended as it ended', async () => {
    const live = await openLive();
    live.chain.include(live.hash);
    await until(live, async () =>
      expect(await rowOf(live.id)).toMatchObject({ status: 'confirmed' }),
    );
    expect((await cancel(live, live.id)).body).toMatchObject({
      code: 'transactions.ended',
      detail: 'confirmed',
    });
  });

  it('signs nothing for a wallet that is retired, not even that', async () => {
    const live = await openLive();
    await live.tenant.call(`POST /wallets/${live.walletId}/retire`);
    expect((await cancel(live, live.id)).body.code).toBe('wallets.retired');
  });
});

describe('412', () => {
  it('does not end a proposal that was approved meanwhile', async () => {
    const proposing = await openProposing(2);
    const { id } = (await created(proposing)).body;
    await proposing.approve(id, 0);
    // The first batch reads, the second writes.
    const DB = racingDatabase(2, () => proposing.approve(id, 1));
    const refused = await callAltered({ DB }, pathOf(proposing, id), {
      token: proposing.tenant.key,
      body: {},
    });
    expect(refused.body.code).toBe('request.precondition_failed');
    expect((await read(proposing, id)).status).toBe('sending');
  });
});

describe('422', () => {
  it('M16: pays no more for it than the policy of the wallet lets pass', async () => {
    const live = await openLive();
    const networkFeeMax = String(Number(POLICY.networkFeeMax) + 1);
    expect((await cancel(live, live.id, { networkFeeMax })).body.code).toBe(
      'sender.policy_refused',
    );
  });
});

describe('429', () => {
  it('waits with what its sender has no room for', async () => {
    const funded = await openFunded();
    await created(funded);
    const id = await createdAndLeft(funded);
    await fillSender(funded);
    expect((await cancel(funded, id)).body.code).toBe('sender.full');
    expect((await read(funded, id)).status).toBe('sending');
  });
});
