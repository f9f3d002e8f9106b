/**
 * How much source an account may keep. One database serves all tenants, and the versions of a
 * deleted function stay with it, since replays of its executions need them: without a bound one
 * account making and deleting functions fills it for everybody. Asked before the batch, so
 * requests that arrive together may pass by one source each.
 */
import { sql } from 'drizzle-orm';
import { err, ok, type Result } from '../../core/result.ts';
import type { Database } from '../../db/connect.ts';
import { LIMITS } from './limits.ts';

export async function checkSourceRoom(
  db: Database,
  accountId: string,
  sourceBytes: number,
): Promise<Result<null, 'quota.exceeded'>> {
  const [kept] = await db.all<{ bytes: number }>(
    sql`SELECT total(source_bytes) AS bytes FROM function_versions WHERE account_id = ${accountId}`,
  );
  const limit = LIMITS.functionKeptBytesMax.value;
  const observed = (kept?.bytes ?? 0) + sourceBytes;
  if (observed <= limit) return ok(null);
  const detail = `An account keeps at most ${limit} bytes of source, deleted functions included.`;
  return err('quota.exceeded', { detail, limit, observed });
}
