/** What authentication, other services and the sweep ask of sessions. */
import { type SQL, sql } from 'drizzle-orm';
import { ROLES } from '../../core/access.ts';
import type { SessionClaims } from '../../core/sessions/session-token.ts';
import { connect, type Database } from '../../db/connect.ts';
import type { Env } from '../../env.ts';
import type { FoundSession } from '../../http/authenticate.ts';
import { deleteLongEnded, loadSessionWithAccount } from './store.ts';

export { openSession, type SignedIn } from './service.ts';
export { sessionUsable } from './store.ts';

/** The account of a token must be that of its session: both are asked, since both are believed. */
export async function findSession(
  env: Env,
  claims: SessionClaims,
): Promise<FoundSession | undefined> {
  const found = await loadSessionWithAccount(connect(env.DB), claims.sid);
  if (!found || found.session.accountId !== claims.acc) return undefined;
  const { session, status, requestSignatures, walletStands } = found;
  return {
    principal: {
      kind: 'session',
      sessionId: session.sessionId,
      accountId: session.accountId,
      scopes: ROLES.admin,
      accountStatus: status,
      address: session.address,
      network: session.network,
      signedInAt: session.signedInAt,
      signingKey: session.signingKey,
      requestSignatures,
      expiresAt: Math.min(claims.exp * 1000, session.expiresAt),
    },
    hasEnded: session.endedAt !== null || !walletStands,
  };
}

const ENDED_PER_SWEEP = 1000;

export const sweepSessions = (db: Database, now: number) =>
  deleteLongEnded(db, now, ENDED_PER_SWEEP);

/** Removes the sessions of an account that is being purged. */
export const purgeSessionsOf = (accountId: string): readonly SQL[] => [
  sql`DELETE FROM sessions WHERE account_id = ${accountId}`,
];
