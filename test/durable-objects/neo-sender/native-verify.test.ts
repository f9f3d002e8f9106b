/** What the runtime finds valid must be what the nodes find valid: nobody looks at it again. */
import { p256 } from '@noble/curves/nist.js';
import { describe, expect, it } from 'vitest';
import { verifyAhead } from '../../../durable-objects/neo-sender/native-verify.ts';
import { assert } from '../../../worker/core/assert.ts';
import { decodePublicKey } from '../../../worker/core/neo/public-key.ts';
import { type SignatureCheck, verifySignature } from '../../../worker/core/neo/signature.ts';

const ORDER = p256.Point.Fn.ORDER;

function checkOf(secretByte: number, message = Uint8Array.of(1, 2, 3)): SignatureCheck {
  const secret = new Uint8Array(32).fill(secretByte);
  const publicKey = decodePublicKey(p256.getPublicKey(secret));
  assert(publicKey !== null, 'a public key');
  return { message, publicKey, signature: p256.sign(message, secret, { lowS: false }) };
}

/** The other valid one, which anybody can make of it. */
function mirrored({ signature, ...check }: SignatureCheck): SignatureCheck {
  const { r, s } = p256.Signature.fromBytes(signature);
  return { ...check, signature: new p256.Signature(r, ORDER - s).toBytes() };
}

const valid = checkOf(7);
const flipped = valid.signature.slice();
flipped[40] = (flipped[40] ?? 0) ^ 1;
const OTHERS: readonly (readonly [string, SignatureCheck])[] = [
  ['another bit', { ...valid, signature: flipped }],
  ['another key', { ...valid, publicKey: checkOf(9).publicKey }],
  ['another message', { ...valid, message: Uint8Array.of(1, 2) }],
  ['zeros', { ...valid, signature: new Uint8Array(64) }],
  ['a byte less', { ...valid, signature: valid.signature.slice(1) }],
  ['a byte more', { ...valid, signature: Uint8Array.of(...valid.signature, 0) }],
  ['nothing', { ...valid, signature: new Uint8Array() }],
];

describe('verifyAhead', () => {
  it('says of each signature what is said without it, asked for it before or not', async () => {
    const checks = [valid, mirrored(valid), ...OTHERS.map(([, check]) => check)];
    for (const asked of [checks, []]) {
      const verify = await verifyAhead(asked);
      expect(checks.map(verify)).toEqual(checks.map(verifySignature));
      expect(checks.map(verify)).toEqual(checks.map((_, index) => index < 2));
    }
  });

  it('takes what it verified for nothing else', async () => {
    const verify = await verifyAhead([valid, mirrored(valid)]);
    for (const [name, check] of OTHERS) expect(verify(check), name).toBe(false);
  });

  it('has a runtime that takes keys as Neo writes them, or it would help nobody', async () => {
    const point = p256.getPublicKey(new Uint8Array(32).fill(7));
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
    const key = await crypto.subtle.importKey('raw', point, algorithm, false, ['verify']);
    expect(key.type).toBe('public');
  });
});
