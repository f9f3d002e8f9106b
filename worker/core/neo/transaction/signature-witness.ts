/**
 * Witnesses of accounts of one key and of m of n keys: the invocation script that pushes the
 * signatures, in the order of the keys and exactly m of them, and the judgement that a node would
 * pass on it. Only the form that every wallet writes is taken for valid (`0c 40` and the signature,
 * for each), and what is not such an account is left to a node.
 */

import { decodeWhole } from '../byte-reader.ts';
import { ByteWriter } from '../byte-writer.ts';
import type { PublicKey } from '../public-key.ts';
import { type ScriptHash, scriptHashOf } from '../script-hash.ts';
import { SIGNATURE_BYTES, type SignatureCheck, verifySignature } from '../signature.ts';
import {
  decodeMultisigScript,
  decodeSignatureScript,
  type Multisig,
} from '../verification-script.ts';
import type { Witness } from './witness.ts';

const PUSHDATA1 = 0x0c;
/** Opcode, length, signature. */
export const SIGNATURE_PUSH_BYTES = 2 + SIGNATURE_BYTES;

/** One key is one of one here, but its script is another than that of a multisig of one key. */
export interface AccountKeys extends Multisig {
  readonly isMultisig: boolean;
}

/** The keys behind a verification script; null for any other script. */
export function decodeAccountKeys(verification: Uint8Array): AccountKeys | null {
  const publicKey = decodeSignatureScript(verification);
  if (publicKey !== null) return { threshold: 1, publicKeys: [publicKey], isMultisig: false };
  const multisig = decodeMultisigScript(verification);
  return multisig && { ...multisig, isMultisig: true };
}

export function encodeInvocation(signatures: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter();
  for (const signature of signatures) writer.u8(PUSHDATA1).u8(SIGNATURE_BYTES).bytes(signature);
  return writer.toBytes();
}

/** Null when the script pushes anything else, or in another form. */
export function decodeInvocation(invocation: Uint8Array): readonly Uint8Array[] | null {
  const decoded = decodeWhole(invocation, (reader) => {
    const signatures: Uint8Array[] = [];
    while (reader.left > 0) {
      if (reader.u8() !== PUSHDATA1 || reader.u8() !== SIGNATURE_BYTES)
        reader.refuse('not a signature');
      signatures.push(reader.bytes(SIGNATURE_BYTES));
    }
    return signatures;
  });
  return decoded.ok ? decoded.value : null;
}

export interface WitnessCheck {
  readonly witness: Witness;
  readonly account: ScriptHash;
  /** `encodeSigningMessage` of what was signed. */
  readonly message: Uint8Array;
}

/** `unjudged`: a contract or a script of its own kind, which only a node can run. */
export type WitnessVerdict = 'valid' | 'invalid' | 'unjudged';

export type Verify = (check: SignatureCheck) => boolean;

/** `verify` may know what was verified before; it is asked for nothing but that. */
export function checkWitness(
  { witness, account, message }: WitnessCheck,
  verify: Verify = verifySignature,
): WitnessVerdict {
  const { invocation, verification } = witness;
  if (verification.length === 0) return 'unjudged';
  // A script of somebody else's account would prove that somebody else agreed.
  if (scriptHashOf(verification) !== account) return 'invalid';
  const keys = decodeAccountKeys(verification);
  if (keys === null) return 'unjudged';
  const signatures = decodeInvocation(invocation);
  if (signatures?.length !== keys.threshold) return 'invalid';
  const isSigned = (publicKey: PublicKey, signature: Uint8Array) =>
    verify({ message, signature, publicKey });
  return haveKeysSigned(keys, signatures, isSigned) ? 'valid' : 'invalid';
}

/** As CheckMultisig: both lists are walked once, so signatures in another order do not count. */
function haveKeysSigned(
  { publicKeys }: Multisig,
  signatures: readonly Uint8Array[],
  isSigned: (publicKey: PublicKey, signature: Uint8Array) => boolean,
): boolean {
  let found = 0;
  for (const [index, publicKey] of publicKeys.entries()) {
    const signature = signatures[found];
    if (signature === undefined || publicKeys.length - index < signatures.length - found) break;
    if (isSigned(publicKey, signature)) found += 1;
  }
  return found === signatures.length;
}
