/** What other services and the sweep ask of challenges. */
import { type SQL, sql } from 'drizzle-orm';
import type { Database } from '../../db/connect.ts';
import { deleteEnded } from './store.ts';

export { type Answered, type ChallengeAnswer, checkAnswer, issueChallenge } from './service.ts';
export { useChallenge } from './store.ts';

const ENDED_PER_SWEEP = 5000;

export const sweepChallenges = (db: Database, now: number) => deleteEnded(db, now, ENDED_PER_SWEEP);

/** Removes the challenges of an account that is being purged. */
export const purgeChallengesOf = (accountId: string): readonly SQL[] => [
  sql`DELETE FROM wallet_challenges WHERE account_id = ${accountId}`,
];
