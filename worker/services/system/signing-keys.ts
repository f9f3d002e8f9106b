/**
 * The register of signing keys: whichever key the bridge has now is recorded, and the one before it
 * retired. Recorded by the cron sweep and whenever the list is read, at most once in twenty seconds
 * an isolate.
 */
import { desc, sql } from 'drizzle-orm';
import { toTimestamp } from '../../core/clock.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { Database } from '../../db/connect.ts';
import type { Env } from '../../env.ts';
import { signingKeys } from './tables.ts';

const RECORDED_FOR_MS = 20_000;
let recorded = { keyId: '', at: 0 };

/** For tests, which wipe storage under a living isolate. */
export function forgetRecordedKey(): void {
  recorded = { keyId: '', at: 0 };
}

export async function recordSigningKey(
  env: Env,
  db: Database,
  now: number,
): Promise<Result<null, 'signing.unconfigured' | 'upstream.unavailable'>> {
  if (now - recorded.at < RECORDED_FOR_MS) return ok(null);
  const current = await loadCurrentKey(env);
  if (!current.ok) return current;
  const { keyId, algorithm, publicKey } = current.value;
  // A key that comes back after a rotation was undone signs again: its period is open again.
  await db.batch([
    db
      .insert(signingKeys)
      .values({ keyId, algorithm, publicKey, firstSeenAt: now, retiredAt: null })
      .onConflictDoUpdate({ target: signingKeys.keyId, set: { retiredAt: null } }),
    db
      .update(signingKeys)
      .set({ retiredAt: now })
      .where(sql`${signingKeys.keyId} <> ${keyId} AND ${signingKeys.retiredAt} IS NULL`),
  ]);
  recorded = { keyId, at: now };
  return ok(null);
}

/** A bridge that cannot be reached takes no past key from verifiers: that is a failure, not a throw. */
async function loadCurrentKey({ BRIDGE }: Env) {
  try {
    return await BRIDGE.publicKey();
  } catch {
    return err('upstream.unavailable');
  }
}

export async function listRecordedKeys(db: Database) {
  const rows = await db.select().from(signingKeys).orderBy(desc(signingKeys.firstSeenAt));
  return rows.map((row) => ({
    keyId: row.keyId,
    algorithm: row.algorithm,
    publicKey: row.publicKey,
    firstSeenAt: toTimestamp(row.firstSeenAt),
    retiredAt: row.retiredAt === null ? null : toTimestamp(row.retiredAt),
  }));
}
