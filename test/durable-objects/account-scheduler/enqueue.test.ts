import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LIMITS } from '../../../worker/core/queue/limits.ts';
import { ACCOUNT, START, schedulerRig, startClock, stopClock, workItem } from './scheduler-rig.ts';

beforeEach(stopClock);
afterEach(startClock);

describe('enqueue', () => {
  it('sets the alarm for at once', async () => {
    const rig = await schedulerRig();
    expect(await rig.enqueue(workItem('a'))).toMatchObject({
      ok: true,
      value: { items: [{ id: 'a', state: 'ready', isRepeat: false }], backlog: 1 },
    });
    expect(await rig.alarmAt()).toBe(START);
  });

  it('makes one item of the same id, and answers its state', async () => {
    const rig = await schedulerRig();
    await rig.enqueue(workItem('a'));
    await rig.ring();
    const resealed = { ...workItem('a'), payload: new Uint8Array([9, 9, 9]) };
    expect(await rig.enqueue(resealed, workItem('b'))).toMatchObject({
      value: {
        items: [
          { id: 'a', state: 'leased', isRepeat: true },
          { id: 'b', state: 'ready', isRepeat: false },
        ],
        backlog: 2,
      },
    });
  });

  it('makes one item when the same call arrives twenty times together', async () => {
    const rig = await schedulerRig();
    await Promise.all(Array.from({ length: 20 }, () => rig.enqueue(workItem('a'))));
    expect(await rig.ring()).toHaveLength(1);
    expect(await rig.ring()).toHaveLength(0);
  });

  it('refuses the same id with another body or kind, and takes nothing of that batch', async () => {
    const rig = await schedulerRig();
    await rig.enqueue(workItem('a'));
    for (const other of [
      { ...workItem('a'), fingerprint: 'another' },
      workItem('a', 'execution.actions'),
    ])
      expect(await rig.enqueue(workItem('b'), other)).toMatchObject({
        ok: false,
        failure: { code: 'queue.item_conflict', detail: 'a' },
      });
    expect(await rig.state('b')).toBeUndefined();
  });

  it('remembers an ended id, so that its effect does not happen twice', async () => {
    const rig = await schedulerRig();
    await rig.enqueue(workItem('a'));
    await rig.ring();
    await rig.stub.report({ id: 'a', leaseNumber: 1, outcome: 'done' });
    expect(await rig.enqueue(workItem('a'))).toMatchObject({
      value: { items: [{ state: 'done', isRepeat: true }], backlog: 0 },
    });
  });

  it('D5 refuses a batch that does not fit the backlog, with bound and position, and takes none', async () => {
    const rig = await schedulerRig();
    await rig.sql(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9999)
      INSERT INTO items (id, kind, state, attempts, deaths, lease_number, enqueued_at, next_attempt_at,
        max_age_at, fingerprint, payload_bytes) SELECT 'x' || i, 'execution.run', 'ready', 0, 0, 0,
        ${START}, ${START}, ${START + 1e9}, 'f', 0 FROM n`);
    const limit = LIMITS.queueBacklogMax.value;
    expect(await rig.enqueue(workItem('a'), workItem('b'))).toMatchObject({
      ok: false,
      failure: { code: 'queue.full', limit, observed: limit + 1 },
    });
    expect(await rig.state('a')).toBeUndefined();
    expect((await rig.enqueue(workItem('a'))).ok).toBe(true);
    expect((await rig.enqueue(workItem('a'))).ok).toBe(true);
  });

  it('bounds the bytes that wait, too', async () => {
    const rig = await schedulerRig();
    const bytes = LIMITS.queueBacklogBytesMax.value;
    await rig.enqueue(workItem('a'));
    await rig.sql(`UPDATE items SET payload_bytes = ${bytes}`);
    expect(await rig.enqueue(workItem('b'))).toMatchObject({
      failure: { code: 'queue.full', limit: bytes, observed: bytes + workItem('b').payload.length },
    });
  });

  it('does not take work of another account', async () => {
    const rig = await schedulerRig();
    await rig.enqueue(workItem('a'));
    await runInDurableObject(rig.stub, async (instance) => {
      const stray = instance.enqueue({ accountId: 'acc_stranger', items: [workItem('b')] });
      await expect(stray).rejects.toThrow('another account');
    });
  });

  it('keeps items, payloads and leases across an eviction', async () => {
    const rig = await schedulerRig();
    await rig.enqueue(workItem('a'), workItem('b'));
    await evictDurableObject(rig.stub);
    await rig.connect();
    const leased = await rig.ring();
    expect(leased.map(({ payload }) => new TextDecoder().decode(payload))).toEqual([
      'sealed a',
      'sealed b',
    ]);
    expect(rig.batches[0]?.accountId).toBe(ACCOUNT);
    await evictDurableObject(rig.stub);
    await rig.connect();
    expect(await rig.ring()).toHaveLength(0);
    expect(await rig.stub.reportStarted({ id: 'a', leaseNumber: 1 })).toMatchObject({ ok: true });
  });
});

describe('dispatch without a hand on the alarm', () => {
  it('hands work over as soon as it is enqueued', async () => {
    startClock();
    const rig = await schedulerRig();
    await rig.enqueue(workItem('a'));
    await vi.waitFor(() => expect(rig.batches.flatMap(({ items }) => items)).toHaveLength(1));
    await rig.stub.report({ id: 'a', leaseNumber: 1, outcome: 'done' });
  });
});
