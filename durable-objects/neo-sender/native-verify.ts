/**
 * Signatures verified by the runtime, which takes a hundredth of the time that one thread of script
 * does. Before a turn, since it is awaited; what it did not find valid is left to the turn, which
 * verifies it itself and decides alone.
 */
import { encodeHex } from '../../worker/core/neo/hex.ts';
import { encodePublicKey } from '../../worker/core/neo/public-key.ts';
import { type SignatureCheck, verifySignature } from '../../worker/core/neo/signature.ts';
import type { Verify } from '../../worker/core/neo/transaction/signature-witness.ts';

const KEY = { name: 'ECDSA', namedCurve: 'P-256' };
const SIGNATURE = { name: 'ECDSA', hash: 'SHA-256' };

/** Says the same as `verifySignature`, at once for what is verified here. */
export async function verifyAhead(checks: readonly SignatureCheck[]): Promise<Verify> {
  const valid = new Set<string>();
  await Promise.all(
    checks.map(async (check) => {
      if (await isValid(check)) valid.add(nameOf(check));
    }),
  );
  return (check) => valid.has(nameOf(check)) || verifySignature(check);
}

async function isValid({ message, signature, publicKey }: SignatureCheck): Promise<boolean> {
  try {
    const point = Uint8Array.from(encodePublicKey(publicKey));
    const key = await crypto.subtle.importKey('raw', point, KEY, false, ['verify']);
    return await crypto.subtle.verify(
      SIGNATURE,
      key,
      Uint8Array.from(signature),
      Uint8Array.from(message),
    );
  } catch {
    return false; // The turn finds out why.
  }
}

const nameOf = ({ message, signature, publicKey }: SignatureCheck): string =>
  [publicKey, encodeHex(signature), encodeHex(message)].join(':');
