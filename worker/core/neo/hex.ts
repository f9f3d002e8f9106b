/** Bytes as lower-case hexadecimal, the one form of keys and scripts in text that is not base64. */
import { hex } from '@scure/base';

export const encodeHex = (bytes: Uint8Array): string => hex.encode(bytes);

/** Null for an odd count of digits or anything that is no digit; either case is taken. */
export function parseHex(text: string): Uint8Array | null {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) return null;
  return hex.decode(text.toLowerCase());
}
