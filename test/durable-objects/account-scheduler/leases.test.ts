import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KINDS } from '../../../worker/core/queue/kinds.ts';
import { LIMITS } from '../../../worker/core/queue/limits.ts';
import {
  ACCOUNT,
  START,
  schedulerRig,
  setClock,
  startClock,
  stopClock,
  workItem,
} from './scheduler-rig.ts';

const { leaseMs, runMs } = KINDS['execution.run'];
const ids = (items: readonly { readonly id: string }[]) => items.map(({ id }) => id).sort();
const many = (count: number, prefix = 'a') =>
  Array.from({ length: count }, (_, index) => workItem(`${prefix}${index}`));

beforeEach(stopClock);
afterEach(startClock);

describe('alarm', () => {
  it('D3 does not wait for the runner', async () => {
    const rig = await schedulerRig(() => new Promise(() => undefined));
    await rig.enqueue(workItem('a'));
    expect(ids(await rig.ring())).toEqual(['a']);
  });

  it('does not lease an item twice when it is repeated', async () => {
    const rig = await schedulerRig();
    await rig.enqueue(...many(3));
    await rig.ring();
    await runInDurableObject(rig.stub, async (instance) => {
      await instance.alarm();
      await instance.alarm();
    });
    expect(rig.batches.flatMap(({ items }) => items)).toHaveLength(3);
  });

  it('does not lease more than the account may have at once, and goes on when one reports', async () => {
    const rig = await schedulerRig();
    await rig.enqueue(...many(20));
    await rig.ring();
    expect(await rig.ring()).toHaveLength(0);
    expect(rig.batches.flatMap(({ items }) => items)).toHaveLength(8);
    await rig.stub.report({ id: 'a0', leaseNumber: 1, outcome: 'done' });
    expect(await rig.alarmAt()).toBe(START);
    expect(await rig.ring()).toHaveLength(1);
  });

  it('keeps to a quota given for the account', async () => {
    const rig = await schedulerRig();
    await rig.stub.enqueue({ accountId: ACCOUNT, items: many(5), leasedMax: 2 });
    expect(await rig.ring()).toHaveLength(2);
    await rig.enqueue(workItem('later'));
    expect(await rig.ring()).toHaveLength(0);
  });

  it('D5 shares the slots between kinds by weight', async () => {
    const rig = await schedulerRig();
    await rig.enqueue(...many(20));
    await rig.enqueue(
      ...many(20, 'b').map((item) => ({ ...item, kind: 'execution.actions' as const })),
    );
    const leased = await rig.ring();
    expect(leased.filter(({ kind }) => kind === 'execution.actions')).toHaveLength(6);
    expect(leased.filter(({ kind }) => kind === 'execution.run')).toHaveLength(2);
  });

  it('survives a runner that throws at once, and finds its items when their leases end', async () => {
    const rig = await schedulerRig(() => Promise.reject(new Error('no such entrypoint')));
    await rig.enqueue(workItem('a'));
    await rig.ring();
    expect(await rig.state('a')).toMatchObject({ state: 'leased' });
    setClock(START + leaseMs);
    await rig.ring();
    expect(await rig.state('a')).toMatchObject({ state: 'ready', attempts: 1 });
  });

  it('records its own failure and comes again, instead of throwing', async () => {
    const rig = await schedulerRig();
    await rig.enqueue(workItem('a'));
    await rig.sql('ALTER TABLE kinds RENAME TO kinds_gone');
    await rig.ring();
    expect(await rig.alarmAt()).toBe(START + LIMITS.queueAlarmRetryMs.value);
    await rig.sql('ALTER TABLE kinds_gone RENAME TO kinds');
    const stats = await rig.stub.stats();
    expect(stats).toMatchObject({ value: { lastFault: { at: START } } });
    expect(await rig.ring()).toHaveLength(1);
  });

  it('sets no alarm when nothing is left to do or to remove', async () => {
    const rig = await schedulerRig();
    await rig.enqueue(workItem('a'));
    await rig.ring();
    await rig.stub.report({ id: 'a', leaseNumber: 1, outcome: 'done' });
    expect(await rig.alarmAt()).toBe(START + LIMITS.queueEndedKeepMs.value);
    setClock(START + LIMITS.queueEndedKeepMs.value);
    await rig.ring();
    expect(await rig.state('a')).toBeUndefined();
    expect(await rig.alarmAt()).toBeNull();
  });
});

describe('a lease that dies', () => {
  it('goes to another runner when the work had not started, and refuses the first', async () => {
    const rig = await schedulerRig();
    await rig.enqueue(workItem('a'));
    await rig.ring();
    setClock(START + leaseMs);
    await rig.ring();
    setClock(START + leaseMs + 10_000);
    expect(await rig.ring()).toMatchObject([{ id: 'a', leaseNumber: 2, attempt: 2 }]);
    const late = { id: 'a', leaseNumber: 1 };
    const stale = { ok: false, failure: { code: 'queue.lease_stale' } };
    expect(await rig.stub.reportStarted(late)).toMatchObject(stale);
    expect(await rig.stub.report({ ...late, outcome: 'done' })).toMatchObject(stale);
    expect(await rig.stub.reportStarted({ id: 'a', leaseNumber: 2 })).toMatchObject({ ok: true });
  });

  it('D2 ends interrupted when the work had started, and is never handed over again', async () => {
    const rig = await schedulerRig();
    await rig.enqueue(workItem('a'));
    await rig.ring();
    await rig.stub.reportStarted({ id: 'a', leaseNumber: 1 });
    await evictDurableObject(rig.stub);
    await rig.connect();
    setClock(START + runMs);
    expect(await rig.ring()).toHaveLength(0);
    expect(await rig.state('a')).toMatchObject({ state: 'dead', endReason: 'interrupted' });
    expect(await rig.stub.replay('a')).toMatchObject({
      failure: { code: 'queue.replay_refused' },
    });
  });

  it('D2 lets one of two runners start when both hold the same batch', async () => {
    const rig = await schedulerRig();
    await rig.enqueue(workItem('a'));
    await rig.ring();
    const starts = await Promise.all([
      rig.stub.reportStarted({ id: 'a', leaseNumber: 1 }),
      rig.stub.reportStarted({ id: 'a', leaseNumber: 1 }),
    ]);
    expect(starts.filter(({ ok }) => ok)).toHaveLength(1);
  });

  it('takes no neighbours along: poison travels alone and goes to the dead letters', async () => {
    const rig = await schedulerRig();
    await rig.enqueue(workItem('poison'), workItem('b'), workItem('c'));
    await rig.ring();
    setClock(START + leaseMs);
    await rig.ring();
    setClock(START + leaseMs + 10_000);
    await rig.ring();
    expect(rig.batches.slice(1).map(({ items }) => items.length)).toEqual([1, 1, 1]);
    for (const id of ['b', 'c']) await rig.stub.report({ id, leaseNumber: 2, outcome: 'done' });
    setClock(START + 2 * leaseMs + 20_000);
    await rig.ring();
    expect(await rig.state('poison')).toMatchObject({ state: 'dead', endReason: 'killed_runner' });
  });
});

describe('report', () => {
  it('answers a repeated report as the first, also across an eviction', async () => {
    const rig = await schedulerRig();
    await rig.enqueue(workItem('a'));
    await rig.ring();
    const report = { id: 'a', leaseNumber: 1, outcome: 'done', reason: 'ok' } as const;
    const first = await rig.stub.report(report);
    await evictDurableObject(rig.stub);
    const second = await rig.stub.report(report);
    expect(first.ok && second.ok && second.value).toEqual(first.ok && first.value);
    expect(await rig.stub.report({ ...report, outcome: 'dead' })).toMatchObject({ ok: false });
  });

  it('erases the payload of what is done, cancelled or dropped, and keeps that of dead letters', async () => {
    const rig = await schedulerRig();
    await rig.enqueue(...['done', 'cancelled', 'dropped', 'dead'].map((id) => workItem(id)));
    await rig.ring();
    await rig.stub.report({ id: 'done', leaseNumber: 1, outcome: 'done' });
    await rig.stub.cancel('cancelled');
    for (const id of ['dropped', 'dead'])
      await rig.stub.report({ id, leaseNumber: 1, outcome: 'dead' });
    await rig.stub.drop('dropped');
    const kept = await rig.sql<{ id: string }>('SELECT id FROM items WHERE payload IS NOT NULL');
    expect(kept).toEqual([{ id: 'dead' }]);
  });

  it('knows nothing of an item that is not there', async () => {
    const rig = await schedulerRig();
    const missing = { ok: false, failure: { code: 'request.not_found' } };
    expect(await rig.stub.report({ id: 'a', leaseNumber: 1, outcome: 'done' })).toMatchObject(
      missing,
    );
    expect(await rig.stub.reportStarted({ id: 'a', leaseNumber: 1 })).toMatchObject(missing);
    expect(await rig.stub.cancel('a')).toMatchObject(missing);
    expect(await rig.stub.replay('a')).toMatchObject(missing);
  });
});
