/**
 * The gas account of a wallet. Functions of the earlier platform name gas accounts by the wallet they
 * are for, which may be any text: an address of Neo N3, its script hash, or a name of the user's own.
 * One wallet has one gas account in each book, in whichever way it is written.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { parseAddress } from '../neo/address.ts';
import { parseScriptHash } from '../neo/script-hash.ts';

/** As long as a script hash, so that both kinds look alike and neither can be the other. */
const NAME_HEX = 40;

export function fundOfWallet(wallet: string): string {
  const text = wallet.trim();
  const account = parseAddress(text) ?? parseScriptHash(text);
  if (account !== null) return `wallet-${account.slice(2)}`;
  // The earlier platform took names in any case for the same.
  return `name-${bytesToHex(sha256(utf8ToBytes(text.toLowerCase()))).slice(0, NAME_HEX)}`;
}
