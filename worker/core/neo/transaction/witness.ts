/**
 * The proof that a signer agreed: a script that pushes the arguments (signatures) and the script
 * that checks them, whose hash is the signer's account. A contract's witness has no verification
 * script; its own `verify` method runs instead.
 */
import { assert } from '../../assert.ts';
import type { ByteReader } from '../byte-reader.ts';
import type { ByteWriter } from '../byte-writer.ts';
import { LIMITS } from './limits.ts';
import { sizeOfVarBytes } from './var-size.ts';

export interface Witness {
  readonly invocation: Uint8Array;
  readonly verification: Uint8Array;
}

const SCRIPT_BYTES_MAX = LIMITS.witnessScriptBytesMax.value;

export function writeWitness(writer: ByteWriter, { invocation, verification }: Witness): void {
  assert(invocation.length <= SCRIPT_BYTES_MAX, 'an invocation script within its bound');
  assert(verification.length <= SCRIPT_BYTES_MAX, 'a verification script within its bound');
  writer.varBytes(invocation).varBytes(verification);
}

export const readWitness = (reader: ByteReader): Witness => ({
  invocation: reader.varBytes(SCRIPT_BYTES_MAX, 'invocation script'),
  verification: reader.varBytes(SCRIPT_BYTES_MAX, 'verification script'),
});

export const sizeOfWitness = ({ invocation, verification }: Witness): number =>
  sizeOfVarBytes(invocation.length) + sizeOfVarBytes(verification.length);
