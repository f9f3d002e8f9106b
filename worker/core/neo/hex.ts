/** Bytes as lower-case hexadecimal, the one form of keys and scripts in text that is not base64. */
import { hex } from '@scure/base';

export const encodeHex = (bytes: Uint8Array): string => hex.encode(bytes);

/** Null for an odd count of digits or anything that is no digit; either case is taken. */
export function parseHex(text: string): Uint8Array | null {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) return null;
  return hex.decode(text.toLowerCase());
}

const DIGITS_OF_BYTE: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, '0'),
);

/** Last byte first: the display form of hashes, whose wire form is little-endian. */
export function encodeReversedHex(bytes: Uint8Array): string {
  let digits = '';
  for (let index = bytes.length - 1; index >= 0; index -= 1)
    digits += DIGITS_OF_BYTE[bytes[index] ?? 0] ?? '';
  return digits;
}

/** Back from the display form with its `0x`, which a brand has proved: nothing is checked here. */
export function decodeReversedHex(text: string): Uint8Array {
  const bytes = new Uint8Array((text.length - 2) / 2);
  for (let index = 0, at = text.length - 2; index < bytes.length; index += 1, at -= 2)
    bytes[index] = (digitAt(text, at) << 4) | digitAt(text, at + 1);
  return bytes;
}

/** Of a lower-case digit: `a` is 97 and stands for 10. */
function digitAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code <= 57 ? code - 48 : code - 87;
}
