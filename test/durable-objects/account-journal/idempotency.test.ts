import { evictDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import {
  codeOf,
  connectOutside,
  finish,
  journalOf,
  letTimePass,
  queuedOrder,
  rowsOf,
  start,
  statusOf,
  valueOf,
  wake,
  wideQuota,
} from './journal.ts';

const idempotency = { recordId: 'record', fingerprint: 'print' };

describe('starting with an idempotency key', () => {
  it('starts once when two requests arrive together, and the other is told to wait', async () => {
    const journal = journalOf();
    const answers = await Promise.all([
      journal.startExecution(start({ idempotency })),
      journal.startExecution(start({ idempotency })),
    ]);
    expect(answers.map(codeOf)).toEqual(['ok', 'idempotency.in_progress']);
    expect(await rowsOf(journal, 'SELECT 1 FROM executions')).toHaveLength(1);
  });

  it('gives the same execution again once it ended, also after an eviction', async () => {
    const journal = journalOf();
    const first = start({ idempotency });
    await journal.startExecution(first);
    await journal.finishExecution(finish(first.order.executionId));
    await evictDurableObject(journal);
    expect(valueOf(await journal.startExecution(start({ idempotency })))).toMatchObject({
      kind: 'existing',
      executions: [{ id: first.order.executionId }],
    });
  });

  it('refuses another body under the same key, running or done', async () => {
    const journal = journalOf();
    const first = start({ idempotency });
    const other = start({ idempotency: { ...idempotency, fingerprint: 'other' } });
    await journal.startExecution(first);
    expect(codeOf(await journal.startExecution(other))).toBe('idempotency.key_reused');
    await journal.finishExecution(finish(first.order.executionId));
    expect(codeOf(await journal.startExecution(other))).toBe('idempotency.key_reused');
  });

  it('is never blocked by a dead request: its execution is settled and answered, not run again', async () => {
    const journal = journalOf();
    const first = start({ idempotency });
    await journal.startExecution(first);
    await letTimePass(journal, 61_000);
    expect(valueOf(await journal.startExecution(start({ idempotency })))).toMatchObject({
      kind: 'existing',
      executions: [{ id: first.order.executionId }],
    });
    expect(await statusOf(journal, first.order.executionId)).toBe('interrupted');
  });

  it('frees the key when the request was refused without effect', async () => {
    const journal = journalOf();
    const none = { ...wideQuota, concurrentExecutions: 0 };
    const refused = await journal.startExecution(start({ idempotency, quota: none }));
    expect(codeOf(refused)).toBe('quota.exceeded');
    expect(codeOf(await journal.startExecution(start({ idempotency })))).toBe('ok');
  });

  it('forgets the key after 24 hours, and drops the record', async () => {
    const journal = journalOf();
    const first = start({ idempotency });
    await journal.startExecution(first);
    await journal.finishExecution(finish(first.order.executionId));
    await letTimePass(journal, 86_400_000);
    await wake(journal);
    expect(await rowsOf(journal, 'SELECT 1 FROM idempotency_records')).toEqual([]);
    expect(valueOf(await journal.startExecution(start({ idempotency }))).kind).toBe('started');
  });

  it('does not start the same id twice without a key either', async () => {
    const journal = journalOf();
    const command = start();
    await journal.startExecution(command);
    expect(codeOf(await journal.startExecution(command))).toBe('functions.execution_started');
  });
});

describe('a batch with an idempotency key', () => {
  const batch = () => ({
    orders: [queuedOrder(), queuedOrder()],
    quota: wideQuota,
    idempotency,
  });

  it('is made once, and its ids are answered again at once', async () => {
    const journal = journalOf();
    const first = batch();
    const answers = await Promise.all([
      journal.enqueueExecutions(first),
      journal.enqueueExecutions(batch()),
    ]);
    const executions = first.orders.map(({ executionId: id }) => ({ id, status: 'queued' }));
    expect(answers.map(valueOf)).toMatchObject([
      { kind: 'queued', executions },
      { kind: 'existing', executions },
    ]);
    expect(valueOf(await journal.usage(new Date().toISOString().slice(0, 7))).executions).toBe(2);
  });

  it('reaches the queue even when its maker died before handing it over', async () => {
    const journal = journalOf();
    const outside = await connectOutside(journal);
    const made = batch();
    await journal.enqueueExecutions(made);
    await letTimePass(journal, 31_000);
    await wake(journal);
    await wake(journal);
    const ids = made.orders.map(({ executionId }) => executionId);
    expect(outside.enqueued.flatMap(({ items }) => items.map(({ id }) => id))).toEqual(ids);
    expect(await rowsOf(journal, 'SELECT 1 FROM work_outbox')).toEqual([]);
  });

  it('is not handed over again once its maker confirmed it', async () => {
    const journal = journalOf();
    const outside = await connectOutside(journal);
    const made = batch();
    await journal.enqueueExecutions(made);
    await journal.confirmEnqueued(made.orders.map(({ executionId }) => executionId));
    await letTimePass(journal, 31_000);
    await wake(journal);
    expect(outside.enqueued).toEqual([]);
  });
});
