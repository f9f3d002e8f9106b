/**
 * What senders tell, as it arrives: twice, late, in another order, from somebody else. The real
 * sender's own events go all the way in the tests of each operation.
 */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import type { SenderEvent } from '../../../durable-objects/neo-sender/rpc.ts';
import { connect } from '../../../worker/db/connect.ts';
import { createLog } from '../../../worker/http/log.ts';
import { recordSenderEvent } from '../../../worker/services/transactions/index.ts';
import { NETWORKS } from '../../support/small-chain.ts';
import {
  created,
  eventsOf,
  type Funded,
  openFunded,
  openProposing,
  read,
  rowOf,
} from './transactions-under-test.ts';

const deps = () => ({ db: connect(env.DB), now: Date.now(), log: createLog('silent') });
const HASH = `0x${'ab'.repeat(32)}`;

function eventOf(funded: Funded, id: string, word: string, changes: object = {}): SenderEvent {
  const isIncluded = ['confirmed', 'faulted', 'cancelled'].includes(word);
  const data = {
    magic: NETWORKS.up.magic,
    sender: funded.scriptHash,
    purpose: 'transactions',
    reason: null,
    ...(isIncluded
      ? {
          inclusion: { hash: HASH, blockIndex: 9, vmState: word === 'faulted' ? 'FAULT' : 'HALT' },
          systemFee: '11',
          networkFee: '7',
        }
      : {}),
    ...changes,
  };
  return {
    sequence: 1,
    id: `event-${word}`,
    // A word that a test gives: one of the states.
    type: `transaction.${word}` as SenderEvent['type'],
    subject: id,
    time: Date.now(),
    dataJson: JSON.stringify(data),
  };
}

async function opened() {
  const funded = await openFunded();
  const { id } = (await created(funded)).body;
  const tell = (word: string, changes: object = {}) =>
    recordSenderEvent(deps(), eventOf(funded, id, word, changes));
  const status = async () => (await rowOf(id))?.status;
  return { funded, id, tell, status };
}

const ENDS = ['confirmed', 'faulted', 'expired', 'cancelled', 'rejected'] as const;

describe('an event of a sender', () => {
  it.each(ENDS)('ends the transaction once, as %s, whatever is told after it', async (end) => {
    const { funded, tell, status } = await opened();
    await tell(end);
    await tell(end);
    for (const other of [...ENDS, 'disputed']) await tell(other);
    expect(await status()).toBe(end);
    const told = await funded.tenant.call('GET /events?limit=100');
    expect(told.body.items.map(({ type }: { type: string }) => type)).toEqual([
      `transaction.${end}`,
    ]);
  });

  it('says where it is on the chain and what it cost', async () => {
    const { funded, id, tell } = await opened();
    await tell('faulted');
    expect(await eventsOf(funded, 'transaction.faulted')).toMatchObject([
      {
        id: 'event-faulted',
        subject: `transactions/${id}`,
        data: {
          transactionId: id,
          walletId: funded.walletId,
          network: 'neo3:private',
          hash: HASH,
          blockIndex: 9,
          vmState: 'FAULT',
          systemFee: '11',
          networkFee: '7',
        },
      },
    ]);
    const log = await funded.tenant.call('GET /audit?operation=transactions.settle');
    expect(log.body.items).toMatchObject([
      { actor: { kind: 'system', id: 'sender' }, details: { status: 'faulted', hash: HASH } },
    ]);
  });

  it('lets a dispute go on to any end', async () => {
    const { funded, tell, status } = await opened();
    await tell('disputed', { reason: 'contradicting_votes' });
    await tell('disputed', { reason: 'unresolved' });
    expect(await status()).toBe('disputed');
    await tell('expired', { reason: 'resolved_by_operator' });
    expect(await status()).toBe('expired');
    expect(await eventsOf(funded, 'transaction.disputed')).toHaveLength(1);
  });

  it('M1: is not heard from the sender of another network or account', async () => {
    const { tell, status } = await opened();
    await tell('confirmed', { magic: 1 });
    await tell('confirmed', { sender: `0x${'11'.repeat(20)}` });
    expect(await status()).toBe('sending');
  });

  it('moves nothing that was not sent, and nothing that is not ours', async () => {
    const proposing = await openProposing(2);
    const { id } = (await created(proposing)).body;
    await recordSenderEvent(deps(), eventOf(proposing, id, 'confirmed'));
    expect((await read(proposing, id)).status).toBe('proposed');
    await recordSenderEvent(deps(), eventOf(proposing, 'gas-bank:7', 'confirmed'));
    await recordSenderEvent(deps(), eventOf(proposing, id, 'live'));
  });

  it('has one effect when two deliveries meet', async () => {
    const { funded, tell } = await opened();
    await Promise.all([tell('confirmed'), tell('confirmed'), tell('expired')]);
    const told = await funded.tenant.call('GET /events?limit=100');
    expect(told.body.items).toHaveLength(1);
  });
});
