/**
 * The cron sweep, once a minute: whatever was promised "soon" and may have died on the way. Each
 * step is bounded and apart from the others, so that one that fails delays none.
 */
import { and, asc, eq, lte } from 'drizzle-orm';
import { followNetworks } from './chain/follower-steps/follow-networks.ts';
import { networkClient } from './chain/network-client.ts';
import { connect, type Database } from './db/connect.ts';
import { idempotencyRecords, schedulerWakes } from './db/tables.ts';
import { type Env, parseSettings } from './env.ts';
import { createLog, errorFields } from './http/log.ts';
import { drainOutbox, waitingJournals } from './http/outbox.ts';
import { sweepNonces } from './http/request-signature.ts';
import { endAccountRecords, purgeAccounts } from './purge.ts';
import { sweepChallenges } from './services/challenges/index.ts';
import { sweepGasAccounts } from './services/gasbank/index.ts';
import { sweepMetering } from './services/metering/index.ts';
import { sweepProofs } from './services/proofs/index.ts';
import { sweepSecrets } from './services/secrets/index.ts';
import { sweepSessions } from './services/sessions/index.ts';
import { sweepOpenings } from './services/sign-in/index.ts';
import { sweepSponsorships } from './services/sponsorships/index.ts';
import { recordSigningKey } from './services/system/index.ts';
import { sweepTransactions } from './services/transactions/index.ts';
import { sweepVaults } from './services/vaults/index.ts';
import { sweepWithdrawals } from './services/withdrawals/index.ts';
import { sweepApprovals } from './services/workspace-wallets/index.ts';

const JOURNALS_PER_SWEEP = 500;
/**
 * 100,000 accounts whose alarms were all lost are awake again after 200 sweeps: 3 hours 20 minutes.
 */
const WAKES_PER_SWEEP = 500;

export async function sweep(env: Env, now: number): Promise<void> {
  const db = connect(env.DB);
  const settings = parseSettings(env);
  const log = createLog(settings.ok ? settings.value.LOG_LEVEL : 'error');
  const steps: Readonly<Record<string, () => Promise<unknown>>> = {
    // Before the outbox, so that what it tells leaves in the same sweep.
    secrets: () => sweepSecrets(db, now),
    outbox: async () => {
      for (const journal of await waitingJournals(db, JOURNALS_PER_SWEEP)) {
        await drainOutbox(env, db, journal);
        await letRequestsIn();
      }
    },
    purge: () => purgeAccounts(env, now),
    records: () => endAccountRecords(env, now),
    idempotency: () => db.delete(idempotencyRecords).where(lte(idempotencyRecords.expiresAt, now)),
    challenges: () => sweepChallenges(db, now),
    nonces: () => sweepNonces(db, now),
    sessions: () => sweepSessions(db, now),
    openings: () => sweepOpenings(db, now),
    approvals: () => sweepApprovals(db, now),
    gasAccounts: () => sweepGasAccounts({ env, db, now, log }),
    wakes: () => wakeSchedulers(env, db, now),
    signingKey: () => recordSigningKey(env, db, now),
    metering: async () =>
      settings.ok && sweepMetering({ env, db, now, log, settings: settings.value }),
    // These wait for nodes that may be silent. First what the others read by.
    followers: async () => {
      const refused = await followNetworks({
        networks: settings.ok ? settings.value.NEO_NETWORKS : [],
        clientOf: networkClient,
        followerOf: (networkId) => env.CHAIN_FOLLOWER.getByName(networkId),
      });
      if (refused.length > 0) log.error('follower.config_conflict', { networks: refused.join() });
    },
    transactions: async () =>
      settings.ok && sweepTransactions({ env, db, now, log, settings: settings.value }),
    withdrawals: async () =>
      settings.ok && sweepWithdrawals({ env, db, now, log, settings: settings.value }),
    vaults: async () => settings.ok && sweepVaults({ env, db, now, log, settings: settings.value }),
    proofs: async () => settings.ok && sweepProofs({ env, db, now, log, settings: settings.value }),
    sponsorships: async () =>
      settings.ok && sweepSponsorships({ env, db, now, log, settings: settings.value }),
  };
  for (const [step, run] of Object.entries(steps)) {
    try {
      await run();
    } catch (thrown) {
      log.error('sweep.failed', { step, ...errorFields(thrown) });
    }
  }
}

/**
 * Where D1 and objects live in the same process, their answers are there before anybody looks at a
 * socket again: 500 journals in a row kept every request waiting for eight seconds. A timer ends the
 * row.
 */
const letRequestsIn = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, 0);
  });

/**
 * Oldest first. The row is cleared only while it still says what was read: work may have come
 * meanwhile.
 */
async function wakeSchedulers(env: Env, db: Database, now: number): Promise<void> {
  const overdue = await db
    .select()
    .from(schedulerWakes)
    .where(lte(schedulerWakes.wakeBy, now))
    .orderBy(asc(schedulerWakes.wakeBy))
    .limit(WAKES_PER_SWEEP);
  for (const { accountId, wakeBy } of overdue) {
    await letRequestsIn();
    const woken = await env.ACCOUNT_SCHEDULER.getByName(accountId).wake();
    if (!woken.ok || woken.value.dueAt !== null) continue;
    await db
      .delete(schedulerWakes)
      .where(and(eq(schedulerWakes.accountId, accountId), eq(schedulerWakes.wakeBy, wakeBy)));
  }
}
