/**
 * What approvals of a transaction are given to (money rules M16, M19): all that is sent, on which
 * network, what it may cost, who may approve and until when. It is fixed with the proposal, so
 * nothing in it can change under an approval that was given.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { sha256Canonical } from '../canonical-json.ts';
import { encodeHex } from '../neo/hex.ts';
import type { ScriptHash } from '../neo/script-hash.ts';

export interface Intended {
  readonly accountId: string;
  readonly transactionId: string;
  readonly network: string;
  readonly networkMagic: number;
  readonly sender: ScriptHash;
  /** The transaction as far as it is fixed: signers, attributes and script. */
  readonly unsigned: Uint8Array;
  readonly systemFeeMax: number;
  readonly networkFeeMax: number;
  readonly windowBlocks: number;
  /** k of these; null and none where nobody has to approve. */
  readonly threshold: number | null;
  readonly approvers: readonly string[];
  readonly expiresAt: number | null;
}

/** 64 hexadecimal digits. */
export const hashIntent = ({ unsigned, approvers, ...plain }: Intended): string =>
  sha256Canonical({
    accountId: plain.accountId,
    transactionId: plain.transactionId,
    network: plain.network,
    networkMagic: plain.networkMagic,
    sender: plain.sender,
    unsigned: encodeHex(sha256(unsigned)),
    systemFeeMax: plain.systemFeeMax,
    networkFeeMax: plain.networkFeeMax,
    windowBlocks: plain.windowBlocks,
    threshold: plain.threshold,
    approvers: approvers.toSorted(),
    expiresAt: plain.expiresAt,
  });

/** What somebody asked for under an id of his own. */
export interface Wish {
  readonly walletId: string;
  /** Signers, attributes and script, by an account that does not matter. */
  readonly template: Uint8Array;
  readonly systemFeeMax?: bigint | undefined;
  readonly networkFeeMax?: bigint | undefined;
  readonly windowBlocks?: number | undefined;
  readonly expiresInMinutes?: number | undefined;
  readonly note?: string | undefined;
}

/** Tells another wish under the same id from the same one, asked again. */
export const hashWish = (wish: Wish): string =>
  sha256Canonical({
    walletId: wish.walletId,
    template: encodeHex(sha256(wish.template)),
    systemFeeMax: wish.systemFeeMax?.toString() ?? null,
    networkFeeMax: wish.networkFeeMax?.toString() ?? null,
    windowBlocks: wish.windowBlocks ?? null,
    expiresInMinutes: wish.expiresInMinutes ?? null,
    note: wish.note ?? null,
  });
