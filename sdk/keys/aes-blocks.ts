/**
 * AES-256 over single blocks (ECB), which NEP-2 prescribes for its 32 bytes and WebCrypto does not
 * offer. One block in CBC with a zero vector is that block in ECB; the padding that WebCrypto adds
 * to it is cut off, and for decryption made again. Equal blocks show as equal: what is encrypted
 * here is a random key under a mask.
 */
const BLOCK_BYTES = 16;
const ZERO = new Uint8Array(BLOCK_BYTES);

type Blocks = Uint8Array<ArrayBuffer>;

export const encryptBlocks = (cipherKey: Blocks, blocks: Uint8Array): Promise<Blocks> =>
  eachBlock(cipherKey, blocks, (key, block) => encryptCbc(key, ZERO, block));

export const decryptBlocks = (cipherKey: Blocks, blocks: Uint8Array): Promise<Blocks> =>
  eachBlock(cipherKey, blocks, async (key, block) => {
    // What the padding after this block would be: all of an empty text, with this block before it.
    const padding = await encryptCbc(key, block, new Uint8Array());
    const padded = new Uint8Array(2 * BLOCK_BYTES);
    padded.set(block);
    padded.set(padding, BLOCK_BYTES);
    return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-CBC', iv: ZERO }, key, padded));
  });

async function eachBlock(
  cipherKey: Blocks,
  blocks: Uint8Array,
  change: (key: CryptoKey, block: Blocks) => Promise<Blocks>,
): Promise<Blocks> {
  const usages = ['encrypt', 'decrypt'] as const;
  const key = await crypto.subtle.importKey('raw', cipherKey, 'AES-CBC', false, [...usages]);
  const changed = new Uint8Array(blocks.length);
  for (let at = 0; at < blocks.length; at += BLOCK_BYTES)
    changed.set(await change(key, blocks.slice(at, at + BLOCK_BYTES)), at);
  return changed;
}

/** The first block of it; for an empty text that is the padding. */
async function encryptCbc(key: CryptoKey, iv: Blocks, text: Blocks): Promise<Blocks> {
  const encrypted = await crypto.subtle.encrypt({ name: 'AES-CBC', iv }, key, text);
  return new Uint8Array(encrypted).slice(0, BLOCK_BYTES);
}
