/**
 * The signature base against what RFC 9421 prints (appendix B.2.6, Ed25519) and digests against what
 * RFC 9530 prints (appendix B.1 and B.2).
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { base64 } from '@scure/base';
import { describe, expect, it } from 'vitest';
import {
  coveredLines,
  formatContentDigest,
  formatSignatureBase,
} from '../../../worker/core/request-signature/covered-components.ts';
import { verifyEd25519 } from '../../../worker/core/request-signature/signing-key.ts';

/** RFC 9421 appendix B.1.4: test-key-ed25519. */
const KEY = 'JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs';
const PARAMS =
  '("date" "@method" "@path" "@authority" "content-type" "content-length")' +
  ';created=1618884473;keyid="test-key-ed25519"';
const BASE = [
  '"date": Tue, 20 Apr 2021 02:07:55 GMT',
  '"@method": POST',
  '"@path": /foo',
  '"@authority": example.com',
  '"content-type": application/json',
  '"content-length": 18',
  `"@signature-params": ${PARAMS}`,
].join('\n');
const SIGNATURE = base64.decode(
  'wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==',
);

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('RFC 9421 appendix B.2.6', () => {
  it('gives the signature base that it prints', () => {
    const lines = [
      ['date', 'Tue, 20 Apr 2021 02:07:55 GMT'],
      ['@method', 'POST'],
      ['@path', '/foo'],
      ['@authority', 'example.com'],
      ['content-type', 'application/json'],
      ['content-length', '18'],
    ] as const;
    expect(formatSignatureBase(lines, PARAMS)).toBe(BASE);
  });

  it('gives a signature that verifies over it, and over nothing else', () => {
    const check = { signingKey: KEY, message: bytes(BASE), signature: SIGNATURE };
    expect(verifyEd25519(check)).toBe(true);
    expect(verifyEd25519({ ...check, message: bytes(BASE.replace('/foo', '/bar')) })).toBe(false);
    for (const at of [0, 31, 32, 63]) {
      const changed = SIGNATURE.with(at, (SIGNATURE[at] ?? 0) ^ 1);
      expect(verifyEd25519({ ...check, signature: changed })).toBe(false);
    }
    expect(verifyEd25519({ ...check, signature: SIGNATURE.subarray(1) })).toBe(false);
  });

  it('has one form: the same s with the order of the group added does not verify', () => {
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    let s = SIGNATURE.subarray(32).reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
    s += order;
    const twin = SIGNATURE.slice();
    for (let at = 32; at < 64; at += 1, s >>= 8n) twin[at] = Number(s & 255n);
    const check = { signingKey: KEY, message: bytes(BASE), signature: twin };
    expect(verifyEd25519(check)).toBe(false);
  });
});

describe('Content-Digest', () => {
  it.each([
    ['{"hello": "world"}\n', 'RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg='],
    ['', '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='],
  ])('is what RFC 9530 appendix B prints for %j', (content, printed) => {
    expect(formatContentDigest(sha256(bytes(content)))).toBe(`sha-256=:${printed}:`);
  });
});

describe('what is covered', () => {
  const request = {
    method: 'POST',
    // RFC 9421 section 2.2.2.
    targetUri: 'https://www.example.com/path?param=value',
    contentDigest: 'sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:',
    idempotencyKey: null,
  };

  it('is method, URL and digest, in this order', () => {
    expect(formatSignatureBase(coveredLines(request), '()')).toBe(
      [
        '"@method": POST',
        '"@target-uri": https://www.example.com/path?param=value',
        '"content-digest": sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:',
        '"@signature-params": ()',
      ].join('\n'),
    );
  });

  it('is the key of a repetition too, an empty one as well', () => {
    for (const idempotencyKey of ['once', ''])
      expect(coveredLines({ ...request, idempotencyKey }).at(-1)).toEqual([
        'idempotency-key',
        idempotencyKey,
      ]);
  });
});
