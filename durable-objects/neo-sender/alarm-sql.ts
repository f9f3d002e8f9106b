/**
 * When something is to be done next: one statement for all that an alarm waits for, since every turn
 * ends with the question. Each time is the first entry of a partial index, so what is asked costs the
 * same however much is stored.
 */
import { assert } from '../../worker/core/assert.ts';
import type { BoundedSql } from '../bounded-sql.ts';

// As the schema has them: times, or null where nothing waits.
type AlarmRow = {
  leased: number;
  work_due_at: number | null;
  read_due_at: number | null;
  work_lease_until: number | null;
  read_lease_until: number | null;
  deadline_at: number | null;
  deliver_after: number | null;
  ended_at: number | null;
};

export interface AlarmTimes {
  /** Leases that are out, of work and of reading. */
  readonly leased: number;
  /** What waits for a lease. */
  readonly due: readonly (number | null)[];
  /** What is to be done whether leases are left or not. */
  readonly fixed: readonly (number | null)[];
  /** Since when the first intent has ended that is still kept. */
  readonly firstEnded: number | null;
}

const TIMES = `SELECT
  (SELECT COUNT(*) FROM intents WHERE lease_until IS NOT NULL) +
    (SELECT COUNT(*) FROM attempts WHERE lease_until IS NOT NULL) AS leased,
  (SELECT MIN(due_at) FROM attempts WHERE due_at IS NOT NULL AND lease_until IS NULL) AS work_due_at,
  (SELECT MIN(due_at) FROM intents WHERE due_at IS NOT NULL AND lease_until IS NULL) AS read_due_at,
  (SELECT MIN(lease_until) FROM attempts WHERE lease_until IS NOT NULL) AS work_lease_until,
  (SELECT MIN(lease_until) FROM intents WHERE lease_until IS NOT NULL) AS read_lease_until,
  (SELECT MIN(deadline_at) FROM intents WHERE deadline_at IS NOT NULL) AS deadline_at,
  (SELECT deliver_after FROM sender WHERE EXISTS (SELECT 1 FROM events)) AS deliver_after,
  (SELECT MIN(ended_at) FROM intents WHERE ended_at IS NOT NULL) AS ended_at`;

export const alarmStore = (sql: BoundedSql) => ({
  loadTimes(): AlarmTimes {
    const row = sql.first<AlarmRow>(TIMES);
    assert(row !== undefined, 'a row of what the tables answer');
    return {
      leased: row.leased,
      due: [row.work_due_at, row.read_due_at],
      fixed: [row.work_lease_until, row.read_lease_until, row.deadline_at, row.deliver_after],
      firstEnded: row.ended_at,
    };
  },
});
