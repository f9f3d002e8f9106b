/**
 * Keys, WIF, signatures and the scripts behind accounts, against the vectors of neo-go, neon-js,
 * neow3j and RFC 6979.
 */
import { p256 } from '@noble/curves/nist.js';
import { describe, expect, it } from 'vitest';
import { encodeAddress } from '../../../worker/core/neo/address.ts';
import { encodeHex, parseHex } from '../../../worker/core/neo/hex.ts';
import { LIMITS } from '../../../worker/core/neo/limits.ts';
import {
  decodePrivateKey,
  parsePrivateKey,
  publicKeyOf,
  signMessage,
} from '../../../worker/core/neo/private-key.ts';
import { type PublicKey, parsePublicKey } from '../../../worker/core/neo/public-key.ts';
import { encodeScriptHash, scriptHashOf } from '../../../worker/core/neo/script-hash.ts';
import { verifySignature } from '../../../worker/core/neo/signature.ts';
import {
  decodeSignatureScript,
  encodeSignatureScript,
} from '../../../worker/core/neo/verification-script.ts';
import { encodeWif, parseWif } from '../../../worker/core/neo/wif.ts';
import { readNeoVectors } from '../../support/neo-vectors.ts';
import { readWycheproof } from '../../support/wycheproof.ts';

interface Keys {
  readonly keys: readonly {
    readonly private_key: string;
    readonly wif: string;
    readonly public_key: string;
    readonly verification_script: string;
    readonly script_hash_display: string;
    readonly script_hash_wire: string;
    readonly address: string;
  }[];
  readonly wif_invalid: readonly { readonly wif: string; readonly why: string }[];
  readonly private_key_invalid: readonly { readonly hex: string; readonly why: string }[];
}
interface Signed {
  readonly private_key: string;
  readonly signature: string;
}
interface Cryptolib {
  readonly verifyWithECDsa: readonly (Signed & {
    readonly name: string;
    readonly public_key: string;
    readonly message_utf8: string;
  })[];
  readonly rfc6979_p256_sha256: readonly (Signed & { readonly message: string })[];
}
interface WycheproofCase {
  readonly msg: string;
  readonly sig: string;
  readonly result: 'valid' | 'invalid' | 'acceptable';
  readonly comment: string;
}

const vectors = readNeoVectors('keys.json') as Keys | undefined;
const cryptolib = readNeoVectors('cryptolib.json') as Cryptolib | undefined;
const wycheproof = readWycheproof<
  WycheproofCase,
  { readonly publicKey: { readonly uncompressed: string } }
>('ecdsa_secp256r1_sha256_p1363_test.json');

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
function bytesOf(hex: string): Uint8Array {
  const bytes = parseHex(hex);
  if (bytes === null) throw new Error(`not hexadecimal: ${hex}`);
  return bytes;
}
function keyOf(hex: string) {
  const key = parsePrivateKey(hex);
  if (key === null) throw new Error(`not a private key: ${hex}`);
  return key;
}
function publicKey(hex: string): PublicKey {
  const key = parsePublicKey(hex);
  if (key === null) throw new Error(`not a public key: ${hex}`);
  return key;
}

const payer = keyOf('7d128a6d096f0c14c3a25a2b0c41cf79661bfcb4a8cc95aaaea28bde4d732344');
const MESSAGE = utf8('36 bytes of a magic and a hash, here');

describe('private keys', () => {
  it.skipIf(!vectors)('agree with neo-go and neon-js down to the address', () => {
    for (const vector of vectors?.keys ?? []) {
      const key = keyOf(vector.private_key);
      const script = encodeSignatureScript(publicKeyOf(key));
      const hash = scriptHashOf(script);
      expect(publicKeyOf(key)).toBe(vector.public_key);
      expect(encodeHex(script)).toBe(vector.verification_script);
      expect(decodeSignatureScript(script)).toBe(vector.public_key);
      expect(hash).toBe(vector.script_hash_display);
      expect(encodeHex(encodeScriptHash(hash))).toBe(vector.script_hash_wire);
      expect(encodeAddress(hash)).toBe(vector.address);
      expect(encodeWif(key)).toBe(vector.wif);
      expect(parseWif(vector.wif)).toEqual(key);
    }
  });

  it.skipIf(!vectors)('are refused for zero, the order of the curve and other lengths', () => {
    for (const { hex, why } of vectors?.private_key_invalid ?? [])
      expect(parsePrivateKey(hex), why).toBeNull();
    for (const length of [0, 31, 33])
      expect(decodePrivateKey(new Uint8Array(length).fill(1))).toBeNull();
  });

  it('do not change when the bytes they were read from do', () => {
    const bytes = bytesOf(encodeHex(payer));
    const key = decodePrivateKey(bytes);
    bytes.fill(0);
    expect(key).toEqual(payer);
  });
});

describe('public keys', () => {
  it('are told from what is no point, however often and after however many others', () => {
    const noPoint = `02${'00'.repeat(31)}01`;
    const expectTold = (): void => {
      expect(parsePublicKey(publicKeyOf(payer))).toBe(publicKeyOf(payer));
      expect(parsePublicKey(noPoint)).toBeNull();
    };
    expectTold();
    expectTold();
    let others = 0;
    for (let x = 2; others <= LIMITS.publicKeysRememberedMax.value; x += 1)
      if (parsePublicKey(`03${x.toString(16).padStart(64, '0')}`) !== null) others += 1;
    expectTold();
  });
});

describe('WIF', () => {
  it.skipIf(!vectors)('is refused where neo-go and neon-js refuse it', () => {
    for (const { wif, why } of vectors?.wif_invalid ?? []) expect(parseWif(wif), why).toBeNull();
  });

  it('is refused with one character changed, whichever it is', () => {
    const wif = encodeWif(payer);
    for (let index = 0; index < wif.length; index += 1) {
      const other = wif[index] === 'x' ? 'y' : 'x';
      expect(parseWif(wif.slice(0, index) + other + wif.slice(index + 1))).toBeNull();
    }
  });

  it('is refused in other cases, lengths and alphabets', () => {
    const wif = encodeWif(payer);
    for (const text of [
      '',
      wif.toLowerCase(),
      ` ${wif.slice(1)}`,
      `${wif}1`,
      '1'.repeat(52),
      'L'.repeat(100_000),
    ])
      expect(parseWif(text), text.slice(0, 60)).toBeNull();
  });
});

describe('signatures', () => {
  it.skipIf(!cryptolib)('are those of RFC 6979, a high s included', () => {
    for (const { private_key, message, signature } of cryptolib?.rfc6979_p256_sha256 ?? [])
      expect(encodeHex(signMessage(utf8(message), keyOf(private_key)))).toBe(signature);
  });

  it.skipIf(!cryptolib)("agree with the node's own on secp256r1 with SHA-256", () => {
    const vector = cryptolib?.verifyWithECDsa.find(({ name }) => name === 'secp256r1SHA256');
    if (vector === undefined) throw new Error('the vector of secp256r1 is absent');
    const check = {
      message: utf8(vector.message_utf8),
      signature: bytesOf(vector.signature),
      publicKey: publicKey(vector.public_key),
    };
    expect(verifySignature(check)).toBe(true);
    expect(encodeHex(signMessage(check.message, keyOf(vector.private_key)))).toBe(vector.signature);
  });

  it('are accepted with s and with n - s, as nodes do', () => {
    const signature = signMessage(MESSAGE, payer);
    const { r, s } = p256.Signature.fromBytes(signature);
    const other = new p256.Signature(r, p256.Point.Fn.ORDER - s).toBytes();
    const check = { message: MESSAGE, publicKey: publicKeyOf(payer) };
    expect(verifySignature({ ...check, signature })).toBe(true);
    expect(verifySignature({ ...check, signature: other })).toBe(true);
  });

  it('are over the message and not over its hash', () => {
    const prehashed = p256.sign(MESSAGE.slice(0, 32), payer, { prehash: false, lowS: false });
    const check = { message: MESSAGE.slice(0, 32), publicKey: publicKeyOf(payer) };
    expect(verifySignature({ ...check, signature: prehashed })).toBe(false);
  });

  it('are refused for another message, key or length, and never throw', () => {
    const signature = signMessage(MESSAGE, payer);
    const check = { message: MESSAGE, signature, publicKey: publicKeyOf(payer) };
    const stranger = publicKeyOf(keyOf('01'.repeat(32)));
    for (const changed of [
      { ...check, message: MESSAGE.slice(1) },
      { ...check, publicKey: stranger },
      { ...check, signature: signature.slice(1) },
      { ...check, signature: new Uint8Array(65) },
      { ...check, signature: new Uint8Array(0) },
      { ...check, signature: new Uint8Array(64) },
      { ...check, signature: new Uint8Array(64).fill(0xff) },
    ])
      expect(verifySignature(changed)).toBe(false);
  });

  it.skipIf(!wycheproof)('agree with Wycheproof on every case, high s among them', () => {
    let checked = 0;
    for (const group of wycheproof ?? []) {
      const point = p256.Point.fromHex(group.publicKey.uncompressed);
      const key = publicKey(point.toHex(true));
      for (const { msg, sig, result, comment } of group.tests) {
        const check = { message: bytesOf(msg), signature: bytesOf(sig), publicKey: key };
        expect(verifySignature(check), comment).toBe(result === 'valid');
        checked += 1;
      }
    }
    expect(checked).toBeGreaterThan(200);
  });
});
