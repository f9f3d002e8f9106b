/** The turns of a sender over SQLite in memory: what others lost money or work by, each under its name. */
import { describe, expect, it } from 'vitest';
import { decodeUnsigned } from '../../../worker/core/neo/transaction/transaction.ts';
import { toDisputed, toRejected } from '../../../worker/core/neo-sender/lifecycle.ts';
import { LIMITS } from '../../../worker/core/neo-sender/limits.ts';
import { live, NOW, prepared, quoteOf, SENDER, TERMS, templateOf } from './intents.ts';
import { included, NETWORK, senderRig as rig, signed, twice } from './sender-rig.ts';

describe('commands', () => {
  it('oz-811-the-same-id-is-one-transaction-and-another-body-a-conflict', async () => {
    const { send } = rig();
    expect(await send('txn_1')).toMatchObject({ value: { state: 'intended', isRepeat: false } });
    expect(await send('txn_1')).toMatchObject({ value: { state: 'intended', isRepeat: true } });
    expect(await send('txn_1', { purpose: 'other' })).toMatchObject({
      failure: { code: 'sender.intent_conflict' },
    });
  });

  it('M1 refuses what is meant for another wallet or network', async () => {
    const { send, sender } = rig();
    await send('txn_1');
    const other = { ...SENDER, magic: 894_710_606 };
    const command = { id: 'txn_2', purpose: 'test', template: templateOf(), terms: TERMS };
    await expect(
      sender.send({ sender: other, network: NETWORK, command, leave: null }),
    ).rejects.toThrow('another wallet or network');
  });

  it('remembers an id after its transaction was removed', async () => {
    const { clock, goLive, observe, send, sender, stateOf } = rig();
    await goLive();
    await observe(twice(included()));
    clock.now += LIMITS.senderEndedKeepMs.value + 60_000;
    await sender.ring();
    expect(await stateOf('txn_1')).toBeUndefined();
    expect(await send('txn_1')).toMatchObject({ value: { state: 'confirmed', isRepeat: true } });
    expect(
      await sender.rows('SELECT number FROM attempts UNION ALL SELECT attempt FROM votes'),
    ).toEqual([]);
  });
});

describe('M4 what is stored before what is done', () => {
  it('M4 asks the bridge for the stored bytes, and for the same ones when its answer was lost', async () => {
    const { clock, lease, report, send, sender } = rig();
    await send('txn_1');
    await report(await lease('prepare'), quoteOf());
    const first = await lease('sign');
    clock.now += LIMITS.senderLeaseMs.value;
    await sender.ring(); // Finds the dead lease; the step is due again after a pause.
    clock.now += LIMITS.senderRetryMsMax.value;
    const second = await lease('sign');
    expect(second.unsigned).toEqual(first.unsigned);
    expect(second.leaseNumber).toBe(first.leaseNumber + 1);
    const late = await report(first, { kind: 'signed', signed: signed(first.unsigned) });
    expect(late).toMatchObject({ failure: { code: 'sender.lease_stale' } });
  });

  it('M4 does not take signed bytes that are not those it stored', async () => {
    const { lease, report, send, stateOf } = rig();
    await send('txn_1');
    await report(await lease('prepare'), quoteOf());
    const step = await lease('sign');
    const other = signed(step.unsigned.with(1, 0xee));
    await report(step, { kind: 'signed', signed: other });
    expect(await stateOf('txn_1')).toBe('prepared');
  });

  it('M4 ends nothing for what an endpoint answers to a broadcast', async () => {
    const { clock, goLive, lease, report, stateOf } = rig();
    await goLive();
    for (const outcome of ['refused', 'look up', 'unreachable', 'later', 'pooled'] as const) {
      clock.now += 120_000;
      await report(await lease('broadcast'), { kind: 'broadcast', outcome });
      expect(await stateOf('txn_1')).toBe('live');
    }
  });

  it('M4 neither simulation nor fees end what was prepared once', async () => {
    const { goLive, lease, replace, report, sender, stateOf } = rig();
    await goLive();
    await replace('txn_1');
    await report(await lease('prepare'), { kind: 'simulated_fault', detail: 'ABORT' });
    expect(await stateOf('txn_1')).toBe('live');
    await replace('txn_1', { attempt: 3 });
    await report(await lease('prepare'), quoteOf({ networkFee: 301n }));
    const rows = await sender.rows('SELECT state FROM attempts ORDER BY number');
    expect(rows.map(({ state }) => state)).toEqual(['live', 'void', 'void']);
  });

  it('M4 rejects nothing that was prepared, for the bridge may have signed it', async () => {
    const { lease, replace, report, send, sender, stateOf } = rig();
    await send('txn_1');
    await report(await lease('prepare'), quoteOf());
    await replace('txn_1');
    const step = await lease('prepare');
    await report(step, { kind: 'simulated_fault', detail: 'ABORT' });
    expect(await stateOf('txn_1')).toBe('prepared');
    await replace('txn_1', { attempt: 3 });
    await report(await lease('prepare'), quoteOf({ systemFee: TERMS.systemFeeMax + 1n }));
    expect(await stateOf('txn_1')).toBe('prepared');
    // A withdrawal is for what was never prepared.
    await replace('txn_1', { attempt: 4, kind: 'cancel' });
    expect(await stateOf('txn_1')).toBe('prepared');
    expect(await sender.listEvents()).toEqual([]);
  });

  it('M4 rejects nothing that was prepared when its time is over: a person is asked', async () => {
    const { clock, lease, report, send, sender, stateOf } = rig();
    await send('txn_1');
    await report(await lease('prepare'), quoteOf());
    clock.now += LIMITS.senderIntendedMaxMs.value;
    await sender.ring();
    expect(await stateOf('txn_1')).toBe('prepared');
    clock.now += 100 * 3_600_000;
    await sender.ring();
    expect(await stateOf('txn_1')).toBe('disputed');
  });

  it('M4 has no rejection for any state from prepared on', () => {
    const words = { reason: 'simulation_fault', detail: null } as const;
    const disputed = toDisputed(live(), words, NOW);
    for (const dossier of [prepared(), live(), disputed])
      expect(() => toRejected(dossier, words, NOW)).toThrow('bound to the chain');
  });

  it('M4 broadcasts nothing after the verdict', async () => {
    const { clock, goLive, observe, sender } = rig();
    await goLive();
    await observe(twice(included()));
    for (let hours = 0; hours < 3; hours += 1) {
      clock.now += 3_600_000;
      expect((await sender.ring()).steps).toEqual([]);
    }
    const [row] = await sender.rows('SELECT unsigned, signed FROM attempts');
    expect(row).toEqual({ unsigned: null, signed: null });
  });
});

describe('M8 what is owed', () => {
  it('M8 counts the included until the balance is of a height that has them', async () => {
    const { clock, goLive, lease, observe, report, send, stateOf } = rig();
    await goLive();
    await observe(twice(included(110)));
    await send('txn_2');
    // 120 each; the balance of 100 blocks does not know of block 110.
    const balanceAt = (height: number) =>
      quoteOf({
        balances: ['a', 'b'].map((endpoint) => ({ endpoint, height, datoshi: 200n })),
      });
    await report(await lease('prepare', 'txn_2'), balanceAt(109));
    expect(await stateOf('txn_2')).toBe('intended');
    clock.now += 20_000;
    await report(await lease('prepare', 'txn_2'), balanceAt(110));
    expect(await stateOf('txn_2')).toBe('prepared');
  });
});

describe('what others were stuck by', () => {
  it('oz-681-a-refused-transaction-stops-no-other', async () => {
    const { clock, goLive, lease, report, send, stateOf } = rig();
    await goLive();
    await report(await lease('broadcast'), { kind: 'broadcast', outcome: 'refused' });
    await send('txn_2');
    clock.now += 1;
    await report(await lease('prepare', 'txn_2'), quoteOf());
    expect(await stateOf('txn_2')).toBe('prepared');
  });

  it('oz-818-no-counter-can-run-ahead: nonces are random and every transaction stands alone', async () => {
    const { lease, report, send } = rig();
    const nonces = new Set<number>();
    for (const id of ['txn_1', 'txn_2', 'txn_3']) {
      await send(id);
      await report(await lease('prepare', id), quoteOf());
      const decoded = decodeUnsigned((await lease('sign', id)).unsigned);
      if (decoded.ok) nonces.add(decoded.value.nonce);
    }
    expect(nonces.size).toBe(3);
  });

  it('oz-655-what-is-stored-has-an-alarm-that-comes-for-it', async () => {
    const { clock, goLive, observe, send, sender } = rig();
    await send('txn_0');
    expect(await sender.alarmAt()).toBe(NOW);
    await goLive();
    expect(await sender.alarmAt()).not.toBeNull();
    await observe(twice(included()));
    expect(await sender.alarmAt()).toBeLessThanOrEqual(clock.now + 600_000);
  });

  it('oz-823-what-ended-is-in-no-index', async () => {
    const { goLive, observe, sender } = rig();
    await goLive();
    await observe(twice(included()));
    const left = await sender.rows(
      `SELECT due_at FROM intents WHERE due_at IS NOT NULL UNION ALL
       SELECT due_at FROM attempts WHERE due_at IS NOT NULL`,
    );
    expect(left).toEqual([]);
  });

  it('rrelayer-36-one-that-does-not-fit-does-not-block-those-behind-it', async () => {
    const { lease, report, send, sender, stateOf } = rig();
    await send('large', { gasSent: 1_000_000n });
    await report(await lease('prepare', 'large'), quoteOf());
    await send('small');
    await report(await lease('prepare', 'small'), quoteOf());
    expect([await stateOf('large'), await stateOf('small')]).toEqual(['intended', 'prepared']);
    expect(await sender.rows("SELECT reason FROM intents WHERE id = 'large'")).toEqual([
      { reason: 'insufficient_gas' },
    ]);
  });

  it('neofs-2278-what-cannot-be-paid-ends-in-time-and-burns-nothing', async () => {
    const { clock, report, send, sender, stateOf } = rig();
    await send('txn_1', { gasSent: 1_000_000n });
    for (let tries = 0; tries < 100 && (await stateOf('txn_1')) === 'intended'; tries += 1) {
      for (const step of (await sender.ring()).steps) await report(step, quoteOf());
      clock.now += 15_000;
    }
    expect(await sender.rows('SELECT state, reason, reserved FROM intents')).toEqual([
      { state: 'rejected', reason: 'insufficient_gas', reserved: 0 },
    ]);
    expect(clock.now - NOW).toBeLessThan(LIMITS.senderIntendedMaxMs.value + 60_000);
  });

  it('safe-6471-verdicts-are-told-until-somebody-has-them', async () => {
    const { goLive, observe, sender } = rig();
    await goLive();
    await observe(twice(included()));
    const [event, ...others] = await sender.listEvents();
    expect(others).toEqual([]);
    expect(event).toMatchObject({ type: 'transaction.confirmed', subject: 'txn_1' });
    expect(await sender.listEvents()).toEqual([event]);
    await sender.acknowledgeEvents(event?.sequence ?? 0);
    expect(await sender.listEvents()).toEqual([]);
  });

  it('unlock-12158-one-network-has-nothing-of-another: events name the magic', async () => {
    const { goLive, observe, sender } = rig();
    await goLive();
    await observe(twice(included()));
    const [event] = await sender.listEvents();
    expect(event?.id.startsWith(`${SENDER.magic}:${SENDER.account}:txn_1:`)).toBe(true);
  });
});
