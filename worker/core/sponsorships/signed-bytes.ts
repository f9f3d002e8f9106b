/**
 * The last look before the sponsor signs (money rules M20, M22): the bytes that came back are
 * decoded again and held against the ones that were simulated and paid for. Each rule has a code of
 * its own, in this precedence: the sponsor comes first; with scope None exactly; no user signs
 * Global; no attribute; the window; the script; the fees; the other signers; and then every byte.
 */
import { hash256Of } from '../neo/hash256.ts';
import type { ScriptHash } from '../neo/script-hash.ts';
import type { Signer } from '../neo/transaction/signer.ts';
import { decodeUnsigned, type UnsignedTransaction } from '../neo/transaction/transaction.ts';
import { err, ok, type Result } from '../result.ts';

export type BytesRefusal =
  | 'sponsorships.bytes_malformed'
  | 'sponsorships.sponsor_not_first'
  | 'sponsorships.sponsor_scope'
  | 'sponsorships.user_scope_global'
  | 'sponsorships.attribute_foreign'
  | 'sponsorships.window_exceeded'
  | 'sponsorships.script_differs'
  | 'sponsorships.fees_differ'
  | 'sponsorships.signers_differ'
  | 'sponsorships.bytes_differ';

export interface Prepared {
  /** As it was simulated and stored. */
  readonly unsigned: Uint8Array;
  readonly sponsor: ScriptHash;
  /** The network had reached it when it was prepared. */
  readonly preparedHeight: number;
  /** M22: the most blocks after that. */
  readonly windowBlocks: number;
}

export function checkSignedBytes(
  prepared: Prepared,
  bytes: Uint8Array,
): Result<UnsignedTransaction, BytesRefusal> {
  const own = decodeUnsigned(prepared.unsigned);
  const final = decodeUnsigned(bytes);
  if (!own.ok || !final.ok) return err('sponsorships.bytes_malformed');
  const code = refusalOf(prepared, own.value, final.value);
  if (code !== null) return err(code);
  // Whatever no rule above names, such as the nonce: the hash is what everybody signs.
  const isSame = hash256Of(bytes) === hash256Of(prepared.unsigned);
  return isSame ? ok(final.value) : err('sponsorships.bytes_differ');
}

function refusalOf(
  { sponsor, preparedHeight, windowBlocks }: Prepared,
  own: UnsignedTransaction,
  final: UnsignedTransaction,
): BytesRefusal | null {
  const [first, ...users] = final.signers;
  if (first?.account !== sponsor) return 'sponsorships.sponsor_not_first';
  if (!isNone(first.scopes)) return 'sponsorships.sponsor_scope';
  if (users.some(({ scopes }) => scopes === 'Global')) return 'sponsorships.user_scope_global';
  if (final.attributes.length > 0) return 'sponsorships.attribute_foreign';
  const blocks = final.validUntilBlock - preparedHeight;
  if (blocks < 1 || blocks > windowBlocks) return 'sponsorships.window_exceeded';
  if (!isSameScript(final.script, own.script)) return 'sponsorships.script_differs';
  if (final.systemFee !== own.systemFee || final.networkFee !== own.networkFee)
    return 'sponsorships.fees_differ';
  return isSameSigners(final.signers, own.signers) ? null : 'sponsorships.signers_differ';
}

/** A list that is given and empty is a scope all the same, and another transaction. */
const isNone = (scopes: Signer['scopes']): boolean =>
  scopes !== 'Global' &&
  !scopes.calledByEntry &&
  scopes.contracts === undefined &&
  scopes.groups === undefined &&
  scopes.rules === undefined;

const isSameScript = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, index) => byte === other[index]);

const isSameSigners = (one: readonly Signer[], other: readonly Signer[]): boolean =>
  JSON.stringify(one) === JSON.stringify(other);
