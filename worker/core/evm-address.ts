/**
 * EVM addresses with the mixed-case checksum of EIP-55. Text of one case carries no checksum and is
 * accepted, as the EIP asks; text of mixed case must carry the right one. What is given back is
 * always checksummed, so that one account has one text. A network is not part of an address: the
 * same one is valid on every EVM chain (EIP-1191 is not followed).
 */
import { keccak_256 } from '@noble/hashes/sha3.js';

/**
 * The address with its checksum; null when it is not `0x` and 40 digits or its checksum does not
 * hold.
 */
export function parseEvmAddress(text: string): string | null {
  const digits = /^0x([0-9a-fA-F]{40})$/.exec(text)?.[1];
  if (digits === undefined) return null;
  const lower = digits.toLowerCase();
  const checksummed = withChecksum(lower);
  const oneCase = digits === lower || digits === digits.toUpperCase();
  return oneCase || digits === checksummed ? `0x${checksummed}` : null;
}

/**
 * EIP-55: a letter is upper case when its half-byte of the hash of the lower-case text is 8 or
 * more.
 */
function withChecksum(lower: string): string {
  const hash = keccak_256(new TextEncoder().encode(lower));
  return Array.from(lower, (digit, index) => {
    const byte = hash[index >> 1] ?? 0;
    const half = index % 2 === 0 ? byte >> 4 : byte & 0x0f;
    return half >= 8 ? digit.toUpperCase() : digit;
  }).join('');
}
