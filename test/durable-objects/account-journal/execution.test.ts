import { evictDurableObject } from 'cloudflare:test';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import {
  codeOf,
  executionId,
  finish,
  journalOf,
  letTimePass,
  order,
  payer,
  queuedOrder,
  rowsOf,
  start,
  started,
  statusOf,
  valueOf,
  wake,
  wideQuota,
} from './journal.ts';

const claimOf = (id: string, quota = wideQuota) => ({ executionId: id, leaseMs: 60_000, quota });
const enqueue = (orders = [queuedOrder()]) => ({ orders, quota: wideQuota });

const digest = (bytes: Uint8Array): string => bytesToHex(sha256(bytes));

describe('an execution from start to end', () => {
  it('keeps what it was told, also across an eviction', async () => {
    const journal = journalOf();
    const id = await started(journal, { order: order({ requestId: 'req_1', traceId: 'trace' }) });
    await evictDurableObject(journal);
    expect(valueOf(await journal.getExecution(id))).toMatchObject({
      status: 'running',
      requestId: 'req_1',
      actor: payer,
    });
    const chunks = [new Uint8Array(1_000_000).fill(3), Uint8Array.of(9)];
    const end = finish(id, { sealedJournal: chunks, timings: { codeMs: 12 } });
    expect(valueOf(await journal.finishExecution(end))).toMatchObject({
      status: 'succeeded',
      pendingActions: 0,
    });
    await evictDurableObject(journal);
    expect(valueOf(await journal.getExecution(id))).toMatchObject({
      status: 'succeeded',
      outputJson: end.outputJson,
      logsJson: end.logsJson,
      receipt: end.receipt,
      fuel: 500,
      durationMs: 12,
      timings: { codeMs: 12 },
      journal: 'kept',
      actions: [],
    });
    const { sealedJournal } = valueOf(await journal.getJournal(id));
    expect(sealedJournal.map(digest)).toEqual(chunks.map(digest));
    expect(valueOf(await journal.getLogs(id)).logsJson).toBe(end.logsJson);
  });

  it('writes the hash of the receipt into the audit log, in the name of the actor', async () => {
    const journal = journalOf();
    const id = await started(journal);
    await journal.finishExecution(finish(id));
    const [entry] = valueOf(await journal.listAudit({ limit: 1 })).items;
    expect(entry).toMatchObject({
      operation: 'execution.finished',
      outcome: 'ok',
      actor: payer,
      target: { kind: 'execution', id },
      details: { receiptHash: 'ab'.repeat(32), functionId: 'fn_one', fuel: 500 },
    });
  });

  it('raises an event when it failed, once', async () => {
    const journal = journalOf();
    const id = await started(journal);
    const error = { code: 'functions.failed', message: 'boom', line: 3 };
    const end = finish(id, { outcome: 'failed', error });
    await journal.finishExecution(end);
    await journal.finishExecution(end);
    const { items } = valueOf(await journal.listEvents({ afterSequence: 0, limit: 10 }));
    expect(items.map(({ type, subject }) => [type, subject])).toEqual([['execution.failed', id]]);
    expect(valueOf(await journal.getExecution(id)).error).toEqual(error);
  });

  it('keeps nothing but the receipt with `store: receipt`', async () => {
    const journal = journalOf();
    const id = await started(journal, { order: order({ store: 'receipt' }) });
    await journal.finishExecution(finish(id));
    const kept = valueOf(await journal.getExecution(id));
    expect([kept.outputJson, kept.logsJson, kept.journal]).toEqual([undefined, undefined, 'none']);
    expect(kept.receipt).toEqual(finish(id).receipt);
    expect(codeOf(await journal.getJournal(id))).toBe('functions.journal_not_kept');
    expect(await rowsOf(journal, 'SELECT kind FROM execution_bodies')).toEqual([]);
  });

  it('is unknown to everyone who asks for another id', async () => {
    const journal = journalOf();
    await started(journal);
    const id = executionId();
    expect(codeOf(await journal.getExecution(id))).toBe('request.not_found');
    expect(codeOf(await journal.getJournal(id))).toBe('request.not_found');
    expect(codeOf(await journal.finishExecution(finish(id)))).toBe('request.not_found');
    expect(codeOf(await journal.cancelExecution({ executionId: id, actor: payer }))).toBe(
      'request.not_found',
    );
  });
});

describe('the end of an execution', () => {
  it('is taken once; the same end again gives the same answer and counts nothing twice', async () => {
    const journal = journalOf();
    const id = await started(journal);
    const first = await journal.finishExecution(finish(id));
    expect(await journal.finishExecution(finish(id))).toEqual(first);
    const month = new Date().toISOString().slice(0, 7);
    expect(valueOf(await journal.usage(month))).toMatchObject({ executions: 1, fuel: 500 });
  });

  it('is refused from a stale lease', async () => {
    const journal = journalOf();
    const id = await started(journal);
    expect(codeOf(await journal.finishExecution(finish(id, { leaseToken: 0 })))).toBe(
      'functions.lease_lost',
    );
    await letTimePass(journal, 61_000);
    await wake(journal);
    expect(codeOf(await journal.finishExecution(finish(id)))).toBe('functions.lease_lost');
    expect(await statusOf(journal, id)).toBe('interrupted');
  });

  it('is refused whole when a part of it would not fit a row', async () => {
    const journal = journalOf();
    const id = await started(journal);
    const tooLarge = finish(id, { sealedJournal: [new Uint8Array(1_000_001)] });
    expect(codeOf(await journal.finishExecution(tooLarge))).toBe('request.body_too_large');
    const longText = finish(id, { logsJson: 'x'.repeat(600_000) });
    expect(codeOf(await journal.finishExecution(longText))).toBe('request.body_too_large');
    expect(await statusOf(journal, id)).toBe('running');
    expect(codeOf(await journal.finishExecution(finish(id)))).toBe('ok');
  });
});

describe('quotas', () => {
  it('hold when 50 requests arrive together', async () => {
    const journal = journalOf();
    const quota = { ...wideQuota, concurrentExecutions: 10 };
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => journal.startExecution(start({ quota }))),
    );
    expect(answers.filter(({ ok }) => ok)).toHaveLength(10);
    const refused = answers.filter(({ ok }) => !ok).map(codeOf);
    expect(new Set(refused)).toEqual(new Set(['quota.exceeded']));
    const month = new Date().toISOString().slice(0, 7);
    expect(valueOf(await journal.usage(month))).toMatchObject({ executions: 10, running: 10 });
  });

  it('of the month hold for sync, async and batches together', async () => {
    const journal = journalOf();
    const quota = { ...wideQuota, executionsPerMonth: 3 };
    await started(journal, { quota });
    const two = [queuedOrder(), queuedOrder()];
    const answers = await Promise.all([
      journal.enqueueExecutions({ orders: two, quota }),
      journal.enqueueExecutions({ orders: [queuedOrder(), queuedOrder()], quota }),
    ]);
    expect(answers.map(codeOf).sort()).toEqual(['ok', 'quota.exceeded']);
    expect(await journal.startExecution(start({ quota }))).toMatchObject({
      failure: { code: 'quota.exceeded', limit: 3, observed: 4 },
    });
  });

  it('of fuel cannot be passed by starting many at once', async () => {
    const journal = journalOf();
    const quota = { ...wideQuota, fuelPerMonth: 2500 };
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => journal.startExecution(start({ quota }))),
    );
    expect(answers.filter(({ ok }) => ok)).toHaveLength(2);
  });

  it('are free again when a run ended or its runner died', async () => {
    const journal = journalOf();
    const quota = { ...wideQuota, concurrentExecutions: 1 };
    const id = await started(journal, { quota });
    expect(codeOf(await journal.startExecution(start({ quota })))).toBe('quota.exceeded');
    await journal.finishExecution(finish(id));
    await started(journal, { quota });
    await letTimePass(journal, 61_000);
    expect(codeOf(await journal.startExecution(start({ quota })))).toBe('ok');
  });

  it('charge an interrupted run its whole fuel, so that killing the runner is not free', async () => {
    const journal = journalOf();
    await started(journal);
    await letTimePass(journal, 61_000);
    await wake(journal);
    const month = new Date().toISOString().slice(0, 7);
    expect(valueOf(await journal.usage(month))).toMatchObject({ fuel: 1000, failures: 1 });
  });
});

describe('a queued execution', () => {
  it('starts at most once, however often it is delivered', async () => {
    const journal = journalOf();
    const wanted = queuedOrder();
    await journal.enqueueExecutions(enqueue([wanted]));
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => journal.claimQueued(claimOf(wanted.executionId))),
    );
    expect(answers.map(codeOf).sort()).toEqual([
      ...Array(4).fill('functions.execution_started'),
      'ok',
    ]);
    const taken = answers.find(({ ok }) => ok);
    expect(taken && valueOf(taken).order).toEqual(wanted);
    await journal.finishExecution(finish(wanted.executionId));
    expect(codeOf(await journal.claimQueued(claimOf(wanted.executionId)))).toBe(
      'functions.execution_ended',
    );
    expect(await rowsOf(journal, "SELECT 1 FROM execution_bodies WHERE kind = 'input'")).toEqual(
      [],
    );
  });

  it('waits for a quota and is not lost', async () => {
    const journal = journalOf();
    const quota = { ...wideQuota, concurrentExecutions: 1 };
    const running = await started(journal);
    const wanted = queuedOrder();
    await journal.enqueueExecutions(enqueue([wanted]));
    expect(codeOf(await journal.claimQueued(claimOf(wanted.executionId, quota)))).toBe(
      'quota.exceeded',
    );
    await journal.finishExecution(finish(running));
    expect(codeOf(await journal.claimQueued(claimOf(wanted.executionId, quota)))).toBe('ok');
  });

  it('ends with a reason when nobody took it in time', async () => {
    const journal = journalOf();
    const wanted = queuedOrder();
    await journal.enqueueExecutions(enqueue([wanted]));
    await letTimePass(journal, 86_400_000);
    await wake(journal);
    expect(valueOf(await journal.getExecution(wanted.executionId))).toMatchObject({
      status: 'expired',
      error: { code: 'functions.queue_expired' },
    });
    expect(codeOf(await journal.claimQueued(claimOf(wanted.executionId)))).toBe(
      'functions.execution_ended',
    );
  });

  it('comes in batches of at most 100', async () => {
    const journal = journalOf();
    const many = Array.from({ length: 101 }, () => queuedOrder());
    expect(codeOf(await journal.enqueueExecutions(enqueue(many)))).toBe('request.malformed');
    expect(codeOf(await journal.enqueueExecutions(enqueue([])))).toBe('request.malformed');
    const made = valueOf(await journal.enqueueExecutions(enqueue(many.slice(0, 100))));
    expect(made.executions).toHaveLength(100);
    expect(valueOf(await journal.usage('2026-11')).queued).toBe(100);
  });
});

describe('cancelling', () => {
  const cancel = (id: string) => ({ executionId: id, actor: payer });

  it('ends a queued execution at once and for good', async () => {
    const journal = journalOf();
    const wanted = queuedOrder();
    await journal.enqueueExecutions(enqueue([wanted]));
    expect(valueOf(await journal.cancelExecution(cancel(wanted.executionId))).status).toBe(
      'cancelled',
    );
    expect(codeOf(await journal.claimQueued(claimOf(wanted.executionId)))).toBe(
      'functions.execution_ended',
    );
    expect(codeOf(await journal.cancelExecution(cancel(wanted.executionId)))).toBe('ok');
  });

  it('asks a running one to stop, readable by its runner', async () => {
    const journal = journalOf();
    const id = await started(journal);
    expect(valueOf(await journal.isCancelRequested(id))).toBe(false);
    expect(valueOf(await journal.cancelExecution(cancel(id)))).toEqual({
      status: 'running',
      cancelRequested: true,
    });
    expect(valueOf(await journal.isCancelRequested(id))).toBe(true);
    await journal.finishExecution(finish(id, { outcome: 'cancelled' }));
    expect(await statusOf(journal, id)).toBe('cancelled');
  });

  it('does not change one that ended', async () => {
    const journal = journalOf();
    const id = await started(journal);
    await journal.finishExecution(finish(id));
    expect(codeOf(await journal.cancelExecution(cancel(id)))).toBe('functions.execution_ended');
    expect(await statusOf(journal, id)).toBe('succeeded');
  });
});

describe('the watchdog', () => {
  it('ends what lost its runner, tells why, and does so once when the alarm repeats', async () => {
    const journal = journalOf();
    const dead = await started(journal, { leaseMs: 1000 });
    const alive = await started(journal, { leaseMs: 600_000 });
    await letTimePass(journal, 2000);
    await wake(journal);
    await evictDurableObject(journal);
    await wake(journal);
    await wake(journal);
    expect(valueOf(await journal.getExecution(dead))).toMatchObject({
      status: 'interrupted',
      error: { code: 'functions.interrupted' },
    });
    expect(await statusOf(journal, alive)).toBe('running');
    const { items } = valueOf(
      await journal.listAudit({ limit: 10, operation: 'execution.interrupted' }),
    );
    expect(items.map(({ target }) => target?.id)).toEqual([dead]);
  });

  it('works in bounded steps until none is left', async () => {
    const journal = journalOf();
    const ids = await Promise.all(
      Array.from({ length: 120 }, () => started(journal, { leaseMs: 1000 })),
    );
    await letTimePass(journal, 2000);
    await wake(journal);
    const { items } = valueOf(await journal.listExecutions({ limit: 500, status: 'interrupted' }));
    expect(items).toHaveLength(ids.length);
  });

  it('grants nobody a lease without end', async () => {
    const journal = journalOf();
    const { leaseUntil } = valueOf(
      await journal.startExecution(start({ leaseMs: Number.MAX_SAFE_INTEGER })),
    ) as { leaseUntil: number };
    expect(leaseUntil).toBeLessThanOrEqual(Date.now() + 600_000);
  });
});
