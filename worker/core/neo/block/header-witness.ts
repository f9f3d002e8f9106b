/**
 * Whether a header follows the one before and was signed by the consensus that one names (money
 * rule M6): from one trusted block on, inclusion and absence of transactions are then judged without
 * trusting any node. dBFT is final at one block, so a header that passes is the chain's; it says
 * nothing of what a script did, which only a quorum of nodes can tell.
 */
import { decodeWhole } from '../byte-reader.ts';
import type { Hash256 } from '../hash256.ts';
import { type ScriptHash, scriptHashOf } from '../script-hash.ts';
import { readInstruction } from '../script-reader.ts';
import { SIGNATURE_BYTES, verifySignature } from '../signature.ts';
import { encodeSigningMessage } from '../transaction/transaction.ts';
import type { Witness } from '../transaction/witness.ts';
import { decodeMultisigScript, type Multisig } from '../verification-script.ts';
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
  return isSigned(header.witness, message) ? null : 'signatures';
}

/** What the next header is checked against. */
export const toVerifiedBlock = (header: Header): VerifiedBlock => ({
  hash: hashHeader(header),
  index: header.index,
  nextConsensus: header.nextConsensus,
  timeMs: header.timeMs,
});

/** As System.Crypto.CheckMultisig has it: exactly m signatures, in the order of their keys. */
function isSigned({ invocation, verification }: Witness, message: Uint8Array): boolean {
  const multisig = decodeMultisigScript(verification);
  const signatures = decodeSignatures(invocation);
  if (!multisig || signatures?.length !== multisig.threshold) return false;
  return haveKeysSigned(multisig, signatures, message);
}

function haveKeysSigned(
  { publicKeys }: Multisig,
  signatures: readonly Uint8Array[],
  message: Uint8Array,
): boolean {
  let found = 0;
  for (const [index, publicKey] of publicKeys.entries()) {
    const signature = signatures[found];
    // Each key is tried once: with fewer keys left than signatures, no order can succeed.
    if (signature === undefined || publicKeys.length - index < signatures.length - found) break;
    if (verifySignature({ message, signature, publicKey })) found += 1;
  }
  return found === signatures.length;
}

/** Null unless the script only pushes signatures. */
function decodeSignatures(invocation: Uint8Array): readonly Uint8Array[] | null {
  const decoded = decodeWhole(invocation, (reader) => {
    const signatures: Uint8Array[] = [];
    while (reader.left > 0) {
      const { opcode, operand } = readInstruction(reader);
      if (opcode !== 'PUSHDATA1' || operand.length !== SIGNATURE_BYTES)
        reader.refuse('not a signature');
      signatures.push(operand);
    }
    return signatures;
  });
  return decoded.ok ? decoded.value : null;
}
