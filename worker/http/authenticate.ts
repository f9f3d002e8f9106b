/**
 * From an `Authorization` header to a principal, in one place. Unknown, malformed, expired and
 * revoked credentials all get the same refusal, so an answer never tells which it was. Nothing is
 * decided about access here (core/access.ts).
 *
 * An access token of a session is checked against the bridge's key before its session is looked up.
 *
 * Isolates remember a credential for at most 20 s, status and scopes included, and a miss for 2 s:
 * a revocation or a suspension holds everywhere within 30 s. Before a look-up is made for a
 * credential this isolate does not know, a token of the caller's address is taken, so a flood of
 * invented keys ends at the rate limit and not at the database.
 */
import type { Principal } from '../core/access.ts';
import { equalConstantTime, hashCredential, parseApiKey } from '../core/crypto/api-key.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { SessionClaims } from '../core/sessions/session-token.ts';
import type { OperatorToken } from '../env.ts';

/** A credential that was found, whatever state it is in. */
export interface FoundKey {
  readonly principal: Extract<Principal, { kind: 'apiKey' }>;
  readonly hash: string;
  readonly revokedAt: number | null;
  readonly lastUsedAt: number | null;
}

/** A session that was found by a sound token of its own. */
export interface FoundSession {
  /** Its `expiresAt` is the token's. */
  readonly principal: Extract<Principal, { kind: 'session' }>;
  /** Revoked, over, or its wallet is no longer a verified one of the account. */
  readonly hasEnded: boolean;
}

export interface KeyRefusal {
  readonly keyId: string;
  readonly accountId: string;
  readonly reason: 'secret_mismatch' | 'revoked' | 'expired' | 'account_deleted';
}

/** What authentication needs of the outside; given by app.ts. */
export interface AuthenticationPorts {
  readonly findKey: (keyId: string) => Promise<FoundKey | undefined>;
  /** The claims of a sound, current access token. */
  readonly readToken: (token: string) => Promise<SessionClaims | undefined>;
  readonly findSession: (claims: SessionClaims) => Promise<FoundSession | undefined>;
  /** Takes a token of the caller's address; a refusal ends the request. */
  readonly admitLookUp: () => Promise<Result<null, AdmissionRefusal>>;
  /** Records the refusal of a known key; coalesced by the journal. */
  readonly recordRefusal: (refusal: KeyRefusal) => void;
  /** Records use, at most once a minute a key. */
  readonly recordUse: (keyId: string) => void;
}

export interface Authenticated {
  readonly principal: Principal;
  /**
   * The credential's text, from which idempotency keys are derived; empty for anonymous callers.
   */
  readonly credential: string;
}

type AdmissionRefusal = 'request.rate_limited' | 'upstream.unavailable';
type Refusal = 'request.unauthenticated' | AdmissionRefusal;

const FOUND_FOR_MS = 20_000;
const MISSED_FOR_MS = 2_000;
/** Bounds the isolate's memory: 10,000 credentials of about 500 bytes. */
const REMEMBERED_MAX = 10_000;
const USE_RECORDED_EVERY_MS = 60_000;

interface Remembered {
  readonly found: FoundKey | FoundSession | undefined;
  readonly until: number;
}
const remembered = new Map<string, Remembered>();
const useRecordedAt = new Map<string, number>();

/** For tests, which wipe storage under a living isolate. */
export function forgetCredentials(): void {
  remembered.clear();
  useRecordedAt.clear();
}

export async function authenticate(
  header: string | null,
  request: { readonly now: number; readonly operators: readonly OperatorToken[] },
  ports: AuthenticationPorts,
): Promise<Result<Authenticated, Refusal>> {
  if (header === null) return ok({ principal: { kind: 'anonymous' }, credential: '' });
  const credential = /^Bearer ([\x21-\x7e]{1,1024})$/i.exec(header)?.[1];
  if (credential === undefined) return err('request.unauthenticated');
  const hash = hashCredential(credential);
  const operator = findOperator(hash, request.operators);
  if (operator) return ok({ principal: { kind: 'operator', name: operator.name }, credential });
  const presented = { hash, credential, now: request.now };
  if (ACCESS_TOKEN.test(credential)) return authenticateSession(presented, ports);
  const parts = parseApiKey(credential);
  if (!parts) return err('request.unauthenticated');
  const found = await recall(presented, ports, () => findKey(parts.keyId, hash, ports));
  if (!found.ok) return found;
  return judge(found.value, presented, ports);
}

/** Three parts of base64url: RFC 7515 section 7.1. No key and no operator token has two dots. */
const ACCESS_TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+$/;

interface Presented {
  readonly hash: string;
  readonly credential: string;
  readonly now: number;
}

async function authenticateSession(
  presented: Presented,
  ports: AuthenticationPorts,
): Promise<Result<Authenticated, Refusal>> {
  const recalled = await recall(presented, ports, async () => {
    const claims = await ports.readToken(presented.credential);
    const found = claims && (await ports.findSession(claims));
    return { found, isRight: found !== undefined };
  });
  if (!recalled.ok) return recalled;
  const found = recalled.value;
  if (!found || !isSession(found) || found.hasEnded) return err('request.unauthenticated');
  const { principal } = found;
  if (principal.expiresAt <= presented.now || principal.accountStatus === 'deleted')
    return err('request.unauthenticated');
  return ok({ principal, credential: presented.credential });
}

const isSession = (found: FoundKey | FoundSession): found is FoundSession => 'hasEnded' in found;

async function findKey(keyId: string, hash: string, ports: AuthenticationPorts): Promise<LookedUp> {
  const found = await ports.findKey(keyId);
  return { found, isRight: found !== undefined && equalConstantTime(found.hash, hash) };
}

/**
 * Compares digests, so neither length nor prefix of a token shows in the time taken; all entries
 * are compared.
 */
function findOperator(
  hash: string,
  operators: readonly OperatorToken[],
): OperatorToken | undefined {
  const digests = digestsOf(operators);
  return operators.filter((_, index) => equalConstantTime(digests[index] ?? '', hash))[0];
}

/** The parsed setting is one array as long as the isolate lives. */
const digestsByTokens = new WeakMap<readonly OperatorToken[], readonly string[]>();

function digestsOf(operators: readonly OperatorToken[]): readonly string[] {
  const known = digestsByTokens.get(operators);
  if (known !== undefined) return known;
  const digests = operators.map(({ token }) => hashCredential(token));
  digestsByTokens.set(operators, digests);
  return digests;
}

interface LookedUp {
  readonly found: Remembered['found'];
  /** False for a miss, and for a wrong secret of a known key. */
  readonly isRight: boolean;
}

async function recall(
  { hash, now }: Presented,
  ports: AuthenticationPorts,
  lookUp: () => Promise<LookedUp>,
): Promise<Result<Remembered['found'], Refusal>> {
  const earlier = remembered.get(hash);
  if (earlier && earlier.until > now) return ok(earlier.found);
  const admitted = await ports.admitLookUp();
  if (!admitted.ok) return admitted;
  const { found, isRight } = await lookUp();
  remember(hash, { found, until: now + (isRight ? FOUND_FOR_MS : MISSED_FOR_MS) });
  return ok(found);
}

function remember(hash: string, entry: Remembered): void {
  remembered.delete(hash);
  remembered.set(hash, entry);
  if (remembered.size <= REMEMBERED_MAX) return;
  const [oldest] = remembered.keys();
  if (oldest !== undefined) remembered.delete(oldest);
}

function judge(
  found: Remembered['found'],
  presented: Presented,
  ports: AuthenticationPorts,
): Result<Authenticated, 'request.unauthenticated'> {
  if (!found || isSession(found)) return err('request.unauthenticated');
  const reason = refusalReason(found, presented);
  const { keyId, accountId } = found.principal;
  if (reason) {
    ports.recordRefusal({ keyId, accountId, reason });
    return err('request.unauthenticated');
  }
  noteUse(found, presented.now, ports);
  return ok({ principal: found.principal, credential: presented.credential });
}

function refusalReason(
  { hash, revokedAt, principal }: FoundKey,
  presented: { readonly hash: string; readonly now: number },
): KeyRefusal['reason'] | undefined {
  if (!equalConstantTime(hash, presented.hash)) return 'secret_mismatch';
  if (principal.accountStatus === 'deleted') return 'account_deleted';
  if (revokedAt !== null && revokedAt <= presented.now) return 'revoked';
  if (principal.expiresAt !== null && principal.expiresAt <= presented.now) return 'expired';
  return undefined;
}

function noteUse(found: FoundKey, now: number, ports: AuthenticationPorts): void {
  const { keyId } = found.principal;
  const last = useRecordedAt.get(keyId) ?? found.lastUsedAt ?? 0;
  if (now - last < USE_RECORDED_EVERY_MS) return;
  if (useRecordedAt.size >= REMEMBERED_MAX) useRecordedAt.clear();
  useRecordedAt.set(keyId, now);
  ports.recordUse(keyId);
}
