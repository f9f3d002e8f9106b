/** `GET /accounts/{accountId}/transactions/{transactionId}`: the row, and what its sender knows. */
import { describe, expect, it } from 'vitest';
import { callAltered } from '../../support/altered-platform.ts';
import { growingChain } from '../../support/growing-chain.ts';
import { openTenant } from '../../support/harness.ts';
import {
  ABSENT,
  created,
  openFunded,
  openProposing,
  read,
  rowOf,
  sendersThatDie,
  until,
} from './transactions-under-test.ts';

describe('200', () => {
  it('M7: tells since when, what to expect and when at the latest, while it is under way', async () => {
    const funded = await openFunded();
    const { id } = (await created(funded)).body;
    const body = await read(funded, id);
    expect(body).toMatchObject({ status: 'sending', attempts: [{ state: 'planned', hash: null }] });
    expect(Date.parse(body.expectedAt)).toBeGreaterThanOrEqual(Date.parse(body.statusSince));
    expect(Date.parse(body.latestAt)).toBeGreaterThan(Date.parse(body.expectedAt));
  });

  it('is ahead of the row while the event of the end is under way', async () => {
    const chain = growingChain();
    const funded = await openFunded();
    const { id } = (await created(funded)).body;
    const hash = await until(funded, async () => {
      const [sent] = chain.pool.keys();
      expect(sent).toBeDefined();
      return sent ?? '';
    });
    chain.include(hash, 'FAULT');
    const body = await until(funded, async () => {
      const faulted = await read(funded, id);
      expect(faulted.status).toBe('faulted');
      return faulted;
    });
    expect(body).toMatchObject({ hash, vmState: 'FAULT', systemFee: '9977780', latestAt: null });
    await until(funded, async () => expect(await rowOf(id)).toMatchObject({ status: 'faulted' }));
    expect(await read(funded, id)).toEqual({ ...body, updatedAt: expect.any(String) });
  });

  it('answers what the row says when the sender cannot be asked', async () => {
    const funded = await openFunded();
    const { id } = (await created(funded)).body;
    const { namespace } = sendersThatDie('get', 'before');
    const { tenant } = funded;
    const path = `GET /accounts/${tenant.accountId}/transactions/${id}`;
    const answer = await callAltered({ NEO_SENDER: namespace }, path, { token: tenant.key });
    expect(answer).toMatchObject({ status: 200, body: { status: 'sending', attempts: [] } });
  });
});

describe('404', () => {
  it('answers it for one that is not there, and for one of another account', async () => {
    const proposing = await openProposing(2);
    const { id } = (await created(proposing)).body;
    const stranger = await openTenant('stranger');
    for (const other of [
      await proposing.tenant.call(`GET /transactions/${ABSENT}`),
      await stranger.call(`GET /transactions/${id}`),
    ])
      expect(other).toMatchObject({ status: 404, body: { code: 'request.not_found' } });
  });
});
