/**
 * The hash a contract gets when it is deployed: that of a script over who deploys it, the checksum
 * of its NEF and the name in its manifest. It is known in advance, it keeps through updates, and it
 * is the same on every network, so a contract hash alone never says which network is meant.
 */
import { assert } from '../assert.ts';
import { ScriptBuilder } from './script-builder.ts';
import { type ScriptHash, scriptHashOf } from './script-hash.ts';

export interface Deployment {
  /** The first signer of the transaction that deploys. */
  readonly sender: ScriptHash;
  readonly nefChecksum: number;
  readonly name: string;
}

export function contractHashOf({ sender, nefChecksum, name }: Deployment): ScriptHash {
  assert(nefChecksum >>> 0 === nefChecksum, 'a checksum of 32 bits');
  const script = new ScriptBuilder()
    .opcode('ABORT')
    .pushHash160(sender)
    .pushInteger(BigInt(nefChecksum))
    .pushString(name);
  return scriptHashOf(script.toBytes());
}
