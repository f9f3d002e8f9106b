/** What senders of hostile bytes do: flip, cut, insert, repeat, claim more than there is. */
import * as fc from 'fast-check';
import { ByteWriter } from '../../worker/core/neo/byte-writer.ts';

export interface Tampering {
  readonly kind: 'set' | 'cut' | 'insert' | 'remove' | 'claim';
  readonly at: number;
  readonly bytes: Uint8Array;
}

export const arbitraryTampering: fc.Arbitrary<Tampering> = fc.record({
  kind: fc.constantFrom('set', 'cut', 'insert', 'remove', 'claim'),
  at: fc.nat({ max: 1_000_000 }),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 9 }),
});

/** Lengths of 2^16 - 1, 2^32 - 1 and 2^64 - 1. */
const CLAIMS = [
  [0xfd, 2],
  [0xfe, 4],
  [0xff, 8],
] as const;

export function tamperWith(bytes: Uint8Array, { kind, at, bytes: given }: Tampering): Uint8Array {
  const place = at % (bytes.length + 1);
  const writer = new ByteWriter().bytes(bytes.subarray(0, place));
  if (kind === 'cut') return writer.toBytes();
  if (kind === 'set') {
    writer.bytes(given.subarray(0, bytes.length - place));
    return writer.bytes(bytes.subarray(writer.length)).toBytes();
  }
  if (kind === 'remove') return writer.bytes(bytes.subarray(place + given.length)).toBytes();
  if (kind === 'insert') return writer.bytes(given).bytes(bytes.subarray(place)).toBytes();
  const [prefix, count] = CLAIMS[at % CLAIMS.length] ?? CLAIMS[0];
  writer.u8(prefix).bytes(new Uint8Array(count).fill(0xff));
  return writer.bytes(bytes.subarray(place + 1)).toBytes();
}
