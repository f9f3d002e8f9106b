/**
 * The numbers behind `Math.random`: the extended output of BLAKE3 in keyed mode, the run's seed as
 * the key. Whoever sees some of them can neither compute the next nor learn the seed. Numbers are
 * uniform multiples of 2^-53 below 1, handed over 512 at a time as little-endian doubles.
 */
import { blake3 } from '@noble/hashes/blake3.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';

const SEED_BYTES = 32;
const CHUNK_NUMBERS = 512;

export function seededRandom(seed: Uint8Array): () => Uint8Array {
  if (seed.length !== SEED_BYTES) throw new Error('a seed is 32 bytes');
  const stream = blake3.create({ key: seed }).update(utf8ToBytes('Math.random'));
  return () => {
    const chunk = stream.xof(8 * CHUNK_NUMBERS);
    const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    for (let offset = 0; offset < chunk.length; offset += 8) {
      const high = view.getUint32(offset, true) >>> 5;
      const low = view.getUint32(offset + 4, true) >>> 6;
      view.setFloat64(offset, (high * 2 ** 26 + low) / 2 ** 53, true);
    }
    return chunk;
  };
}
