/** What the services give to the HTTP layer (http/open-request.ts): look-ups and records of authentication. */
import { connect } from './db/connect.ts';
import type { AppPorts } from './http/open-request.ts';
import { loadAccountStatus } from './services/accounts/index.ts';
import { findKey, recordUse } from './services/keys/index.ts';

export const ports: AppPorts = {
  findKey,
  recordUse,
  recordRefusal: (env, refusal) =>
    env.ACCOUNT_JOURNAL.getByName(refusal.accountId).recordRefusal({
      keyId: refusal.keyId,
      reason: refusal.reason,
      operation: 'auth.refused',
      actor: { kind: 'apiKey', id: refusal.keyId },
    }),
  accountExists: async (env, accountId) => {
    const status = await loadAccountStatus(connect(env.DB), accountId);
    return status !== undefined && status !== 'deleted';
  },
};
