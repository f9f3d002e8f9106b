import { evictDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import { verifyAuditExport } from '../../../worker/core/audit/verify.ts';
import {
  action,
  codeOf,
  connectOutside,
  finish,
  type Journal,
  journalOf,
  letTimePass,
  payer,
  queuedOrder,
  rowsOf,
  started,
  valueOf,
  wake,
  wideQuota,
} from './journal.ts';

const DAY_MS = 86_400_000;
const month = () => new Date().toISOString().slice(0, 7);

async function ended(journal: Journal, bytes = 10): Promise<string> {
  const id = await started(journal);
  await journal.finishExecution(finish(id, { sealedJournal: [new Uint8Array(bytes)] }));
  return id;
}

const write = (journal: Journal, operation: string) =>
  journal.appendAudit({ at: new Date().toISOString(), actor: payer, operation, outcome: 'ok' });

const keptOf = async (journal: Journal, ids: readonly string[]) => {
  const kept = [];
  for (const id of ids) {
    const { journal: io, output } = valueOf(await journal.getExecution(id));
    kept.push(`${io} ${output}`);
  }
  return kept;
};

describe('retention by age', () => {
  it('drops journals first, then logs and outputs, and never receipts or audit', async () => {
    const journal = journalOf();
    await connectOutside(journal);
    const id = await ended(journal);
    const receipt = valueOf(await journal.getExecution(id)).receipt;

    await letTimePass(journal, 29 * DAY_MS);
    await wake(journal);
    expect(await keptOf(journal, [id])).toEqual(['kept kept']);
    await letTimePass(journal, 2 * DAY_MS);
    await evictDurableObject(journal);
    await wake(journal);
    expect(await keptOf(journal, [id])).toEqual(['expired kept']);
    expect(codeOf(await journal.getJournal(id))).toBe('functions.journal_expired');
    expect(valueOf(await journal.getLogs(id)).logsJson).not.toBeNull();

    await letTimePass(journal, 60 * DAY_MS);
    await wake(journal);
    expect(await keptOf(journal, [id])).toEqual(['expired expired']);
    const last = valueOf(await journal.getExecution(id));
    expect([last.outputJson, last.logsJson, last.receipt]).toEqual([undefined, undefined, receipt]);
    expect(valueOf(await journal.usage(month()))).toMatchObject({
      journalBytes: 0,
      outputBytes: 0,
    });
    const { items } = valueOf(
      await journal.listAudit({ limit: 10, operation: 'execution.finished' }),
    );
    expect(items).toHaveLength(1);
  });

  it('drops what actions were asked and answered with the outputs, not that they were done', async () => {
    const journal = journalOf();
    await connectOutside(journal);
    const id = await started(journal);
    await journal.finishExecution(finish(id, { actions: [action()] }));
    await journal.saveActionResult({
      executionId: id,
      n: 0,
      leaseToken: 1,
      leaseMs: 1000,
      outcome: 'succeeded',
      resultJson: '{"done":true}',
    });
    await letTimePass(journal, 91 * DAY_MS);
    await wake(journal);
    const [told] = valueOf(await journal.getExecution(id)).actions;
    expect(told).toMatchObject({ status: 'succeeded' });
    expect([told?.paramsJson, told?.resultJson]).toEqual([undefined, undefined]);
    expect(valueOf(await journal.usage(month())).outputBytes).toBe(0);
  });
});

describe('retention by bytes', () => {
  it('drops the oldest journals until the rest fits', async () => {
    const journal = journalOf();
    const ids = [await ended(journal, 400), await ended(journal, 400), await ended(journal, 400)];
    await journal.setRetention({ wanted: { journalBytes: 800 }, operatorMaximum: {} });
    await wake(journal);
    expect(await keptOf(journal, ids)).toEqual(['expired kept', 'kept kept', 'kept kept']);
    await ended(journal, 400);
    await wake(journal);
    expect(await keptOf(journal, ids)).toEqual(['expired kept', 'expired kept', 'kept kept']);
    expect(valueOf(await journal.usage(month())).journalBytes).toBe(800);
  });

  it('works in bounded steps until all is dropped', async () => {
    const journal = journalOf();
    for (let n = 0; n < 250; n += 1) await ended(journal, 1);
    await journal.setRetention({ wanted: { journalBytes: 0 }, operatorMaximum: {} });
    await wake(journal);
    expect(valueOf(await journal.usage(month())).journalBytes).toBe(0);
    expect(await rowsOf(journal, "SELECT 1 FROM execution_bodies WHERE kind = 'journal'")).toEqual(
      [],
    );
  });

  it('is what the operator allows at most, and is shown in usage', async () => {
    const journal = journalOf();
    const command = { wanted: { journalDays: 400 }, operatorMaximum: { journalDays: 60 } };
    expect(valueOf(await journal.setRetention(command)).journalDays).toBe(60);
    await evictDurableObject(journal);
    expect(valueOf(await journal.usage(month())).retention.journalDays).toBe(60);
  });
});

describe('platform events', () => {
  const event = (n: number) => ({
    outboxId: n,
    kind: 'event' as const,
    body: {
      specversion: '1.0',
      id: `evt_${n}`,
      source: '/accounts/x',
      type: 'secret.rotation_due',
      time: '2026-11-01T00:00:00.000Z',
      data: { n },
    },
  });
  const dropsOf = async (journal: Journal) =>
    valueOf(await journal.listAudit({ limit: 10, operation: 'events.dropped' })).items.map(
      ({ details }) => [details?.count, details?.reason],
    );

  it('are listed in order, once each, until they are acknowledged', async () => {
    const journal = journalOf();
    await journal.appendOutbox([event(1), event(2), { ...event(2), outboxId: 3 }, event(4)]);
    const first = valueOf(await journal.listEvents({ afterSequence: 0, limit: 2 }));
    expect(first.items.map(({ id, dataJson }) => [id, dataJson])).toEqual([
      ['evt_1', '{"n":1}'],
      ['evt_2', '{"n":2}'],
    ]);
    const next = first.nextSequence ?? 0;
    const second = valueOf(await journal.listEvents({ afterSequence: next, limit: 2 }));
    expect(second.items.map(({ id }) => id)).toEqual(['evt_4']);
    expect(valueOf(await journal.acknowledgeEvents(next)).removed).toBe(2);
    const left = valueOf(await journal.listEvents({ afterSequence: 0, limit: 10 }));
    expect(left.items.map(({ id }) => id)).toEqual(['evt_4']);
  });

  it('are dropped after a week, counted and recorded', async () => {
    const journal = journalOf();
    await connectOutside(journal);
    await journal.appendOutbox([event(1), event(2)]);
    await letTimePass(journal, 7 * DAY_MS);
    await journal.appendOutbox([event(3)]);
    await wake(journal);
    const { items } = valueOf(await journal.listEvents({ afterSequence: 0, limit: 10 }));
    expect(items.map(({ id }) => id)).toEqual(['evt_3']);
    expect(valueOf(await journal.usage(month())).eventsDropped).toBe(2);
    expect(await dropsOf(journal)).toEqual([[2, 'age']]);
  });

  it('are bounded by count, the oldest go first, and one audit line tells of a hundred', async () => {
    const journal = journalOf();
    const all = Array.from({ length: 10_001 }, (_, index) => event(index + 1));
    await journal.appendOutbox(all);
    const { items } = valueOf(await journal.listEvents({ afterSequence: 0, limit: 1 }));
    expect(items[0]?.id).toBe('evt_101');
    expect(await dropsOf(journal)).toEqual([[100, 'count']]);
  });
});

describe('purging a deleted account', () => {
  it('leaves the audit log and nothing else', async () => {
    const journal = journalOf();
    await connectOutside(journal);
    await ended(journal);
    await journal.enqueueExecutions({ orders: [queuedOrder()], quota: wideQuota });
    await journal.setRetention({ wanted: {}, operatorMaximum: {} });
    while (!valueOf(await journal.purge()).done);
    for (const table of ['executions', 'execution_bodies', 'events', 'usage_months', 'work_outbox'])
      expect(await rowsOf(journal, `SELECT 1 FROM ${table}`)).toEqual([]);
    const { items } = valueOf(await journal.listAudit({ limit: 10 }));
    expect(items.map(({ operation }) => operation)).toEqual(['execution.finished']);
  });
});

describe('ending the records of an account', () => {
  it('leaves nothing of it, in bounded steps that survive a restart', async () => {
    const journal = journalOf();
    await connectOutside(journal);
    await ended(journal);
    for (let line = 0; line < 450; line += 1) await write(journal, 'x.y');
    await wake(journal);
    expect(valueOf(await journal.endRecords()).done).toBe(false);
    await evictDurableObject(journal);
    await wake(journal);
    for (const table of ['executions', 'audit_entries', 'audit_checkpoints', 'due', 'settings'])
      expect(await rowsOf(journal, `SELECT 1 FROM ${table}`), table).toEqual([]);
    expect(valueOf(await journal.endRecords()).done).toBe(true);
  });
});

describe('the audit log of a quiet account', () => {
  const sequences = async (journal: Journal) =>
    valueOf(await journal.exportAudit({ fromSequence: 1, limit: 500 })).entries.map(
      ({ sequence, operation }) => `${sequence} ${operation}`,
    );

  it('is cut when its time is over, although nobody writes to it, and verifies', async () => {
    const journal = journalOf();
    await connectOutside(journal);
    for (const operation of ['a.a', 'b.b', 'c.c']) await write(journal, operation);
    await letTimePass(journal, DAY_MS);
    await wake(journal);
    await letTimePass(journal, (1095 + 29) * DAY_MS);
    await evictDurableObject(journal);
    await connectOutside(journal);
    await wake(journal);
    expect(await sequences(journal)).toEqual(['1 a.a', '2 b.b', '3 c.c']);

    await letTimePass(journal, 2 * DAY_MS);
    await wake(journal);
    await letTimePass(journal, DAY_MS);
    await wake(journal);
    expect(await sequences(journal)).toEqual(['4 audit.cut']);
    const log = valueOf(await journal.exportAudit({ fromSequence: 1, limit: 500 }));
    const { nextSequence: _, ...file } = log;
    expect(verifyAuditExport({ log: file })).toMatchObject({ ok: true });
  });

  it('writes one line for a cut, however often it wakes, and is then quiet for years', async () => {
    const journal = journalOf();
    await connectOutside(journal);
    await write(journal, 'a.a');
    for (const days of [1, 1126, 1, 1, 30, 300, 700]) {
      await letTimePass(journal, days * DAY_MS);
      await wake(journal);
    }
    expect(await sequences(journal)).toEqual(['2 audit.cut']);
    const due = await rowsOf(journal, 'SELECT kind FROM due');
    expect(due).toEqual([{ kind: 'retention' }]);
  });

  it('waits for the bridge without writing another line while it is away', async () => {
    const journal = journalOf();
    const outside = await connectOutside(journal);
    await write(journal, 'a.a');
    await letTimePass(journal, DAY_MS);
    await wake(journal);
    outside.answering = false;
    for (const days of [1126, 1, 1, 1]) {
      await letTimePass(journal, days * DAY_MS);
      await wake(journal);
    }
    expect(await sequences(journal)).toEqual(['1 a.a', '2 audit.cut']);
    outside.answering = true;
    await letTimePass(journal, DAY_MS);
    await wake(journal);
    expect(await sequences(journal)).toEqual(['2 audit.cut']);
  });
});
