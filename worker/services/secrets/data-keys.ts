/**
 * The data key of an account: made by the bridge at first need, stored wrapped, one for ever (a new
 * master key wraps the same data key anew). Two first requests may both make one; the first insert
 * wins and both read back the winner, so no value is ever sealed under a key that was not stored.
 */
import { eq } from 'drizzle-orm';
import { assert } from '../../core/assert.ts';
import { ok, type Result } from '../../core/result.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { LIMITS } from './limits.ts';
import { accountDataKeys } from './tables.ts';

/** What reaches the vault: a request's context has it, and so does a worker of the queue. */
export type VaultAccess = Pick<RequestContext, 'env' | 'db' | 'now'>;

/** Bounds the isolate's memory: about 300 bytes each. */
const CACHED_MAX = 5000;
const cached = new Map<string, { readonly wrappedKey: string; readonly until: number }>();

/** For tests, whose storage begins anew in the same isolate. */
export function forgetDataKeys(): void {
  cached.clear();
}

/** The account's wrapped data key, made if there is none. */
export async function dataKeyOf(
  access: VaultAccess,
  accountId: string,
): Promise<Result<string, 'secrets.encryption_unconfigured'>> {
  const earlier = cached.get(accountId);
  if (earlier && earlier.until > access.now) return ok(earlier.wrappedKey);
  const stored = await loadWrappedKey(access, accountId);
  const found = stored === undefined ? await makeDataKey(access, accountId) : ok(stored);
  if (found.ok) remember(accountId, found.value, access.now);
  return found;
}

/**
 * A wrapped key is no secret, but an isolate must not keep one for long after it was wrapped anew.
 */
function remember(accountId: string, wrappedKey: string, now: number): void {
  if (cached.size >= CACHED_MAX) cached.clear();
  const until = now + LIMITS.dataKeyCachedSeconds.value * 1000;
  cached.set(accountId, { wrappedKey, until });
}

async function loadWrappedKey({ db }: VaultAccess, accountId: string): Promise<string | undefined> {
  const [row] = await db
    .select({ wrappedKey: accountDataKeys.wrappedKey })
    .from(accountDataKeys)
    .where(eq(accountDataKeys.accountId, accountId));
  return row?.wrappedKey;
}

async function makeDataKey(
  { env, db, now }: VaultAccess,
  accountId: string,
): Promise<Result<string, 'secrets.encryption_unconfigured'>> {
  const made = await env.BRIDGE.createDataKey({ accountId });
  if (!made.ok) return made;
  const [, [row]] = await db.batch([
    db
      .insert(accountDataKeys)
      .values({ accountId, ...made.value, updatedAt: now })
      .onConflictDoNothing(),
    db
      .select({ wrappedKey: accountDataKeys.wrappedKey })
      .from(accountDataKeys)
      .where(eq(accountDataKeys.accountId, accountId)),
  ]);
  assert(row !== undefined, 'a data key that was inserted can be read back');
  return ok(row.wrappedKey);
}
