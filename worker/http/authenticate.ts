/**
 * From an `Authorization` header to a principal, in one place. Unknown, malformed, expired and
 * revoked credentials all get the same refusal, so an answer never tells which it was. Nothing is
 * decided about access here (core/access.ts).
 *
 * Isolates remember a credential for at most 20 s, status and scopes included, and a miss for 2 s:
 * a revocation or a suspension holds everywhere within 30 s. Before a look-up is made for a
 * credential this isolate does not know, a token of the caller's address is taken, so a flood of
 * invented keys ends at the rate limit and not at the database.
 */
import type { Principal } from '../core/access.ts';
import { equalConstantTime, hashCredential, parseApiKey } from '../core/crypto/api-key.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { OperatorToken } from '../env.ts';

/** A credential that was found, whatever state it is in. */
export interface FoundKey {
  readonly principal: Extract<Principal, { kind: 'apiKey' }>;
  readonly hash: string;
  readonly revokedAt: number | null;
  readonly lastUsedAt: number | null;
}

export interface KeyRefusal {
  readonly keyId: string;
  readonly accountId: string;
  readonly reason: 'secret_mismatch' | 'revoked' | 'expired' | 'account_deleted';
}

/** What authentication needs of the outside; given by app.ts. */
export interface AuthenticationPorts {
  readonly findKey: (keyId: string) => Promise<FoundKey | undefined>;
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
  readonly found: FoundKey | undefined;
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
  const credential = /^Bearer ([\x21-\x7e]{1,512})$/i.exec(header)?.[1];
  if (credential === undefined) return err('request.unauthenticated');
  const hash = hashCredential(credential);
  const operator = findOperator(hash, request.operators);
  if (operator) return ok({ principal: { kind: 'operator', name: operator.name }, credential });
  const parts = parseApiKey(credential);
  if (!parts) return err('request.unauthenticated');
  const found = await recall(hash, parts.keyId, request.now, ports);
  if (!found.ok) return found;
  return judge(found.value, { hash, credential, now: request.now }, ports);
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

async function recall(
  hash: string,
  keyId: string,
  now: number,
  ports: AuthenticationPorts,
): Promise<Result<FoundKey | undefined, Refusal>> {
  const earlier = remembered.get(hash);
  if (earlier && earlier.until > now) return ok(earlier.found);
  const admitted = await ports.admitLookUp();
  if (!admitted.ok) return admitted;
  const found = await ports.findKey(keyId);
  const known = found !== undefined && equalConstantTime(found.hash, hash);
  remember(hash, { found, until: now + (known ? FOUND_FOR_MS : MISSED_FOR_MS) });
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
  found: FoundKey | undefined,
  presented: { readonly hash: string; readonly credential: string; readonly now: number },
  ports: AuthenticationPorts,
): Result<Authenticated, 'request.unauthenticated'> {
  if (!found) return err('request.unauthenticated');
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
