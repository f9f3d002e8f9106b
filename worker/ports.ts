/**
 * What the services give to the HTTP layer (http/open-request.ts): look-ups and records of
 * authentication.
 */

import type { SessionPublicKey } from './core/sessions/session-token.ts';
import { connect } from './db/connect.ts';
import type { Env } from './env.ts';
import type { AppPorts } from './http/open-request.ts';
import { loadAccountStatus } from './services/accounts/index.ts';
import { findKey, recordUse } from './services/keys/index.ts';
import { findSession } from './services/sessions/index.ts';

/**
 * As long as a credential is remembered; an account deleted meanwhile is found gone within 30 s.
 */
const KNOWN_FOR_MS = 20_000;
const KNOWN_MAX = 10_000;
const knownUntil = new Map<string, number>();

/** For tests, which wipe storage under a living isolate. */
export function forgetAccounts(): void {
  knownUntil.clear();
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
  accountExists: async (env, accountId, now) => {
    if ((knownUntil.get(accountId) ?? 0) > now) return true;
    knownUntil.delete(accountId);
    const status = await loadAccountStatus(connect(env.DB), accountId);
    if (status === undefined || status === 'deleted') return false;
    if (knownUntil.size >= KNOWN_MAX) knownUntil.clear();
    knownUntil.set(accountId, now + KNOWN_FOR_MS);
    return true;
  },
};
