/** Which functions may read a secret, and how a change of that is told in the audit log. */
import type { Principal } from '../../core/access.ts';
import { LIMITS as AUDIT } from '../../core/audit/limits.ts';
import { err, ok, type Result } from '../../core/result.ts';

export const sortGrants = (functionIds: readonly string[]): readonly string[] =>
  [...new Set(functionIds)].sort();

/**
 * The attack: a key that may write secrets, but not grant them, makes one that its own function
 * reads.
 */
export function checkGranter(
  principal: Principal,
  grants: readonly string[],
): Result<null, 'request.forbidden'> {
  const may = !('scopes' in principal) || principal.scopes.includes('secrets:grant');
  return may || grants.length === 0
    ? ok(null)
    : err('request.forbidden', { detail: 'Giving `grants` needs the scope secrets:grant.' });
}

/**
 * Every id that came or went; an entry's list holds 20, so longer ones go on in `granted2`,
 * `granted3` ...
 */
export function grantFacts(
  before: readonly string[],
  after: readonly string[],
): Readonly<Record<string, readonly string[]>> {
  return {
    ...listFacts(
      'granted',
      after.filter((id) => !before.includes(id)),
    ),
    ...listFacts(
      'revoked',
      before.filter((id) => !after.includes(id)),
    ),
  };
}

/**
 * A long list as several facts of an audit entry; a list that was cut would hide what came last.
 */
export function listFacts(name: string, items: readonly string[]) {
  const size = AUDIT.auditDetailsMax.value;
  const parts = Array.from({ length: Math.ceil(items.length / size) }, (_, index) => [
    index === 0 ? name : `${name}${index + 1}`,
    items.slice(index * size, (index + 1) * size),
  ]);
  return Object.fromEntries(parts) as Record<string, readonly string[]>;
}
