/** What authentication asks of API keys. */
import { type SQL, sql } from 'drizzle-orm';
import { connect } from '../../db/connect.ts';
import type { Env } from '../../env.ts';
import type { FoundKey } from '../../http/authenticate.ts';
import { bindingOf, loadKeyWithAccount, saveLastUsed } from './store.ts';

export { creatorLasts } from './service.ts';

export async function findKey(env: Env, keyId: string): Promise<FoundKey | undefined> {
  const row = await loadKeyWithAccount(connect(env.DB), keyId);
  if (!row) return undefined;
  const { accountId, scopes, expiresAt, hash, revokedAt, lastUsedAt, signingKey } = row.key;
  const publishable = bindingOf(row.key);
  return {
    principal: {
      kind: 'apiKey',
      keyId,
      accountId,
      scopes,
      expiresAt: earlier(expiresAt, revokedAt),
      accountStatus: row.status,
      signingKey,
      // What it can cost is bounded by its policy, and a page can keep no key for signatures.
      requestSignatures: publishable ? 'optional' : row.requestSignatures,
      ...(publishable && { publishable }),
    },
    hash,
    revokedAt,
    lastUsedAt,
  };
}

/** The end of a rotated key is known ahead; a key it makes may not outlive that either. */
const earlier = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? (one ?? other) : Math.min(one, other);

export const recordUse = (env: Env, keyId: string, now: number): Promise<unknown> =>
  saveLastUsed(connect(env.DB), keyId, now);

/** Removes the keys of an account that is being purged. */
export const purgeKeysOf = (accountId: string): readonly SQL[] => [
  sql`DELETE FROM api_keys WHERE account_id = ${accountId}`,
];
