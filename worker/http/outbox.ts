/**
 * Moves outbox rows to the journals they are for: in order, exactly once. The journal remembers the
 * last outbox id it applied, so a drain that died between the two steps, or two drains at once,
 * repeat nothing; rows are deleted only after the journal has them. Every caller reads from the
 * lowest id up, hence order holds.
 */
import { and, asc, eq, lte, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../db/connect.ts';
import { outbox } from '../db/tables.ts';
import type { Env } from '../env.ts';
import { metrics } from './observe.ts';

const ROWS_PER_STEP = 100;

export interface OutboxLine {
  /** The account, or `operator`. */
  readonly journal: string;
  readonly kind: 'audit' | 'event';
  readonly body: object;
  readonly now: number;
}

/** The statement that tells a line, in the batch of what it tells. */
export const tell = ({ journal, kind, body, now }: OutboxLine): SQL =>
  sql`INSERT INTO outbox (journal, kind, body, created_at)
      VALUES (${journal}, ${kind}, ${JSON.stringify(body)}, ${now})`;

/** Once for the one row that `from` selects, or not at all. */
export const tellIf = ({ journal, kind, body, now }: OutboxLine, from: SQL): SQL =>
  sql`INSERT INTO outbox (journal, kind, body, created_at)
      SELECT ${journal}, ${kind}, ${JSON.stringify(body)}, ${now} FROM ${from}`;

/**
 * Drains one journal until it is empty or `stepsMax` steps were made; answers how many rows were
 * applied.
 */
export async function drainOutbox(
  env: Env,
  db: Database,
  journal: string,
  stepsMax = 10,
): Promise<number> {
  let applied = 0;
  for (let step = 0; step < stepsMax; step += 1) {
    const rows = await db
      .select()
      .from(outbox)
      .where(eq(outbox.journal, journal))
      .orderBy(asc(outbox.outboxId))
      .limit(ROWS_PER_STEP);
    const last = rows.at(-1);
    if (!last) return applied;
    const stub = env.ACCOUNT_JOURNAL.getByName(journal);
    const outcome = await stub.appendOutbox(
      rows.map(({ outboxId, kind, body }) => ({ outboxId, kind, body })),
    );
    if (!outcome.ok) return applied;
    await db
      .delete(outbox)
      .where(and(eq(outbox.journal, journal), lte(outbox.outboxId, last.outboxId)));
    applied += rows.length;
    metrics.count('nsl_audit_outbox_drained_total', {}, rows.length);
    if (rows.length < ROWS_PER_STEP) return applied;
  }
  return applied;
}

/** Journals that have rows waiting, for the cron sweep. */
export async function waitingJournals(db: Database, limit: number): Promise<readonly string[]> {
  const rows = await db.selectDistinct({ journal: outbox.journal }).from(outbox).limit(limit);
  return rows.map((row) => row.journal);
}
