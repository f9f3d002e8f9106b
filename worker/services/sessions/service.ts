/**
 * The order of effects for sessions. An access token is made by the bridge before anything is
 * written: a bridge that does not answer uses up no challenge and no refresh token. A refresh token
 * works once; two requests with one of them end the session, whichever came first (RFC 9700 section
 * 4.14.2).
 */
import type { SQL } from 'drizzle-orm';
import { ROLES } from '../../core/access.ts';
import { toTimestamp } from '../../core/clock.ts';
import { equalConstantTime, hashCredential } from '../../core/crypto/api-key.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { ChallengeForm } from '../../core/sessions/challenge.ts';
import { LIMITS } from '../../core/sessions/limits.ts';
import {
  createFamily,
  encodeRefreshToken,
  FAMILY_BYTES,
  hashFamily,
  parseRefreshToken,
  type RefreshTokenParts,
  SECRET_BYTES,
} from '../../core/sessions/refresh-token.ts';
import { sessionParties } from '../../core/sessions/session-token.ts';
import { guard } from '../../db/guards.ts';
import { commit } from '../../http/commit.ts';
import { closePage, openPage, type PageQuery } from '../../http/pagination.ts';
import { newId, type RequestContext, randomBytes } from '../../http/request-context.ts';
import {
  displaceOldest,
  endSession,
  insertSession,
  listSessionRows,
  loadSession,
  loadSessionWithAccount,
  refreshUnused,
  rotateSession,
  type SessionRow,
} from './store.ts';

const DAY_MS = 86_400_000;

const toSession = (row: SessionRow, now: number) => ({
  id: row.sessionId,
  accountId: row.accountId,
  walletId: row.walletId,
  address: row.address,
  network: row.network,
  form: row.form,
  layout: row.layout,
  signingPublicKey: row.signingKey,
  status: statusOf(row, now),
  signedInAt: toTimestamp(row.signedInAt),
  refreshedAt: toTimestamp(row.refreshedAt),
  expiresAt: toTimestamp(row.expiresAt),
  endedAt: row.endedAt === null ? null : toTimestamp(row.endedAt),
  endReason: row.endReason,
});

function statusOf(row: SessionRow, now: number): 'open' | 'expired' | 'ended' {
  if (row.endedAt !== null) return 'ended';
  return row.expiresAt <= now ? 'expired' : 'open';
}

const expiryOf = (signedInAt: number, now: number): number =>
  Math.min(
    now + LIMITS.refreshTokenDays.value * DAY_MS,
    signedInAt + LIMITS.sessionDays.value * DAY_MS,
  );

interface Tokens {
  readonly accessToken: string;
  readonly accessTokenExpiresAt: string;
  readonly refreshToken: string;
}

/** A next pair of tokens; nothing is written. */
async function createTokens(
  { env, settings }: RequestContext,
  row: Pick<SessionRow, 'sessionId' | 'accountId' | 'address'>,
  parts: RefreshTokenParts,
): Promise<Result<Tokens, 'signing.unconfigured'>> {
  const { sessionId, accountId, address } = row;
  const parties = sessionParties(settings.ENVIRONMENT);
  const signed = await env.BRIDGE.signSession({ ...parties, sessionId, accountId, address });
  if (!signed.ok) return signed;
  return ok({
    accessToken: signed.value.token,
    accessTokenExpiresAt: toTimestamp(signed.value.expiresAt),
    refreshToken: encodeRefreshToken(parts, randomBytes(SECRET_BYTES)),
  });
}

const toAnswer = (row: SessionRow, tokens: Tokens, now: number) => ({
  tokenType: 'Bearer' as const,
  ...tokens,
  session: toSession(row, now),
});

export interface SignedIn {
  readonly accountId: string;
  readonly walletId: string;
  readonly address: string;
  readonly network: string;
  readonly form: ChallengeForm;
  readonly layout: string;
  readonly signingKey: string | null;
}

/** The statements that open a session, and the answer that shows its tokens this once. */
export async function openSession(context: RequestContext, signedIn: SignedIn) {
  const { now, db } = context;
  const sessionId = newId('session', now);
  const parts = { sessionId, family: createFamily(randomBytes(FAMILY_BYTES)) };
  const tokens = await createTokens(context, { sessionId, ...signedIn }, parts);
  if (!tokens.ok) return tokens;
  const row: SessionRow = {
    sessionId,
    ...signedIn,
    familyHash: hashFamily(parts),
    refreshHash: hashCredential(tokens.value.refreshToken),
    signedInAt: now,
    refreshedAt: now,
    expiresAt: expiryOf(now, now),
    endedAt: null,
    endReason: null,
  };
  const statements: readonly SQL[] = [
    displaceOldest(signedIn.accountId, now),
    insertSession(db, row).getSQL(),
  ];
  const body = toAnswer(row, tokens.value, now);
  return ok({ statements, body, actor: actingAs(context, row) });
}

/** The same request in the name of the session: the actor of its audit line. */
const actingAs = (context: RequestContext, row: SessionRow): RequestContext => ({
  ...context,
  principal: {
    kind: 'session',
    sessionId: row.sessionId,
    accountId: row.accountId,
    scopes: ROLES.admin,
    accountStatus: 'active',
    address: row.address,
    network: row.network,
    signedInAt: row.signedInAt,
    expiresAt: row.expiresAt,
    signingKey: row.signingKey,
    // It has been let in; nothing more is asked of this request.
    requestSignatures: 'optional',
  },
});

/** The open session of a refresh token of its family, be it the last one or an earlier. */
async function findByToken(context: RequestContext, token: string) {
  const parts = parseRefreshToken(token);
  if (parts === null) return undefined;
  const found = await loadSessionWithAccount(context.db, parts.sessionId);
  if (!found || !equalConstantTime(found.session.familyHash, hashFamily(parts))) return undefined;
  const isOpen = statusOf(found.session, context.now) === 'open';
  return isOpen && found.walletStands && found.status !== 'deleted'
    ? { ...found, parts }
    : undefined;
}

export async function refreshSession(context: RequestContext, token: string) {
  const found = await findByToken(context, token);
  if (!found) return err('sessions.refresh_refused');
  const { session, status, parts } = found;
  if (!equalConstantTime(session.refreshHash, hashCredential(token)))
    return endForReuse(context, session);
  if (status === 'suspended') return err('account.suspended');
  const tokens = await createTokens(context, session, parts);
  if (!tokens.ok) return tokens;
  const { now } = context;
  const row: SessionRow = {
    ...session,
    refreshHash: hashCredential(tokens.value.refreshToken),
    refreshedAt: now,
    expiresAt: expiryOf(session.signedInAt, now),
  };
  const done = await commit(actingAs(context, session), {
    statements: [guard('revision', refreshUnused(session, now)), rotateSession(row)],
    accountId: session.accountId,
    target: { kind: 'session', id: session.sessionId },
    guards: { revision: { code: 'sessions.refresh_refused' } },
    answer: { status: 200, body: toAnswer(row, tokens.value, now) },
  });
  // Somebody else has used it between the reading and the writing.
  return done.ok ? done : endForReuse(context, session);
}

async function endForReuse(context: RequestContext, session: SessionRow) {
  await endWith(actingAs(context, session), session, 'refresh_reused');
  return err('sessions.refresh_refused');
}

const endWith = (
  context: RequestContext,
  { sessionId, accountId }: SessionRow,
  reason: NonNullable<SessionRow['endReason']>,
) =>
  commit(context, {
    statements: [endSession(sessionId, context.now, reason)],
    accountId,
    target: { kind: 'session', id: sessionId },
    details: { reason },
    answer: { status: 204, body: null },
  });

/** RFC 7009: whoever holds a token of the session may end it; an unknown one is answered the same. */
export async function signOut(context: RequestContext, token: string) {
  const found = await findByToken(context, token);
  if (!found) return ok({ status: 204, body: null } as const);
  return endWith(actingAs(context, found.session), found.session, 'signed_out');
}

export async function listSessions(
  context: RequestContext,
  accountId: string,
  query: PageQuery & { readonly status?: 'open' | 'ended' | undefined },
) {
  const page = openPage(query);
  if (!page.ok) return page;
  const rows = await listSessionRows(context.db, {
    accountId,
    status: query.status,
    now: context.now,
    before: page.value.after,
    limit: page.value.rows,
  });
  const body = closePage(rows, query.limit, {
    keyOf: (row) => row.sessionId,
    toItem: (row) => toSession(row, context.now),
  });
  return ok({ status: 200, body } as const);
}

export async function revokeSession(context: RequestContext, accountId: string, sessionId: string) {
  const row = await loadSession(context.db, accountId, sessionId);
  if (!row) return err('request.not_found');
  if (row.endedAt !== null) return ok({ status: 204, body: null } as const);
  return endWith(context, row, 'revoked');
}
