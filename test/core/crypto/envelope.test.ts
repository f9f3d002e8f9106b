import { bytesToHex } from '@noble/hashes/utils.js';
import { describe, expect, test } from 'vitest';
import { DOMAINS, domainSeparated } from '../../../worker/core/crypto/domains.ts';
import {
  dataKeyAssociatedData,
  decodeEnvelope,
  ENVELOPE_OVERHEAD_BYTES,
  encodeEnvelope,
  itemAssociatedData,
} from '../../../worker/core/crypto/envelope.ts';

const envelope = {
  keyId: '0123456789abcdef',
  nonce: new Uint8Array(12).fill(7),
  ciphertext: new Uint8Array(16 + 3).fill(9),
};

describe('the envelope', () => {
  test('is version, key id, nonce, ciphertext with tag', () => {
    expect(bytesToHex(encodeEnvelope(envelope))).toBe(
      `01${envelope.keyId}${'07'.repeat(12)}${'09'.repeat(19)}`,
    );
  });

  test('comes back as it went in', () => {
    expect(decodeEnvelope(encodeEnvelope(envelope))).toEqual(envelope);
  });

  test('is not read from another version', () => {
    for (const version of [0, 2, 255]) {
      const bytes = encodeEnvelope(envelope);
      bytes[0] = version;
      expect(decodeEnvelope(bytes)).toBeUndefined();
    }
  });

  test('is not read from fewer bytes than an empty plaintext gives', () => {
    const bytes = encodeEnvelope(envelope);
    expect(decodeEnvelope(bytes.slice(0, ENVELOPE_OVERHEAD_BYTES))).toBeDefined();
    for (let length = 0; length < ENVELOPE_OVERHEAD_BYTES; length += 1)
      expect(decodeEnvelope(bytes.slice(0, length))).toBeUndefined();
  });
});

describe('associated data', () => {
  const place = (accountId: string, ...context: string[]): string =>
    bytesToHex(itemAssociatedData({ dataKeyId: envelope.keyId, accountId, context }));

  test('is the length-prefixed label and parts', () => {
    const label = DOMAINS.wrappedDataKey;
    const expected = [label, envelope.keyId, 'acc_1']
      .map(
        (part) =>
          `000000${part.length.toString(16).padStart(2, '0')}${Buffer.from(part).toString('hex')}`,
      )
      .join('');
    expect(bytesToHex(dataKeyAssociatedData(envelope.keyId, 'acc_1'))).toBe(expected);
  });

  test('differs when parts are split elsewhere or joined', () => {
    const places = [
      place('acc_1', 'secret', 'name', '3'),
      place('acc_2', 'secret', 'name', '3'),
      place('acc_1', 'secret', 'name3'),
      place('acc_1', 'secret', 'nam', 'e3'),
      place('acc_1', 'secretname', '3'),
      place('acc_1secret', 'name', '3'),
      place('acc_', '1secret', 'name', '3'),
      place('acc_1', 'secret', 'name', '3', '3'),
      place('acc_1', 'secret', '3', 'name'),
      place('acc_1', 'secret\u0000\u0000\u0000\u0004name', '3'),
    ];
    expect(new Set(places).size).toBe(places.length);
  });

  test('has no form for an empty or ill-formed part', () => {
    // Lone surrogates would all become U+FFFD in UTF-8, two names one place.
    expect(() => place('', 'secret')).toThrow('part');
    expect(() => place('acc_1', '')).toThrow('part');
    expect(() => place('acc_1', '\ud800')).toThrow('part');
    expect(() => place('acc_1')).toThrow('sealed item');
  });
});

describe('domain labels', () => {
  const labels = Object.values(DOMAINS);

  test('are all different and hold no 0x00, so none is a prefix of another', () => {
    expect(new Set(labels).size).toBe(labels.length);
    for (const label of labels) expect(label).toMatch(/^neo-service-layer\/[a-z-]+\/v[1-9]$/);
  });

  test('end with 0x00 in front of what follows', () => {
    const bytes = domainSeparated(DOMAINS.receiptSignature, Uint8Array.of(1));
    expect(bytesToHex(bytes)).toBe(
      `${Buffer.from('neo-service-layer/receipt/v1').toString('hex')}0001`,
    );
  });
});
