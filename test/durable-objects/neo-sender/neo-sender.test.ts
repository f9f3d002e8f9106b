import { runInDurableObject } from 'cloudflare:test';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrate } from '../../../durable-objects/migrate.ts';
import { MIGRATIONS } from '../../../durable-objects/neo-sender/migrations.ts';
import { LIMITS } from '../../../worker/core/neo-sender/limits.ts';
import {
  NETWORK,
  policyOf,
  SENDER,
  START,
  senderRig,
  sendOf,
  setClock,
  startClock,
  stopClock,
  transferOf,
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

  it('M16 takes one of two sends at once that would pass a day together', async () => {
    const { stub } = await senderRig('day');
    const leave = { policy: policyOf(1_000n), isApproved: false };
    // With 200 of fees each.
    const both = await Promise.all([
      stub.send({ ...sendOf('txn_1', transferOf(300n)), leave }),
      stub.send({ ...sendOf('txn_2', transferOf(301n)), leave }),
    ]);
    const taken = both.filter(({ ok }) => ok);
    expect(taken).toHaveLength(1);
    expect(both).toContainEqual(
      expect.objectContaining({
        failure: expect.objectContaining({ code: 'sender.policy_refused' }),
      }),
    );
    const spent = await stub.spent();
    expect(spent.ok && [...spent.value.amounts]).toHaveLength(1);
  });

  it('D3 has its events delivered until they are acknowledged, and waits for nobody', async () => {
    const { alarmAt, delivered, restart, ring, stub } = await senderRig('events');
    await stub.send(sendOf('txn_1'));
    const cancel = { id: 'txn_1', attempt: 2, kind: 'cancel', networkFeeMax: 100n } as const;
    await stub.replace({ command: cancel, leave: null });
    await ring();
    expect(delivered).toEqual([SENDER]);
    const next = START + LIMITS.senderDeliveryRetryMsStart.value;
    expect(await alarmAt()).toBe(next);
    // Whoever took them died, and so did the object.
    await restart();
    setClock(next);
    await ring();
    expect(delivered).toEqual([SENDER, SENDER]);
    const events = await stub.listEvents({ afterSequence: 0, limit: 10 });
    await stub.acknowledgeEvents(events.ok ? (events.value.items[0]?.sequence ?? 0) : 0);
    await ring();
    expect(delivered).toHaveLength(2);
  });

  it('M19 takes no transaction that its account has not signed', async () => {
    const { stub } = await senderRig('adopt');
    const command = { id: 'txn_1', purpose: 'test', signed: Uint8Array.of(1), preparedHeight: 1 };
    expect(await stub.adopt({ sender: SENDER, network: NETWORK, command })).toMatchObject({
      failure: { code: 'sender.intent_invalid' },
    });
  });
});

describe('the schema', () => {
  it('is upgraded from each earlier version with the rows in place', async () => {
    for (let version = 1; version < MIGRATIONS.length; version += 1) {
      const { alarmAt, delivered, ring, stub } = await senderRig(`upgrade-${version}`);
      await runInDurableObject(stub, (_instance, { storage }) => {
        const tables = storage.sql
          .exec<{ name: string }>(
            `SELECT name FROM sqlite_master WHERE type = 'table'
             AND name NOT GLOB '_cf_*' AND name NOT GLOB 'sqlite_*'`,
          )
          .toArray();
        for (const { name } of tables) storage.sql.exec(`DROP TABLE ${name}`);
        migrate(storage, MIGRATIONS.slice(0, version), 1);
        storage.sql.exec(ROWS_OF_THE_FIRST_VERSION);
        expect(migrate(storage, MIGRATIONS, 2)).toBe(MIGRATIONS.length);
      });
      expect(await stub.get('txn_old')).toMatchObject({ value: { state: 'intended' } });
      expect(await stub.send(sendOf('txn_1'))).toMatchObject({ ok: true });
      expect(await stub.spent()).toMatchObject({ value: { amounts: new Map() } });
      const cancel = { id: 'txn_old', attempt: 2, kind: 'cancel', networkFeeMax: 1n } as const;
      expect(await stub.replace({ command: cancel, leave: null })).toMatchObject({
        value: { state: 'rejected', reason: 'withdrawn' },
      });
      expect(await alarmAt()).toBe(START);
      await ring();
      expect(delivered).toEqual([SENDER]);
    }
  });
});

/** What a sender may hold when it is upgraded: an intent under way, and an event that waits. */
const ROWS_OF_THE_FIRST_VERSION = `
  INSERT INTO sender (only, magic, account, quorum, ms_per_block) VALUES (1, 56753, '${SENDER.account}', 2, 1000);
  INSERT INTO remembered (id, fingerprint) VALUES ('txn_old', 'f');
  INSERT INTO intents (id, purpose, template, system_fee_max, network_fee_max, gas_sent,
    window_blocks, state, state_since, created_at, changes, lease_number, tries, deadline_at,
    reserved) VALUES ('txn_old', 'test', x'', 1, 1, 0, 10, 'intended', 1, 1, 0, 0, 0,
    9007199254740991, 0);
  INSERT INTO attempts (intent_id, number, kind, state, network_fee_max, lease_number, tries)
    VALUES ('txn_old', 1, 'original', 'planned', 1, 0, 0);
  INSERT INTO events (id, type, subject, time, data)
    VALUES ('e', 'transaction.expired', 'txn_gone', 1, '{}')`;
