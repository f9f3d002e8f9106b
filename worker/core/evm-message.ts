/**
 * Texts that EVM wallets sign with `personal_sign` (EIP-191, version 0x45), and the form of a
 * sign-in for them (EIP-4361). A signature names its signer by itself: the key is recovered and its
 * address compared. A contract wallet (ERC-1271) has no key and cannot answer this way.
 */
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { parseEvmAddress } from './evm-address.ts';

const SIGNATURE = /^0x([0-9a-fA-F]{128})([0-9a-fA-F]{2})$/;

const personalHash = (text: string): Uint8Array => {
  const message = utf8ToBytes(text);
  return keccak_256(
    concatBytes(utf8ToBytes(`\x19Ethereum Signed Message:\n${message.length}`), message),
  );
};

/** The address that signed, with its checksum; null for what is no signature at all. */
export function recoverPersonalSigner(text: string, signature: string): string | null {
  const [, compact = '', last = ''] = SIGNATURE.exec(signature) ?? [];
  const recovery = recoveryOf(Number.parseInt(last, 16));
  if (recovery === null) return null;
  try {
    const point = secp256k1.Signature.fromBytes(hexToBytes(compact), 'compact')
      .addRecoveryBit(recovery)
      .recoverPublicKey(personalHash(text));
    const key = point.toBytes(false).subarray(1);
    return parseEvmAddress(`0x${bytesToHex(keccak_256(key).subarray(12))}`);
  } catch {
    return null; // The library throws for numbers that are no signature: the sender's mistake.
  }
}

/** Wallets write 27 and 28, hardware wallets 0 and 1. */
function recoveryOf(last: number): 0 | 1 | null {
  if (last === 0 || last === 27) return 0;
  return last === 1 || last === 28 ? 1 : null;
}
