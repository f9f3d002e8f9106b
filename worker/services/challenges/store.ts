/** D1 queries of challenges, and the statements that use one up. */
import { and, eq, gt, type SQL, sql } from 'drizzle-orm';
import { LIMITS } from '../../core/sessions/limits.ts';
import type { Database } from '../../db/connect.ts';
import { guard } from '../../db/guards.ts';
import { walletChallenges } from './tables.ts';

export type ChallengeRow = typeof walletChallenges.$inferSelect;

/** The challenge while it can be answered. */
export async function loadChallenge(
  db: Database,
  challengeId: string,
  now: number,
): Promise<ChallengeRow | undefined> {
  const [row] = await db
    .select()
    .from(walletChallenges)
    .where(and(eq(walletChallenges.challengeId, challengeId), gt(walletChallenges.expiresAt, now)));
  return row;
}

export const insertChallenge = (db: Database, row: ChallengeRow) =>
  db.insert(walletChallenges).values(row);

/** Of sign-ins all together, since a bound for each wallet would let strangers lock one out. */
export const signInsBelow = (now: number): SQL =>
  sql`(SELECT count(*) FROM wallet_challenges WHERE expires_at > ${now})
    < ${LIMITS.signInChallengesMax.value}`;

export const walletChallengesBelow = (walletId: string, now: number): SQL =>
  sql`(SELECT count(*) FROM wallet_challenges WHERE wallet_id = ${walletId} AND expires_at > ${now})
    < ${LIMITS.walletChallengesMax.value}`;

/**
 * Of two batches that use one challenge, D1 runs one first, and the guard of the other fails: two
 * answers to one challenge, be they copies or twins (n - s), have one effect.
 */
export const useChallenge = ({ challengeId }: ChallengeRow, now: number): readonly SQL[] => [
  guard(
    'challenge',
    sql`EXISTS (SELECT 1 FROM wallet_challenges
      WHERE challenge_id = ${challengeId} AND expires_at > ${now})`,
  ),
  sql`DELETE FROM wallet_challenges WHERE challenge_id = ${challengeId}`,
];

/** Removes what has ended; bounded, the rest goes with the next sweep. */
export const deleteEnded = (db: Database, now: number, limit: number) =>
  db.run(sql`DELETE FROM wallet_challenges WHERE challenge_id IN
    (SELECT challenge_id FROM wallet_challenges WHERE expires_at <= ${now} LIMIT ${limit})`);
