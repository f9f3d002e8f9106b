/** What the passing of time does to transactions, and the end of their account. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { purgeAccounts } from '../../../worker/purge.ts';
import { sweep as sweepAll } from '../../../worker/sweep.ts';
import { call } from '../../support/harness.ts';
import {
  created,
  createdAndLeft,
  eventsOf,
  fillSender,
  GOVERNED,
  openFunded,
  openLive,
  openProposing,
  pass,
  read,
  rowOf,
  senderOf,
  sweep,
  until,
} from './transactions-under-test.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

describe('a proposal', () => {
  it('expires when its time is over, and tells it once', async () => {
    const proposing = await openProposing(2);
    const { id } = (await created(proposing, { expiresInMinutes: 5 })).body;
    pass(4 * MINUTE_MS);
    await sweep();
    expect((await read(proposing, id)).status).toBe('proposed');
    pass(MINUTE_MS);
    await Promise.all([sweep(), sweep()]);
    expect(await read(proposing, id)).toMatchObject({
      status: 'expired',
      reason: 'proposal_expired',
    });
    expect(await eventsOf(proposing, 'transaction.expired')).toHaveLength(1);
  });
});

describe('a transaction that no sender has', () => {
  it('M7: ends after an hour in which its sender had no room, and is told', async () => {
    const funded = await openFunded();
    await created(funded);
    const id = await createdAndLeft(funded);
    await fillSender(funded);
    for (let minute = 0; minute < 59; minute += 10) {
      pass(10 * MINUTE_MS);
      if (minute < 50) await sweep();
      expect((await read(funded, id)).status).toBe('sending');
    }
    pass(10 * MINUTE_MS);
    await sweep();
    expect(await read(funded, id)).toMatchObject({ status: 'rejected', reason: 'not_handed_over' });
    expect(await eventsOf(funded, 'transaction.rejected')).toHaveLength(1);
  });

  it('ends when its wallet was retired before the sender had it', async () => {
    const funded = await openFunded();
    const id = await createdAndLeft(funded);
    await funded.tenant.call(`POST /wallets/${funded.walletId}/retire`);
    pass(2 * MINUTE_MS);
    await sweep();
    expect(await read(funded, id)).toMatchObject({ status: 'rejected', reason: 'wallet_retired' });
    expect((await senderOf(funded).get(id)).ok).toBe(false);
  });

  it('M16: is decided by the policy of the moment, not by that of its request', async () => {
    const funded = await openFunded();
    const id = await createdAndLeft(funded);
    await funded.tenant.call(`PUT /wallets/${funded.walletId}/policy`, { body: GOVERNED });
    pass(2 * MINUTE_MS);
    await sweep();
    expect(await read(funded, id)).toMatchObject({ status: 'rejected', reason: 'policy_refused' });
  });
});

describe('a transaction under way', () => {
  it('ends as its sender says when the event was lost', async () => {
    const funded = await openFunded();
    const { id } = (await created(funded)).body;
    await senderOf(funded).replace({
      command: { id, attempt: 2, kind: 'cancel', networkFeeMax: 0n },
      leave: {
        policy: {
          contracts: [],
          tokens: [],
          scopes: [],
          customContracts: [],
          systemFeeMax: 0n,
          networkFeeMax: 0n,
          approvals: null,
        },
        isApproved: false,
      },
    });
    await senderOf(funded).acknowledgeEvents(Number.MAX_SAFE_INTEGER);
    expect(await rowOf(id)).toMatchObject({ status: 'sending' });
    pass(6 * MINUTE_MS);
    await Promise.all([sweep(), sweep()]);
    expect(await rowOf(id)).toMatchObject({ status: 'cancelled', reason: 'withdrawn' });
    expect(await eventsOf(funded, 'transaction.cancelled')).toHaveLength(1);
  });

  it('is compared again and again, and left to its sender meanwhile', async () => {
    const live = await openLive();
    for (let turn = 0; turn < 3; turn += 1) {
      pass(6 * MINUTE_MS);
      await sweep();
    }
    expect(await rowOf(live.id)).toMatchObject({ status: 'sending' });
  });
});

describe('a transaction that ended', () => {
  it('is kept for 400 days, with its approvals', async () => {
    const proposing = await openProposing(2);
    const { id } = (await created(proposing)).body;
    await proposing.approve(id, 0);
    await proposing.tenant.call(`POST /transactions/${id}/cancel`, { body: {} });
    pass(399 * DAY_MS);
    await sweep();
    expect(await rowOf(id)).not.toBeNull();
    pass(DAY_MS);
    await sweep();
    expect(await rowOf(id)).toBeNull();
    const left = await env.DB.prepare('SELECT count(*) AS rows FROM transaction_approvals').first();
    expect(left).toEqual({ rows: 0 });
  });
});

describe('the cron sweep', () => {
  it('does it with the rest', async () => {
    const funded = await openFunded();
    const id = await createdAndLeft(funded);
    pass(2 * MINUTE_MS);
    await sweepAll(env, Date.now());
    expect((await senderOf(funded).get(id)).ok).toBe(true);
  });
});

describe('the transactions of a deleted account', () => {
  it('go with its purge, and what is told of them later is heard by nobody', async () => {
    const live = await openLive();
    const { tenant, walletId, chain, id, hash } = live;
    await tenant.call(`POST /wallets/${walletId}/retire`);
    expect((await call(`DELETE /accounts/${tenant.accountId}`)).status).toBe(204);
    await purgeAccounts(env, Date.now() + 31 * DAY_MS);
    expect(await rowOf(id)).toBeNull();
    chain.include(hash);
    await until(live, async () => {
      const view = await senderOf(live).get(id);
      expect(view.ok && view.value.state).toBe('confirmed');
    });
    await until(live, async () => {
      const stats = await senderOf(live).stats();
      expect(stats.value.events).toBe(0);
    });
    expect(await rowOf(id)).toBeNull();
  });
});
