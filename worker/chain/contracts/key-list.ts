/** Lists of public keys, as NeoToken and RoleManagement answer them. */
import type { PublicKey } from '../../core/neo/public-key.ts';
import type { StackItem } from '../../core/neo/vm/stack-item.ts';
import { asList, asPublicKey } from '../../core/neo/vm/stack-item-values.ts';

/** Null as soon as one of them is no key. */
export function asPublicKeys(item: StackItem): readonly PublicKey[] | null {
  const keys = asList(item)?.map(asPublicKey);
  const known = keys?.flatMap((key) => (key === null ? [] : [key]));
  return known && known.length === keys?.length ? known : null;
}
