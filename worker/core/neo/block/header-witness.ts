/**
 * Whether a header follows the one before and was signed by the consensus that one names (money
 * rule M6): from one trusted block on, inclusion and absence of transactions are then judged without
 * trusting any node. dBFT is final at one block, so a header that passes is the chain's; it says
 * nothing of what a script did, which only a quorum of nodes can tell.
 */
import type { Hash256 } from '../hash256.ts';
import { type ScriptHash, scriptHashOf } from '../script-hash.ts';
import { checkWitness } from '../transaction/signature-witness.ts';
import { encodeSigningMessage } from '../transaction/transaction.ts';
import { type Header, hashHeader } from './header.ts';

/** What is known of a verified block, or configured of a checkpoint. */
export interface VerifiedBlock {
  readonly hash: Hash256;
  readonly index: number;
  readonly nextConsensus: ScriptHash;
  /** Null for a checkpoint, whose time nobody wrote down. */
  readonly timeMs: number | null;
}

export type HeaderFault =
  /** Its index is not the next one. */
  | 'index'
  /** It follows another block: a node on another chain, or a lie. */
  | 'previous_hash'
  /** Not later than the block before. */
  | 'time'
  /** The script is not that of the account that had to sign. */
  | 'consensus'
  /** Too few, too many, in another order, by others, or for another network. */
  | 'signatures';

export interface HeaderCheck {
  readonly header: Header;
  readonly previous: VerifiedBlock;
  readonly networkMagic: number;
}

/** Null when the header is the chain's next one. */
export function faultOfHeader({ header, previous, networkMagic }: HeaderCheck): HeaderFault | null {
  if (header.index !== previous.index + 1) return 'index';
  if (header.previousHash !== previous.hash) return 'previous_hash';
  if (previous.timeMs !== null && header.timeMs <= previous.timeMs) return 'time';
  if (scriptHashOf(header.witness.verification) !== previous.nextConsensus) return 'consensus';
  const message = encodeSigningMessage(networkMagic, hashHeader(header));
  const account = previous.nextConsensus;
  const verdict = checkWitness({ witness: header.witness, account, message });
  return verdict === 'valid' ? null : 'signatures';
}

/** What the next header is checked against. */
export const toVerifiedBlock = (header: Header): VerifiedBlock => ({
  hash: hashHeader(header),
  index: header.index,
  nextConsensus: header.nextConsensus,
  timeMs: header.timeMs,
});
