/** NEP-20: the answer of a wallet holds for one challenge, one site and one network. */
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../../worker/core/neo/address.ts';
import {
  formatNep20Challenge,
  type Nep20Challenge,
  type Nep20Check,
  type Nep20Response,
  parseNep20Challenge,
  parseNep20Response,
  verifyNep20,
} from '../../../../worker/core/neo/message/nep20.ts';
import {
  encodeNep20,
  NEP20_LAYOUTS,
  type Nep20Layout,
} from '../../../../worker/core/neo/message/nep20-layout.ts';
import {
  decodePrivateKey,
  publicKeyOf,
  signMessage,
} from '../../../../worker/core/neo/private-key.ts';
import { parsePublicKey } from '../../../../worker/core/neo/public-key.ts';
import { verifySignature } from '../../../../worker/core/neo/signature.ts';
import { accountOf } from '../../../../worker/core/neo/verification-script.ts';
import { readVector } from '../vm/vectors.ts';

interface Vectors {
  readonly nep20: readonly {
    readonly challenge: { readonly timestamp: number };
    readonly response: { readonly timestamp: number };
    readonly signed_bytes_hex: string;
  }[];
  readonly nep20_published_sample: {
    readonly public_key: string;
    readonly signature_base64: string;
    readonly draft_signed_bytes_hex: string;
  };
}
// The file's own form; a wrong one fails the tests that read it.
const vectors = readVector('message-signing.json') as Vectors | undefined;

function taken<Value>(read: { readonly ok: boolean; readonly value?: Value }): Value {
  if (!read.ok || read.value === undefined) throw new Error(JSON.stringify(read));
  return read.value;
}
function there<Value>(value: Value | null): Value {
  if (value === null) throw new Error('absent');
  return value;
}

const key = there(decodePrivateKey(new Uint8Array(32).fill(5)));
const publicKey = publicKeyOf(key);
const NOW = 1_770_000_000;
const challenge: Nep20Challenge = {
  domain: 'example.com',
  networkMagics: [860_833_102, 894_710_606],
  nonce: 2n ** 53n - 1n,
  timestamp: NOW - 10,
};
const fields = {
  nonce: challenge.nonce,
  timestamp: NOW - 5,
  networkMagic: 894_710_606,
  account: accountOf(publicKey),
};
const answer = (
  layout: Nep20Layout = 'nep-20',
  changes: Partial<Nep20Response> = {},
  signed: { readonly action?: string; readonly domain?: string } = {},
): Nep20Response => {
  const bytes = encodeNep20(layout, {
    action: 'Authentication',
    domain: 'example.com',
    ...fields,
    ...changes,
    ...signed,
  });
  return { ...fields, publicKey, ...changes, signature: signMessage(bytes, key) };
};
const verify = (changes: Partial<Nep20Check> = {}) =>
  verifyNep20({ challenge, response: answer(), nowSeconds: NOW, ...changes });

describe('the vectors of NEP-20', () => {
  it.skipIf(!vectors).each(vectors?.nep20 ?? [])('are signed as accepted: %#', (vector) => {
    const given = taken(parseNep20Challenge(vector.challenge));
    const response = taken(parseNep20Response(vector.response));
    const bytes = encodeNep20('nep-20', {
      ...response,
      action: 'Authentication',
      domain: given.domain,
    });
    expect(Buffer.from(bytes).toString('hex')).toBe(vector.signed_bytes_hex);
    const nowSeconds = vector.response.timestamp;
    expect(verifyNep20({ challenge: given, response, nowSeconds })).toEqual({
      ok: true,
      layout: 'nep-20',
    });
    expect(formatNep20Challenge(given)).toEqual(vector.challenge);
  });

  it.skipIf(!vectors)('show that the sample printed in the NEP is of the draft', () => {
    if (!vectors) return;
    const sample = vectors.nep20_published_sample;
    const printed = there(parsePublicKey(sample.public_key));
    const message = encodeNep20('nep-20-draft-2021', {
      networkMagic: 5_195_086,
      nonce: 0xbac5_44ec_13df_f767n,
      timestamp: Buffer.from(sample.draft_signed_bytes_hex, 'hex').readUInt32LE(12),
      account: accountOf(printed),
      action: '',
      domain: '',
    });
    expect(Buffer.from(message).toString('hex')).toBe(sample.draft_signed_bytes_hex);
    const signature = Buffer.from(sample.signature_base64, 'base64');
    expect(verifySignature({ message, signature, publicKey: printed })).toBe(true);
  });
});

describe('an answer', () => {
  it('is taken in the accepted layout, and in no other unless it is asked for', () => {
    expect(verify()).toEqual({ ok: true, layout: 'nep-20' });
    for (const layout of NEP20_LAYOUTS.slice(1)) {
      const response = answer(layout);
      expect(verify({ response })).toEqual({ ok: false, refusal: 'signature' });
      expect(verify({ response, layouts: NEP20_LAYOUTS })).toEqual({ ok: true, layout });
      expect(verify({ layouts: [layout] })).toMatchObject({ refusal: 'signature' });
    }
  });

  it('got by another site for our challenge is refused', () => {
    const response = answer('nep-20', {}, { domain: 'examp1e.com' });
    expect(verify({ response })).toEqual({ ok: false, refusal: 'signature' });
    const moved = answer('nep-20', {}, { action: 'AuthenticationX' });
    expect(verify({ response: moved })).toEqual({ ok: false, refusal: 'signature' });
  });

  it('in a layout of 36 bytes is bound to no site, which is why it must be asked for', () => {
    const response = answer('nep-20-neoline', {}, { domain: 'examp1e.com' });
    expect(verify({ response, layouts: ['nep-20-neoline'] })).toMatchObject({ ok: true });
    for (const layout of NEP20_LAYOUTS.slice(1))
      expect(encodeNep20(layout, { ...fields, action: '', domain: '' })).toHaveLength(36);
  });

  it.each<[string, Partial<Nep20Response>, string]>([
    ['another nonce', { nonce: 1n }, 'nonce'],
    ['a network that was not offered', { networkMagic: 56_753 }, 'network'],
    ['a time before the challenge', { timestamp: NOW - 10 - 301 }, 'timestamp'],
    ['a time to come', { timestamp: NOW + 301 }, 'timestamp'],
    [
      'an account of another key',
      { account: there(parseAddress('NMUedC8TSV2rE17wGguSvPk9XcmHSaT275')) },
      'account',
    ],
  ])('well signed over %s is refused', (_, changes, refusal) => {
    expect(verify({ response: answer('nep-20', changes) })).toEqual({ ok: false, refusal });
  });

  it('is refused when any field is not the one that was signed', () => {
    for (const changes of [
      { timestamp: NOW - 4 },
      { networkMagic: 860_833_102 },
      { signature: new Uint8Array(64) },
      { signature: answer().signature.slice(1) },
    ])
      expect(verify({ response: { ...answer(), ...changes } })).toEqual({
        ok: false,
        refusal: 'signature',
      });
  });

  it('is refused from the second on at which its challenge is older than five minutes', () => {
    const nowSeconds = challenge.timestamp + 300;
    expect(verify({ nowSeconds })).toMatchObject({ ok: true });
    expect(verify({ nowSeconds: nowSeconds + 1 })).toEqual({
      ok: false,
      refusal: 'challenge_expired',
    });
  });
});

describe('the JSON of NEP-20', () => {
  const json = {
    algorithm: 'ECDSA-P256',
    network: 56_753,
    pubkey: publicKey,
    address: 'NMUedC8TSV2rE17wGguSvPk9XcmHSaT275',
    nonce: '9007199254740991',
    timestamp: NOW,
    signature: Buffer.alloc(64, 1).toString('base64'),
  };

  it.each([
    ['another algorithm', { algorithm: 'ECDSA-SECP256K1' }, '/algorithm'],
    ['a nonce beyond what a number holds', { nonce: '9007199254740992' }, '/nonce'],
    ['a nonce as a number', { nonce: 1 }, '/nonce'],
    ['a nonce in another form', { nonce: '01' }, '/nonce'],
    ['a time in milliseconds', { timestamp: 1000 * NOW }, '/timestamp'],
    ['a key that is no point', { pubkey: `02${'ff'.repeat(32)}` }, '/pubkey'],
    ['an address of Legacy', { address: 'AUr5QUfeBADq6BMY6Tp5yuMsUNGpsD7nLZ' }, '/address'],
    ['a short signature', { signature: Buffer.alloc(63).toString('base64') }, '/signature'],
    ['a long signature', { signature: Buffer.alloc(65).toString('base64') }, '/signature'],
  ])('is refused with the place: %s', (_, changes, pointer) => {
    expect(parseNep20Response(json)).toMatchObject({ ok: true });
    expect(parseNep20Response({ ...json, ...changes })).toMatchObject({
      ok: false,
      misshapen: { pointer },
    });
  });

  it.each([
    ['another action', { action: 'Transfer' }, '/action'],
    ['without our algorithm', { allowed_algorithms: [] }, '/allowed_algorithms'],
    ['no network', { networks: [] }, '/networks'],
    ['a domain in another form', { domain: 'Example.com' }, '/domain'],
    ['a nonce beyond what a number holds', { nonce: '9007199254740992' }, '/nonce'],
  ])('of a challenge is refused with the place: %s', (_, changes, pointer) => {
    const given = formatNep20Challenge(challenge);
    expect(parseNep20Challenge(given)).toEqual({ ok: true, value: challenge });
    expect(parseNep20Challenge({ ...given, ...changes })).toMatchObject({
      misshapen: { pointer },
    });
  });

  it('is not made for a nonce that a wallet would round', () => {
    expect(() => formatNep20Challenge({ ...challenge, nonce: 2n ** 53n })).toThrow('nonce');
    expect(() => formatNep20Challenge({ ...challenge, domain: 'a b' })).toThrow('domain');
    expect(() => formatNep20Challenge({ ...challenge, networkMagics: [] })).toThrow('network');
  });
});
