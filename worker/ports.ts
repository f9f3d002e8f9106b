/**
 * What the services give to the HTTP layer (http/open-request.ts): look-ups and records of
 * authentication.
 */

import type { SessionPublicKey } from './core/sessions/session-token.ts';
import { connect } from './db/connect.ts';
import type { Env } from './env.ts';
import type { AppPorts, FoundAccount } from './http/open-request.ts';
import { loadStanding } from './services/accounts/index.ts';
import { findKey, recordUse } from './services/keys/index.ts';
import { findSession } from './services/sessions/index.ts';

/**
 * As long as a credential is remembered; an account deleted meanwhile is found gone within 30 s.
 */
const KNOWN_FOR_MS = 20_000;
const KNOWN_MAX = 10_000;
const knownAccounts = new Map<string, FoundAccount & { readonly until: number }>();

/** For tests, which wipe storage under a living isolate. */
export function forgetAccounts(): void {
  knownAccounts.clear();
}

interface KnownKey {
  readonly key: SessionPublicKey | undefined;
  readonly until: number;
}
let sessionKey: KnownKey | undefined;

/** For tests, which give the bridge another key. */
export function forgetSessionKey(): void {
  sessionKey = undefined;
}

/** Undefined while the bridge has no key: no token is sound then. */
async function loadSessionKey(env: Env, now: number): Promise<SessionPublicKey | undefined> {
  if (sessionKey !== undefined && sessionKey.until > now) return sessionKey.key;
  const answer = await env.BRIDGE.sessionPublicKey();
  const key = answer.ok ? answer.value : undefined;
  // The bridge's answer may be a stub of its own request; what is kept is a copy.
  sessionKey = { key: key && structuredClone(key), until: now + KNOWN_FOR_MS };
  return sessionKey.key;
}

export const ports: AppPorts = {
  findKey,
  findSession,
  sessionKey: loadSessionKey,
  recordUse,
  recordRefusal: (env, refusal, request) =>
    env.ACCOUNT_JOURNAL.getByName(refusal.accountId).recordRefusal({
      keyId: refusal.keyId,
      reason: refusal.reason,
      operation: 'auth.refused',
      actor: { kind: 'apiKey', id: refusal.keyId },
      ...request,
    }),
  findAccount: async (env, accountId, now) => {
    const known = knownAccounts.get(accountId);
    if (known !== undefined && known.until > now) return known;
    knownAccounts.delete(accountId);
    const standing = await loadStanding(connect(env.DB), accountId);
    if (standing === undefined || standing.status === 'deleted') return undefined;
    const { requestSignatures } = standing;
    if (knownAccounts.size >= KNOWN_MAX) knownAccounts.clear();
    knownAccounts.set(accountId, { requestSignatures, until: now + KNOWN_FOR_MS });
    return { requestSignatures };
  },
};
