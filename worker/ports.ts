/**
 * What the services give to the HTTP layer (http/open-request.ts): look-ups and records of
 * authentication.
 */
import { connect } from './db/connect.ts';
import type { AppPorts } from './http/open-request.ts';
import { loadAccountStatus } from './services/accounts/index.ts';
import { findKey, recordUse } from './services/keys/index.ts';

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

export const ports: AppPorts = {
  findKey,
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
