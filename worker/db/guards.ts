/**
 * D1 has no interactive transactions: `batch()` is the only atomic unit and cannot branch on what
 * it read. A guard is a statement that makes the whole batch fail when a condition no longer holds:
 * it inserts into `batch_guards`, whose CHECK constraints refuse every row, so a batch with a
 * failed guard writes nothing at all.
 */
import { type SQL, sql } from 'drizzle-orm';

/** One column and one named CHECK constraint each, in d1-migrations. */
const GUARDS = ['quota', 'revision', 'lease', 'state', 'member', 'challenge'] as const;
export type Guard = (typeof GUARDS)[number];

/**
 * A statement that passes when `condition` is true and fails the batch when it is false or null.
 */
export const guard = (name: Guard, condition: SQL): SQL =>
  sql`INSERT INTO batch_guards (${sql.identifier(name)}) SELECT 1 WHERE (${condition}) IS NOT TRUE`;

/** The guard whose constraint failed, or undefined when the error is something else. */
export function failedGuard(thrown: unknown): Guard | undefined {
  const text = errorText(thrown);
  return GUARDS.find((name) => text.includes(`CHECK constraint failed: guard_${name}`));
}

/** The columns of a failed UNIQUE constraint, e.g. `secrets.account_id, secrets.name`. */
export function failedUnique(thrown: unknown): string | undefined {
  return /UNIQUE constraint failed: ([\w., ]+?)(?::|$|\n)/.exec(errorText(thrown))?.[1];
}

/** drizzle wraps the driver's error; the constraint's name is in the innermost cause. */
function errorText(thrown: unknown): string {
  const parts: string[] = [];
  for (let error = thrown, depth = 0; error instanceof Error && depth < 5; depth += 1) {
    parts.push(error.message);
    error = error.cause;
  }
  return parts.join('\n');
}
