/**
 * Signers of a transaction: accounts whose witnesses it carries, each with the scopes in which its
 * witness counts. The first signer is the sender, who pays both fees.
 */
import type { ByteReader } from '../byte-reader.ts';
import type { ByteWriter } from '../byte-writer.ts';
import {
  decodeScriptHash,
  encodeScriptHash,
  SCRIPT_HASH_BYTES,
  type ScriptHash,
} from '../script-hash.ts';
import {
  readWitnessScopes,
  sizeOfWitnessScopes,
  type WitnessScopes,
  writeWitnessScopes,
} from './witness-scope.ts';

export interface Signer {
  readonly account: ScriptHash;
  readonly scopes: WitnessScopes;
}

export function writeSigner(writer: ByteWriter, { account, scopes }: Signer): void {
  writer.bytes(encodeScriptHash(account));
  writeWitnessScopes(writer, scopes);
}

export const readSigner = (reader: ByteReader): Signer => ({
  account: decodeScriptHash(reader.bytes(SCRIPT_HASH_BYTES)),
  scopes: readWitnessScopes(reader),
});

export const sizeOfSigner = ({ scopes }: Signer): number =>
  SCRIPT_HASH_BYTES + sizeOfWitnessScopes(scopes);
