import { createHash } from 'node:crypto';
import { p256 } from '@noble/curves/nist.js';
import { base64urlnopad } from '@scure/base';
import { describe, expect, test } from 'vitest';
import { signingKeyId } from '../../../worker/core/crypto/derived-keys.ts';
import { encodePublicJwk, publicPointOf } from '../../../worker/core/crypto/es256.ts';
import { signingInput } from '../../../worker/core/crypto/signature.ts';
import { createId } from '../../../worker/core/ids.ts';
import {
  buildReceipt,
  encodeReceipt,
  type Receipt,
  type ReceiptSubject,
  receiptHash,
  saltedHash,
  verifyReceipt,
} from '../../../worker/core/receipt/receipt.ts';

const secretKey = new Uint8Array(32).fill(0x17);
const point = publicPointOf(secretKey);
const publicKeys = [
  { keyId: signingKeyId(point), algorithm: 'ES256', publicKey: encodePublicJwk(point) },
] as const;

const subject: ReceiptSubject = {
  executionId: createId('execution', { now: 1_700_000_000_000, random: new Uint8Array(10) }),
  codeHash: 'c0'.repeat(32),
  salt: new Uint8Array(32).fill(5),
  input: { amount: 1 },
  journal: [{ kind: 'start' }],
  output: { amount: 1 },
  fuel: 2_999_999_999n,
  runtimeVersion: 'f0'.repeat(32),
};

function built(change: Partial<ReceiptSubject> = {}): Receipt {
  const outcome = buildReceipt({ ...subject, ...change });
  if (!outcome.ok) throw new Error(outcome.failure.code);
  return outcome.value;
}

function signed(receipt: Receipt) {
  const value = p256.sign(signingInput('receipt', encodeReceipt(receipt)), secretKey);
  const keyId = signingKeyId(point);
  return { algorithm: 'ES256', keyId, value: base64urlnopad.encode(value), attested: false };
}

describe('a receipt', () => {
  const receipt = built();
  const signature = signed(receipt);

  test('holds exactly the seven facts', () => {
    expect(Object.keys(receipt).sort()).toEqual([
      'codeHash',
      'executionId',
      'fuel',
      'inputHash',
      'journalHash',
      'outputHash',
      'runtimeVersion',
    ]);
    expect(receipt.fuel).toBe('2999999999');
  });

  test('is verified with the public key alone, whatever order its members come in', () => {
    const reordered: unknown = JSON.parse(
      JSON.stringify(Object.fromEntries(Object.entries(receipt).toReversed())),
    );
    expect(verifyReceipt({ receipt: reordered, signature, publicKeys })).toEqual({
      ok: true,
      value: { receipt, keyId: signature.keyId },
    });
  });

  test('is refused after a change of one character in any member', () => {
    for (const [name, value] of Object.entries(receipt)) {
      for (let index = 0; index < value.length; index += 7) {
        const other = value[index] === '1' ? '2' : '1';
        const changed = `${value.slice(0, index)}${other}${value.slice(index + 1)}`;
        const outcome = verifyReceipt({
          receipt: { ...receipt, [name]: changed },
          signature,
          publicKeys,
        });
        expect(outcome.ok, `${name}[${index}]`).toBe(false);
      }
    }
  });

  test('is refused when two hashes are swapped', () => {
    const swapped = {
      ...receipt,
      inputHash: receipt.outputHash,
      outputHash: receipt.inputHash,
    };
    expect(verifyReceipt({ receipt: swapped, signature, publicKeys }).ok).toBe(false);
  });

  test.each<readonly [string, unknown]>([
    ['an unsigned extra member', { ...receipt, attested: true }],
    ['a missing member', { ...receipt, fuel: undefined }],
    ['fuel as a number', { ...receipt, fuel: 2_999_999_999 }],
    ['fuel written otherwise', { ...receipt, fuel: '02999999999' }],
    ['no object', 'receipt'],
    ['null', null],
  ])('is refused with %s', (_name, value) => {
    expect(verifyReceipt({ receipt: value, signature, publicKeys })).toMatchObject({
      ok: false,
      failure: { code: 'request.malformed' },
    });
  });

  test('is refused when its signature claims to be attested', () => {
    const outcome = verifyReceipt({
      receipt,
      signature: { ...signature, attested: true },
      publicKeys,
    });
    expect(outcome.ok).toBe(false);
  });

  test('has as its hash the digest that is signed', () => {
    const digest = createHash('sha256')
      .update('neo-service-layer/receipt/v1\0')
      .update(encodeReceipt(receipt))
      .digest('hex');
    expect(receiptHash(receipt)).toBe(digest);
  });

  test('is not built over a value without canonical form', () => {
    for (const change of [
      { output: '\ud800' },
      { input: { a: undefined } },
      { journal: [Number.NaN] },
    ])
      expect(buildReceipt({ ...subject, ...change })).toMatchObject({
        ok: false,
        failure: { code: 'request.malformed' },
      });
  });

  test('is not built from a malformed part of our own', () => {
    expect(() => built({ fuel: -1n })).toThrow('schema');
    expect(() => built({ codeHash: 'C0'.repeat(32) })).toThrow('schema');
    expect(() => built({ salt: new Uint8Array(31) })).toThrow('32 bytes');
  });
});

describe('a salted hash', () => {
  test('is SHA-256 over label, 0x00, salt and RFC 8785 bytes', () => {
    const digest = createHash('sha256')
      .update('neo-service-layer/receipt-input/v1\0')
      .update(subject.salt)
      .update('{"amount":1}')
      .digest('hex');
    expect(built().inputHash).toBe(digest);
  });

  test('differs for equal input and output, and for another salt', () => {
    const receipt = built();
    expect(receipt.inputHash).not.toBe(receipt.outputHash);
    const other = built({ salt: new Uint8Array(32).fill(6) });
    for (const name of ['inputHash', 'journalHash', 'outputHash'] as const)
      expect(other[name]).not.toBe(receipt[name]);
  });

  test('can be checked alone by whoever is given the salt', () => {
    const hash = saltedHash({ part: 'output', salt: subject.salt, value: subject.output });
    expect(hash).toEqual({ ok: true, value: built().outputHash });
  });
});
