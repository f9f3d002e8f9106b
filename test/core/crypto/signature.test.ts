import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  sign as signNode,
  verify,
} from 'node:crypto';
import { p256 } from '@noble/curves/nist.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { base64urlnopad } from '@scure/base';
import { describe, expect, test } from 'vitest';
import { signingKeyId } from '../../../worker/core/crypto/derived-keys.ts';
import {
  decodePublicJwk,
  encodePublicJwk,
  publicPointOf,
} from '../../../worker/core/crypto/es256.ts';
import {
  isSigningPurpose,
  type Signature,
  type SigningPublicKey,
  type SigningPurpose,
  signatureSchema,
  signingInput,
  verifySignature,
} from '../../../worker/core/crypto/signature.ts';

const ORDER = p256.Point.Fn.ORDER;
const secretKey = new Uint8Array(32).fill(0x17);
const payload = utf8ToBytes('{"a":1}');

function publicKeyOf(secret: Uint8Array): SigningPublicKey {
  const point = publicPointOf(secret);
  return { keyId: signingKeyId(point), algorithm: 'ES256', publicKey: encodePublicJwk(point) };
}
const ours = publicKeyOf(secretKey);
const strangers = publicKeyOf(new Uint8Array(32).fill(0x18));

function signed(purpose: SigningPurpose, bytes: Uint8Array): Signature {
  const value = p256.sign(signingInput(purpose, bytes), secretKey, { lowS: false });
  return {
    algorithm: 'ES256',
    keyId: ours.keyId,
    value: base64urlnopad.encode(value),
    attested: false,
  };
}

const check = (change: Partial<Parameters<typeof verifySignature>[0]> = {}) =>
  verifySignature({
    purpose: 'receipt',
    payload,
    signature: signed('receipt', payload),
    publicKeys: [strangers, ours],
    ...change,
  });

/** The other valid signature of the same message: s becomes n - s. */
function withMirroredS(signature: Signature): Signature {
  const bytes = base64urlnopad.decode(signature.value);
  const s = BigInt(`0x${bytesToHex(bytes.slice(32))}`);
  const mirrored = Buffer.from((ORDER - s).toString(16).padStart(64, '0'), 'hex');
  return {
    ...signature,
    value: base64urlnopad.encode(Uint8Array.from([...bytes.slice(0, 32), ...mirrored])),
  };
}

describe('a signature', () => {
  test('is accepted from a key of the list, whichever half s lies in', () => {
    expect(check()).toEqual({ ok: true, value: { keyId: ours.keyId } });
    const signature = withMirroredS(signed('receipt', payload));
    expect(check({ signature })).toEqual({ ok: true, value: { keyId: ours.keyId } });
  });

  test('is over label, 0x00 and payload, as another implementation verifies', () => {
    const key = createPublicKey({ key: { ...ours.publicKey }, format: 'jwk' });
    const message = Buffer.concat([
      Buffer.from('neo-service-layer/audit-checkpoint/v1\0'),
      Buffer.from(payload),
    ]);
    const value = base64urlnopad.decode(signed('audit-checkpoint', payload).value);
    expect(verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, value)).toBe(true);
  });

  test('is accepted when another implementation made it', () => {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const jwk = pair.publicKey.export({ format: 'jwk' });
    const publicKey = { kty: 'EC', crv: 'P-256', x: String(jwk.x), y: String(jwk.y) } as const;
    const point = decodePublicJwk(publicKey);
    if (point === undefined) throw new Error('Node made a point off the curve');
    const keyId = signingKeyId(point);
    const value = signNode('sha256', signingInput('receipt', payload), {
      key: pair.privateKey,
      dsaEncoding: 'ieee-p1363',
    });
    const outcome = check({
      publicKeys: [{ keyId, algorithm: 'ES256', publicKey }],
      signature: { algorithm: 'ES256', keyId, value: value.toString('base64url'), attested: false },
    });
    expect(outcome).toEqual({ ok: true, value: { keyId } });
  });

  test('for one purpose is not accepted for another', () => {
    const signature = signed('audit-checkpoint', payload);
    expect(check({ signature })).toMatchObject({
      ok: false,
      failure: { code: 'signing.signature_invalid' },
    });
  });

  test('is refused after any change of a byte of it or of the payload', () => {
    const signature = signed('receipt', payload);
    const bytes = base64urlnopad.decode(signature.value);
    for (let index = 0; index < bytes.length; index += 1) {
      const value = base64urlnopad.encode(flipped(bytes, index));
      expect(check({ signature: { ...signature, value } }).ok).toBe(false);
    }
    for (let index = 0; index < payload.length; index += 1)
      expect(check({ payload: flipped(payload, index) }).ok).toBe(false);
  });

  test.each([
    ['r = 0', `${'00'.repeat(32)}${'11'.repeat(32)}`],
    ['s = 0', `${'11'.repeat(32)}${'00'.repeat(32)}`],
    ['r = s = 0', '00'.repeat(64)],
    ['r = n', `${ORDER.toString(16)}${'11'.repeat(32)}`],
    ['s = n', `${'11'.repeat(32)}${ORDER.toString(16)}`],
    ['63 bytes', '11'.repeat(63)],
    ['65 bytes', '11'.repeat(65)],
  ])('is refused when %s', (_name, hex) => {
    const value = Buffer.from(hex, 'hex').toString('base64url');
    const signature = { ...signed('receipt', payload), value };
    expect(check({ signature }).ok).toBe(false);
  });

  test('is refused when its key is not in the list', () => {
    for (const publicKeys of [[], [strangers]])
      expect(check({ publicKeys })).toMatchObject({
        ok: false,
        failure: { code: 'signing.key_unknown' },
      });
  });

  test('is refused when the list puts another key under its id', () => {
    const publicKeys = [{ ...strangers, keyId: ours.keyId }];
    expect(check({ publicKeys })).toMatchObject({
      ok: false,
      failure: { code: 'signing.key_unknown' },
    });
  });

  test('has no form that claims attestation or another algorithm', () => {
    const signature = signed('receipt', payload);
    expect(signatureSchema.safeParse(signature).success).toBe(true);
    for (const change of [{ attested: true }, { algorithm: 'none' }, { extra: 1 }])
      expect(signatureSchema.safeParse({ ...signature, ...change }).success).toBe(false);
  });
});

describe('the signed message', () => {
  test('differs between purposes and is nothing a blockchain transaction could be', () => {
    const digest = (purpose: SigningPurpose): string =>
      createHash('sha256').update(signingInput(purpose, payload)).digest('hex');
    expect(digest('receipt')).not.toBe(digest('audit-checkpoint'));
    expect(Buffer.from(signingInput('receipt', payload)).toString('latin1')).toBe(
      'neo-service-layer/receipt/v1\0{"a":1}',
    );
  });

  test('exists only for the listed purposes', () => {
    for (const purpose of ['receipt', 'audit-checkpoint'])
      expect(isSigningPurpose(purpose)).toBe(true);
    for (const purpose of ['', 'transaction', 'constructor', '__proto__', 'receipt/v1'])
      expect(isSigningPurpose(purpose)).toBe(false);
  });
});

describe('a public JWK', () => {
  test('comes back as the point it was made of', () => {
    expect(decodePublicJwk(ours.publicKey)).toEqual(publicPointOf(secretKey));
  });

  test('is refused off the curve, out of the field, or in another length', () => {
    const one = base64urlnopad.encode(Uint8Array.from({ length: 32 }, (_, i) => Number(i === 31)));
    const high = base64urlnopad.encode(new Uint8Array(32).fill(0xff));
    for (const x of [one, high, '', ours.publicKey.x.slice(1), `${ours.publicKey.x}A`])
      expect(decodePublicJwk({ ...ours.publicKey, x })).toBeUndefined();
  });
});

function flipped(bytes: Uint8Array, index: number): Uint8Array {
  const changed = bytes.slice();
  changed[index] = (changed[index] ?? 0) ^ 1;
  return changed;
}
