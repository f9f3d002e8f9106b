/**
 * AES-256-GCM by the platform's WebCrypto: 96-bit nonce, 128-bit tag. Keys are imported
 * non-extractable. A failed tag is an ordinary answer (undefined), not an exception.
 */
export const importAesKey = (bytes: Uint8Array): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);

export interface AesInput {
  readonly nonce: Uint8Array;
  readonly associatedData: Uint8Array;
  /** Plaintext to encrypt, or ciphertext with its tag to decrypt. */
  readonly text: Uint8Array;
}

export async function encryptAes(key: CryptoKey, input: AesInput): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.encrypt(parametersOf(input), key, input.text));
}

export async function decryptAes(key: CryptoKey, input: AesInput): Promise<Uint8Array | undefined> {
  try {
    return new Uint8Array(await crypto.subtle.decrypt(parametersOf(input), key, input.text));
  } catch {
    return undefined; // With a valid key and sizes WebCrypto has one failure: the tag does not fit.
  }
}

const parametersOf = ({ nonce, associatedData }: AesInput) => ({
  name: 'AES-GCM',
  iv: nonce,
  additionalData: associatedData,
  tagLength: 128,
});
