/**
 * The id under which the vault pays (money rule M3): ours, over network, vault, account and
 * withdrawal, since ids that clients make are the same in two accounts, and a transaction hash or a
 * contract hash is the same on two networks. It is fixed with the row, so that whatever is sent
 * again pays once.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { assert } from '../assert.ts';
import { DOMAINS, domainSeparated } from '../crypto/domains.ts';
import { encodeScriptHash, type ScriptHash } from '../neo/script-hash.ts';

export interface PayoutName {
  readonly magic: number;
  /** Null where no vault pays: 20 zero bytes, at which there is no contract. */
  readonly vault: ScriptHash | null;
  /** An account id, or `platform`. */
  readonly accountId: string;
  readonly payoutId: string;
}

const NO_VAULT = new Uint8Array(20);

/** 32 bytes. */
export const onChainIdOf = ({ magic, vault, accountId, payoutId }: PayoutName): Uint8Array =>
  sha256(
    domainSeparated(
      DOMAINS.withdrawalId,
      u32(magic),
      vault === null ? NO_VAULT : encodeScriptHash(vault),
      counted(accountId),
      utf8ToBytes(payoutId),
    ),
  );

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

/** With its length: else the end of one text could be the beginning of the next. */
function counted(text: string): Uint8Array {
  const bytes = utf8ToBytes(text);
  assert(bytes.length < 256, 'an id is short');
  return concatBytes(Uint8Array.of(bytes.length), bytes);
}
