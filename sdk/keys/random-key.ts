/** Private keys from the randomness of the system; no other source is taken. */
import {
  decodePrivateKey,
  PRIVATE_KEY_BYTES,
  type PrivateKey,
} from '../../worker/core/neo/private-key.ts';

export function createPrivateKey(): PrivateKey {
  for (;;) {
    // All but one in 2^32 are below the order of the curve.
    const key = decodePrivateKey(crypto.getRandomValues(new Uint8Array(PRIVATE_KEY_BYTES)));
    if (key !== null) return key;
  }
}
