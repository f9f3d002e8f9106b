import { runInDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import { MIGRATIONS } from '../../../durable-objects/account-journal/migrations.ts';
import { migrate } from '../../../durable-objects/migrate.ts';
import { verifyAuditExport } from '../../../worker/core/audit/verify.ts';
import { finish, journalOf, order, started, valueOf } from './journal.ts';

const HOUR_MS = 3_600_000;

describe('listing executions', () => {
  it('is newest first and loses and repeats nothing while others are made', async () => {
    const journal = journalOf();
    const made: string[] = [];
    for (let n = 0; n < 13; n += 1) made.unshift(await started(journal));
    const seen: string[] = [];
    let from: { beforeId?: string } = {};
    for (;;) {
      const page = valueOf(await journal.listExecutions({ limit: 4, ...from }));
      seen.push(...page.items.map(({ id }) => id));
      if (page.nextBeforeId === null) break;
      from = { beforeId: page.nextBeforeId };
      await started(journal);
    }
    expect(seen).toEqual(made);
  });

  it('filters by function, status and time', async () => {
    const journal = journalOf();
    const other = await started(journal, { order: order({ functionId: 'fn_other' }) });
    const done = await started(journal);
    await journal.finishExecution(finish(done));
    const found = async (filter: object) =>
      valueOf(await journal.listExecutions({ limit: 10, ...filter })).items.map(({ id }) => id);
    expect(await found({ functionId: 'fn_other' })).toEqual([other]);
    expect(await found({ status: 'succeeded' })).toEqual([done]);
    expect(await found({ functionId: 'fn_other', status: 'succeeded' })).toEqual([]);
    expect(await found({ until: Date.now() + 1000, since: Date.now() - 60_000 })).toEqual([
      done,
      other,
    ]);
    expect(await found({ since: Date.now() + 1000 })).toEqual([]);
  });

  it('shows no bodies', async () => {
    const journal = journalOf();
    await journal.finishExecution(finish(await started(journal)));
    const [item] = valueOf(await journal.listExecutions({ limit: 1 })).items;
    expect(item).not.toHaveProperty('outputJson');
    expect(item).not.toHaveProperty('logsJson');
  });
});

describe('stats of a function', () => {
  it('count runs, failures and fuel by period, with percentiles', async () => {
    const journal = journalOf();
    for (const durationMs of [1, 2, 4, 8, 1000]) {
      const id = await started(journal);
      const outcome = durationMs === 1000 ? 'failed' : 'succeeded';
      await journal.finishExecution(finish(id, { durationMs, outcome }));
    }
    const now = Date.now();
    const period = { since: now - HOUR_MS, until: now + HOUR_MS, functionId: 'fn_one' };
    const told = valueOf(await journal.stats({ ...period, step: 'hour' }));
    expect(told).toMatchObject({ runs: 5, failures: 1, fuel: 2500 });
    expect(told.p50Ms).toBeGreaterThanOrEqual(4);
    expect(told.p50Ms).toBeLessThan(4.4);
    expect(told.p99Ms).toBeGreaterThanOrEqual(1000);
    const days = valueOf(await journal.stats({ ...period, step: 'day' })).periods;
    expect(days.reduce((sum, { runs }) => sum + runs, 0)).toBe(5);
    for (const { from } of days) expect(from % (24 * HOUR_MS)).toBe(0);
    const none = valueOf(await journal.stats({ ...period, functionId: 'fn_none', step: 'hour' }));
    expect(none).toEqual({ runs: 0, failures: 0, fuel: 0, p50Ms: null, p99Ms: null, periods: [] });
  });

  it('are bounded to three months', async () => {
    const journal = journalOf();
    const query = { functionId: 'fn_one', since: 0, until: Date.now(), step: 'day' as const };
    expect(await journal.stats(query)).toMatchObject({ failure: { code: 'request.malformed' } });
  });
});

describe('the schema', () => {
  it('is upgraded from each earlier version with the data in place', async () => {
    for (let version = 1; version < MIGRATIONS.length; version += 1) {
      const journal = journalOf();
      const accountId = await runInDurableObject(journal, (_object, { id, storage }) => {
        const tables = storage.sql
          .exec<{ name: string }>(
            `SELECT name FROM sqlite_master WHERE type = 'table'
             AND name NOT GLOB '_cf_*' AND name NOT GLOB 'sqlite_*'`,
          )
          .toArray();
        for (const { name } of tables) storage.sql.exec(`DROP TABLE ${name}`);
        migrate(storage, MIGRATIONS.slice(0, version), 1);
        storage.sql.exec("INSERT INTO settings (name, value) VALUES ('lastOutboxId', '41')");
        expect(migrate(storage, MIGRATIONS, 2)).toBe(MIGRATIONS.length);
        return id.name;
      });
      const row = (outboxId: number) => ({
        outboxId,
        kind: 'audit' as const,
        body: {
          at: '2026-11-01T00:00:00.000Z',
          actor: { kind: 'system', id: 'test' },
          operation: 'a.b',
          outcome: 'ok',
        },
      });
      expect(valueOf(await journal.appendOutbox([row(41), row(42)])).applied).toBe(1);
      const id = await started(journal);
      await journal.finishExecution(finish(id, { outcome: 'failed' }));
      const log = valueOf(await journal.exportAudit({ fromSequence: 1, limit: 10 }));
      expect(verifyAuditExport({ log })).toMatchObject({ ok: true, value: { accountId } });
    }
  });
});
