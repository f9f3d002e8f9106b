import { runInDurableObject } from 'cloudflare:test';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LIMITS } from '../../../worker/core/neo-sender/limits.ts';
import {
  NETWORK,
  SENDER,
  START,
  senderRig,
  sendOf,
  setClock,
  startClock,
  stopClock,
} from './sender-rig.ts';

beforeEach(stopClock);
afterEach(startClock);

const quoted = {
  kind: 'quoted',
  systemFee: 50n,
  networkFee: 50n,
  balances: ['a', 'b'].map((endpoint) => ({ endpoint, height: 100, datoshi: 5_000n })),
} as const;

describe('NeoSender', () => {
  it('D3 hands its steps over and never waits for them, even when nobody takes them', async () => {
    const { stub, alarmAt, ring } = await senderRig('d3');
    await stub.send(sendOf('txn_1'));
    await runInDurableObject(stub, (instance) => {
      const never = () => new Promise<void>(() => undefined);
      instance.ports = { chain: { performSenderSteps: never, deliverSenderEvents: never } };
    });
    await ring();
    expect(await alarmAt()).toBe(START + LIMITS.senderLeaseMs.value);
  });

  it('oz-655-keeps-its-alarm-and-its-work-across-an-eviction', async () => {
    const { stub, alarmAt, restart, ring } = await senderRig('eviction');
    await stub.send(sendOf('txn_1'));
    await restart();
    expect(await alarmAt()).toBe(START);
    const [step] = await ring();
    expect(step).toMatchObject({ kind: 'prepare', intentId: 'txn_1', attempt: 1 });
  });

  it('takes a report once, and none after its lease', async () => {
    const { stub, ring } = await senderRig('stale');
    await stub.send(sendOf('txn_1'));
    const [step] = await ring();
    const report = {
      intentId: 'txn_1',
      attempt: 1,
      leaseNumber: step?.leaseNumber ?? 0,
      outcome: quoted,
    };
    expect(await stub.report(report)).toMatchObject({ ok: true });
    expect(await stub.report(report)).toMatchObject({ failure: { code: 'sender.lease_stale' } });
    expect(await stub.get('txn_1')).toMatchObject({
      value: { state: 'prepared', attempts: [{ transaction: { systemFee: 50n } }] },
    });
  });

  it('M7 tells state, since when, what to expect and when at the latest', async () => {
    const { stub } = await senderRig('view');
    await stub.send(sendOf('txn_1'));
    expect(await stub.get('txn_1')).toMatchObject({
      value: {
        state: 'intended',
        stateSince: START,
        expectedAt: START + 2_000,
        latestAt: START + LIMITS.senderIntendedMaxMs.value,
      },
    });
    expect(await stub.get('txn_2')).toMatchObject({ failure: { code: 'request.not_found' } });
  });

  it('pages through its transactions, newest id first', async () => {
    const { stub } = await senderRig('pages');
    for (const id of ['txn_1', 'txn_2', 'txn_3']) await stub.send(sendOf(id));
    const first = await stub.list({ limit: 2 });
    if (!first.ok) throw new Error('a page');
    expect(first.value.items.map(({ id }) => id)).toEqual(['txn_3', 'txn_2']);
    const second = await stub.list({ limit: 2, cursor: first.value.nextCursor ?? '' });
    expect(second).toMatchObject({ value: { items: [{ id: 'txn_1' }], nextCursor: null } });
    expect(await stub.list({ state: 'live', limit: 2 })).toMatchObject({ value: { items: [] } });
  });

  it('refuses more than its bound of open transactions', async () => {
    const { stub, rows } = await senderRig('full');
    await stub.send(sendOf('txn_1'));
    await rows(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 999)
      INSERT INTO intents SELECT 'fill_' || i, purpose, template, system_fee_max, network_fee_max,
        gas_sent, window_blocks, state, state_since, created_at, changes, reason, detail, due_at,
        lease_number, lease_until, tries, deadline_at, reserved, included_attempt, block_index,
        block_hash, vm_state, notifications_digest, ended_at, authority FROM intents, n`);
    expect(await stub.send(sendOf('txn_2'))).toMatchObject({
      failure: { code: 'sender.full', limit: 1_000, observed: 1_000 },
    });
    expect(await stub.send(sendOf('txn_1'))).toMatchObject({ value: { isRepeat: true } });
  });

  it('M1 is one wallet on one network', async () => {
    const { stub } = await senderRig('m1');
    await stub.send(sendOf('txn_1'));
    const elsewhere = { ...sendOf('txn_2'), sender: { ...SENDER, magic: 1 }, network: NETWORK };
    await expect(runInDurableObject(stub, (instance) => instance.send(elsewhere))).rejects.toThrow(
      'another wallet or network',
    );
  });

  it('ends what lasted too long even when it was evicted meanwhile', async () => {
    const { stub, restart, ring } = await senderRig('late');
    await stub.send(sendOf('txn_1'));
    setClock(START + LIMITS.senderIntendedMaxMs.value);
    await restart();
    expect(await ring()).toEqual([]);
    expect(await stub.get('txn_1')).toMatchObject({
      value: { state: 'rejected', reason: 'not_prepared_in_time', latestAt: null },
    });
    expect(await stub.listEvents({ afterSequence: 0, limit: 10 })).toMatchObject({
      value: { items: [{ type: 'transaction.rejected', subject: 'txn_1' }] },
    });
  });
});
