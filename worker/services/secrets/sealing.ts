/**
 * The one place where a value of a secret is seen by this Worker: checked for its size and handed
 * to the bridge, bound to account, name and version, so that a sealed value moved to any other
 * place does not open.
 */
import { err, ok, type Result } from '../../core/result.ts';
import { dataKeyOf, type VaultAccess } from './data-keys.ts';
import { LIMITS } from './limits.ts';

export interface SecretPlace {
  readonly accountId: string;
  readonly name: string;
  readonly version: number;
}

export const sealContext = ({ name, version }: Omit<SecretPlace, 'accountId'>) =>
  ['secret', name, String(version)] as const;

export function encodeValue(value: string): Result<Uint8Array, 'secrets.value_too_large'> {
  const plaintext = new TextEncoder().encode(value);
  const limit = LIMITS.secretValueBytesMax.value;
  return plaintext.length > limit
    ? err('secrets.value_too_large', { limit, observed: plaintext.length })
    : ok(plaintext);
}

/** `wrappedKey` is the account's data key where the caller has read it already. */
export async function sealValue(
  access: VaultAccess,
  place: SecretPlace,
  { plaintext, wrappedKey }: { readonly plaintext: Uint8Array; readonly wrappedKey: string | null },
): Promise<Result<Uint8Array>> {
  const { accountId } = place;
  const key = wrappedKey === null ? await dataKeyOf(access, accountId) : ok(wrappedKey);
  if (!key.ok) return key;
  const sealed = await access.env.BRIDGE.seal({
    accountId,
    wrappedKey: key.value,
    items: [{ context: sealContext(place), plaintext }],
  });
  if (!sealed.ok) return sealed;
  const [item] = sealed.value;
  return item === undefined ? err('upstream.unavailable') : ok(item);
}
