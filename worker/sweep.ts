/**
 * The cron sweep, once a minute: whatever was promised "soon" and may have died on the way. Each step is bounded and
 * apart from the others, so that one that fails delays none.
 */
import { lte } from 'drizzle-orm';
import { connect } from './db/connect.ts';
import { idempotencyRecords } from './db/tables.ts';
import { type Env, parseSettings } from './env.ts';
import { createLog, errorFields } from './http/log.ts';
import { drainOutbox, waitingJournals } from './http/outbox.ts';
import { recordSigningKey } from './services/system/index.ts';

const JOURNALS_PER_SWEEP = 500;

export async function sweep(env: Env, now: number): Promise<void> {
  const db = connect(env.DB);
  const settings = parseSettings(env);
  const log = createLog(settings.ok ? settings.value.LOG_LEVEL : 'error');
  const steps: Readonly<Record<string, () => Promise<unknown>>> = {
    outbox: async () => {
      for (const journal of await waitingJournals(db, JOURNALS_PER_SWEEP))
        await drainOutbox(env, db, journal);
    },
    idempotency: () => db.delete(idempotencyRecords).where(lte(idempotencyRecords.expiresAt, now)),
    signingKey: () => recordSigningKey(env, db, now),
  };
  for (const [step, run] of Object.entries(steps)) {
    try {
      await run();
    } catch (thrown) {
      log.error('sweep.failed', { step, ...errorFields(thrown) });
    }
  }
}
