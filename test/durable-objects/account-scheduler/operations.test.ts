import { runInDurableObject } from 'cloudflare:test';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MIGRATIONS } from '../../../durable-objects/account-scheduler/migrations.ts';
import { migrate } from '../../../durable-objects/migrate.ts';
import { LIMITS } from '../../../worker/core/queue/limits.ts';
import { START, schedulerRig, setClock, startClock, stopClock, workItem } from './scheduler-rig.ts';

beforeEach(stopClock);
afterEach(startClock);

describe('pause and resume', () => {
  it('holds back one kind and lets the other go on, until it is resumed', async () => {
    const rig = await schedulerRig();
    await rig.stub.pause('execution.run');
    await rig.enqueue(workItem('run'), workItem('actions', 'execution.actions'));
    expect((await rig.ring()).map(({ id }) => id)).toEqual(['actions']);
    await rig.stub.resume('execution.run');
    expect(await rig.alarmAt()).toBe(START);
    expect((await rig.ring()).map(({ id }) => id)).toEqual(['run']);
  });

  it('holds back all, and does not ring in circles meanwhile', async () => {
    const rig = await schedulerRig();
    await rig.stub.pause('all');
    await rig.enqueue(workItem('run'));
    expect(await rig.ring()).toHaveLength(0);
    expect(await rig.alarmAt()).toBe(START + LIMITS.queueRunMaxAgeMs.value);
    expect(await rig.stub.stats()).toMatchObject({ value: { paused: ['all'] } });
  });

  it('does not let paused work wait for ever', async () => {
    const rig = await schedulerRig();
    await rig.stub.pause('all');
    await rig.enqueue(workItem('run'));
    setClock(START + LIMITS.queueRunMaxAgeMs.value);
    await rig.ring();
    expect(await rig.state('run')).toMatchObject({ state: 'dead', endReason: 'too_old' });
  });
});

describe('cancel', () => {
  it('keeps a waiting item from being handed over, and a leased one from starting', async () => {
    const rig = await schedulerRig();
    await rig.enqueue(workItem('waiting'), workItem('leased'));
    await rig.stub.cancel('waiting');
    expect((await rig.ring()).map(({ id }) => id)).toEqual(['leased']);
    expect(await rig.stub.cancel('leased')).toMatchObject({ value: { hasStarted: false } });
    expect(await rig.stub.reportStarted({ id: 'leased', leaseNumber: 1 })).toMatchObject({
      failure: { code: 'queue.lease_stale' },
    });
  });

  it('tells that the work had started, and refuses its report', async () => {
    const rig = await schedulerRig();
    await rig.enqueue(workItem('a'));
    await rig.ring();
    await rig.stub.reportStarted({ id: 'a', leaseNumber: 1 });
    expect(await rig.stub.cancel('a')).toMatchObject({ value: { hasStarted: true } });
    expect(await rig.stub.report({ id: 'a', leaseNumber: 1, outcome: 'done' })).toMatchObject({
      failure: { code: 'queue.lease_stale' },
    });
  });
});

describe('dead letters', () => {
  it('are listed, replayed under their own id and dropped', async () => {
    const rig = await schedulerRig();
    await rig.enqueue(workItem('a'), workItem('b'));
    await rig.ring();
    for (const id of ['a', 'b'])
      await rig.stub.report({ id, leaseNumber: 1, outcome: 'dead', reason: 'refused' });
    expect(await rig.stub.list({ state: 'dead', limit: 10 })).toMatchObject({
      value: { items: [{ id: 'b', lastReason: 'refused' }, { id: 'a' }], nextCursor: null },
    });
    await rig.stub.replay('a');
    await rig.stub.drop('b');
    expect(await rig.ring()).toMatchObject([{ id: 'a', leaseNumber: 2, attempt: 1 }]);
    expect(await rig.state('b')).toMatchObject({ state: 'cancelled', endReason: 'dropped' });
  });

  it('are bounded in number, oldest first, and the lost ones are counted', async () => {
    const rig = await schedulerRig();
    await rig.enqueue(workItem('newest'));
    await rig.ring();
    await rig.stub.report({ id: 'newest', leaseNumber: 1, outcome: 'dead' });
    const count = LIMITS.queueDeadMax.value + 49;
    await rig.sql(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
      INSERT INTO items (id, kind, state, attempts, deaths, lease_number, enqueued_at, next_attempt_at,
        max_age_at, ended_at, end_reason, fingerprint, payload_bytes) SELECT 'x' || i, 'execution.run',
        'dead', 0, 0, 0, 0, 0, 0, ${START} - 5000 + i, 'failed', 'f', 0 FROM n`);
    await rig.enqueue(workItem('a'));
    await rig.ring();
    expect(await rig.stub.stats()).toMatchObject({ value: { deadRemoved: 50 } });
    expect(await rig.state('x50')).toBeUndefined();
    expect(await rig.state('x51')).toBeDefined();
    expect(await rig.state('newest')).toBeDefined();
  });
});

describe('list', () => {
  it('loses and repeats nothing while items are added between pages', async () => {
    const rig = await schedulerRig();
    const ids = Array.from({ length: 25 }, (_, index) => `w${String(index).padStart(3, '0')}`);
    await rig.enqueue(...ids.map((id) => workItem(id)));
    const seen: string[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < 10; page++) {
      const answer = await rig.stub.list({ limit: 7, ...(cursor === undefined ? {} : { cursor }) });
      if (!answer.ok) throw new Error('a list is never refused');
      seen.push(...answer.value.items.map(({ id }) => id));
      await rig.enqueue(workItem(`z${page}`));
      if (answer.value.nextCursor === null) break;
      cursor = answer.value.nextCursor;
    }
    expect(seen).toEqual(ids.toReversed());
  });
});

describe('D4 wake', () => {
  it('tells the projection by when it should have been awake, once in ten minutes', async () => {
    const rig = await schedulerRig();
    for (let index = 0; index < 10; index++) await rig.enqueue(workItem(`a${index}`));
    expect(rig.wakes).toEqual([START + 900_000]);
    setClock(START + 600_000);
    await rig.enqueue(workItem('later'));
    expect(rig.wakes).toHaveLength(2);
  });

  it('sets a lost alarm again', async () => {
    const rig = await schedulerRig();
    await rig.enqueue(workItem('a'));
    await runInDurableObject(rig.stub, (_instance, state) => state.storage.deleteAlarm());
    expect(await rig.stub.wake()).toMatchObject({ value: { dueAt: START } });
    expect(await rig.ring()).toHaveLength(1);
  });

  it('says when nothing is left, and covers the next work at once', async () => {
    const rig = await schedulerRig();
    await rig.enqueue(workItem('a'));
    await rig.stub.cancel('a');
    expect(await rig.stub.wake()).toMatchObject({ value: { dueAt: null } });
    await rig.enqueue(workItem('b'));
    expect(rig.wakes).toHaveLength(2);
  });
});

describe('migrations', () => {
  it('change nothing when they run again over rows in place', async () => {
    const rig = await schedulerRig();
    await rig.enqueue(workItem('a'));
    const version = await runInDurableObject(rig.stub, (_instance, state) =>
      migrate(state.storage, MIGRATIONS, START),
    );
    expect(version).toBe(MIGRATIONS.length);
    expect(await rig.state('a')).toMatchObject({ state: 'ready' });
  });
});
