/**
 * The transactions of an intent, written from what was stored. A template is the intent's
 * transaction with nonce, fees and validUntilBlock 0; every attempt is that, or for a cancelling
 * one an empty script by the same sender, with its own numbers and the Conflicts of its
 * predecessors. Nothing from the outside but numbers gets into the bytes (money rule M20).
 */
import type { Hash256 } from '../neo/hash256.ts';
import type { Attribute } from '../neo/transaction/attribute.ts';
import {
  decodeUnsigned,
  encodeUnsigned,
  faultOfUnsigned,
  type UnsignedTransaction,
} from '../neo/transaction/transaction.ts';
import { NO_SCOPES } from '../neo/transaction/witness-scope.ts';
import type { AttemptKind, SenderIdentity } from './intent.ts';

/** `RET`: costs nothing and does nothing. */
const NOTHING_TO_DO = Uint8Array.of(0x40);

export interface DraftOf {
  readonly sender: SenderIdentity;
  readonly kind: AttemptKind;
  readonly template: Uint8Array;
  /** Hashes of all attempts that may still be included. */
  readonly conflicts: readonly Hash256[];
}

export interface Numbers {
  readonly nonce: number;
  readonly systemFee: bigint;
  readonly networkFee: bigint;
  readonly validUntilBlock: number;
}

const NO_NUMBERS: Numbers = { nonce: 0, systemFee: 0n, networkFee: 0n, validUntilBlock: 0 };

/** Why these bytes are no template of this sender; null when they are one. */
export function faultOfTemplate(template: Uint8Array, sender: SenderIdentity): string | null {
  const decoded = decodeUnsigned(template);
  if (!decoded.ok) return decoded.malformed.reason;
  const { signers, attributes, nonce, systemFee, networkFee, validUntilBlock } = decoded.value;
  if (signers[0]?.account !== sender.account) return 'the first signer is not this wallet';
  // The sender writes them itself, and a foreign one could void another intent of the wallet.
  if (attributes.some(({ type }) => type === 'Conflicts')) return 'a Conflicts attribute';
  const isBlank = nonce === 0 && systemFee === 0n && networkFee === 0n && validUntilBlock === 0;
  return isBlank ? null : 'a template with numbers of its own';
}

/** Null when the attributes do not fit: signers and attributes share 16 places. */
export function draftAttempt(of: DraftOf, numbers: Numbers = NO_NUMBERS): Uint8Array | null {
  const conflicts = of.conflicts.map((hash): Attribute => ({ type: 'Conflicts', hash }));
  const plain = of.kind === 'cancel' ? cancelling(of.sender) : templateOf(of.template);
  if (plain === null) return null;
  const transaction = { ...plain, ...numbers, attributes: [...plain.attributes, ...conflicts] };
  return faultOfUnsigned(transaction) === null ? encodeUnsigned(transaction) : null;
}

/** One signer in common with the victim is enough, and the sender is in all of them. */
const cancelling = ({ account }: SenderIdentity): UnsignedTransaction => ({
  ...NO_NUMBERS,
  signers: [{ account, scopes: NO_SCOPES }],
  attributes: [],
  script: NOTHING_TO_DO,
});

function templateOf(template: Uint8Array): UnsignedTransaction | null {
  const decoded = decodeUnsigned(template);
  return decoded.ok ? decoded.value : null;
}
