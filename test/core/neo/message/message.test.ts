/** Messages in the five forms of wallets: which was signed, by whom, and never a transaction. */
import { p256 } from '@noble/curves/nist.js';
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../../worker/core/neo/address.ts';
import { parseHash256 } from '../../../../worker/core/neo/hash256.ts';
import {
  encodeMessage,
  MESSAGE_LAYOUTS,
  type MessageLayout,
} from '../../../../worker/core/neo/message/message-layout.ts';
import {
  parseSignature,
  verifyMessage,
} from '../../../../worker/core/neo/message/signed-message.ts';
import {
  decodePrivateKey,
  publicKeyOf,
  signMessage,
} from '../../../../worker/core/neo/private-key.ts';
import { parsePublicKey } from '../../../../worker/core/neo/public-key.ts';
import { encodeSigningMessage } from '../../../../worker/core/neo/transaction/transaction.ts';
import { accountOf } from '../../../../worker/core/neo/verification-script.ts';
import { readVector } from '../vm/vectors.ts';

interface Vectors {
  readonly messages: readonly {
    readonly name: string;
    readonly scheme: MessageLayout;
    readonly message: string;
    readonly salt?: string;
    readonly public_key: string;
    readonly signature_hex: string;
    readonly signed_bytes_hex: string;
    readonly address: string;
    readonly valid: boolean;
  }[];
  readonly neoline_v2_prefix_hex: string;
}
// The file's own form; a wrong one fails the tests that read it.
const vectors = readVector('message-signing.json') as Vectors | undefined;

const hex = (bytes: Uint8Array | null): string | null =>
  bytes && Buffer.from(bytes).toString('hex');
function there<Value>(value: Value | null | undefined): Value {
  if (value === null || value === undefined) throw new Error('absent');
  return value;
}

const key = there(decodePrivateKey(new Uint8Array(32).fill(5)));
const publicKey = publicKeyOf(key);
const account = accountOf(publicKey);
const SALT = '0123456789abcdef0123456789abcdef';
const networkMagic = 860_833_102;
const base = { account, publicKey, layouts: MESSAGE_LAYOUTS, networkMagic };

describe('a message of the vectors', () => {
  it.skipIf(!vectors).each(vectors?.messages ?? [])('is verified in its form: $name', (vector) => {
    const given = { message: vector.message, salt: vector.salt };
    expect(hex(encodeMessage(vector.scheme, given))).toBe(vector.signed_bytes_hex);
    const check = {
      ...given,
      account: there(parseAddress(vector.address)),
      publicKey: there(parsePublicKey(vector.public_key)),
      signature: there(parseSignature(vector.signature_hex)),
      layouts: MESSAGE_LAYOUTS,
    };
    expect(verifyMessage(check)).toBe(vector.scheme);
    expect(verifyMessage({ ...check, message: `${vector.message} ` })).toBeNull();
    const others = MESSAGE_LAYOUTS.filter((layout) => layout !== vector.scheme);
    expect(verifyMessage({ ...check, layouts: others })).toBeNull();
  });
});

/**
 * https://tutorial.neoline.io/reference/neo3-provider-api/write-methods/signmessagev2, whose page
 * prints the message with a small w; what was signed has a capital one.
 */
const NEOLINE_V2 = {
  publicKey: '023e72b8b5a20c00dac7ac01ecd72354a2d7d64620d6615524bb18b9f5a6ca8ef4',
  data:
    '4fef4abd1ced91577c89eac7909b89ec2aa3d073178c51c3074b7bc5551093b0' +
    '0bf274f35f8166931dc90cbd88346729e86e0bf1c3014fa3587cc167f0cafd4c',
  salt: '543e66d70a56506f0a69aff35f25f794',
  message: 'Hello World',
};

describe('the sample that NeoLine publishes', () => {
  it('is found to be its second form', () => {
    const signer = there(parsePublicKey(NEOLINE_V2.publicKey));
    const { message, salt } = NEOLINE_V2;
    const signature = there(parseSignature(NEOLINE_V2.data));
    const check = { account: accountOf(signer), publicKey: signer, signature, message, salt };
    expect(verifyMessage({ ...check, layouts: MESSAGE_LAYOUTS })).toBe('neoline-v2');
  });
});

describe('a message', () => {
  it.each(MESSAGE_LAYOUTS)('signed as %s is found to be that and nothing else', (layout) => {
    const salt = layout === 'classic-salted' ? SALT : undefined;
    const given = { message: 'Sign in, please: \u{1f511}', salt, networkMagic };
    const signature = signMessage(there(encodeMessage(layout, given)), key);
    expect(verifyMessage({ ...base, ...given, signature })).toBe(layout);
    const twin = p256.Signature.fromBytes(signature);
    const flipped = new p256.Signature(twin.r, p256.Point.Fn.ORDER - twin.s).toBytes();
    expect(verifyMessage({ ...base, ...given, signature: flipped })).toBe(layout);
  });

  it('is refused when the key is not that of the account', () => {
    const given = { message: 'hello', signature: signMessage(Buffer.from('hello'), key) };
    expect(verifyMessage({ ...base, ...given })).toBe('raw-utf8');
    const stranger = there(parseAddress('NMUedC8TSV2rE17wGguSvPk9XcmHSaT275'));
    expect(verifyMessage({ ...base, ...given, account: stranger })).toBeNull();
  });

  it('is refused with a signature of another length or of zeros', () => {
    for (const length of [0, 63, 64, 65, 72])
      expect(
        verifyMessage({ ...base, message: 'm', signature: new Uint8Array(length) }),
      ).toBeNull();
  });

  it('of 36 bytes is refused raw: it could be what is signed for a transaction', () => {
    const hash = there(parseHash256(`0x${'41'.repeat(32)}`));
    const signing = encodeSigningMessage(0x41414141, hash);
    const message = Buffer.from(signing).toString('latin1');
    expect(signing).toHaveLength(36);
    expect(encodeMessage('raw-utf8', { message })).toBeNull();
    const signature = signMessage(signing, key);
    expect(verifyMessage({ ...base, message, signature })).toBeNull();
    expect(encodeMessage('raw-utf8', { message: 'é'.repeat(18) })).toBeNull();
    expect(encodeMessage('raw-utf8', { message: 'x'.repeat(35) })).not.toBeNull();
  });

  it('whose classic frame is 36 bytes long is refused for the same reason', () => {
    expect(encodeMessage('classic-no-salt', { message: 'x'.repeat(29) })).toBeNull();
    expect(encodeMessage('classic-no-salt', { message: 'x'.repeat(28) })).not.toBeNull();
  });

  it('in a form that is always 36 bytes long is a digest, of which no one can choose 32 bytes', () => {
    const v2 = there(encodeMessage('neoline-v2', { message: 'a' }));
    const cli = there(encodeMessage('neo-cli-replay-protected', { message: 'a', networkMagic }));
    expect([v2.length, cli.length]).toEqual([36, 36]);
    // Network 0 is nobody's.
    expect(hex(v2.slice(0, 4))).toBe('00000000');
    expect(encodeMessage('neo-cli-replay-protected', { message: 'a' })).toBeNull();
  });

  it('has no other salt than 32 lower-case digits, so that its border cannot be moved', () => {
    const signature = signMessage(
      there(encodeMessage('classic-salted', { message: 'abc', salt: SALT })),
      key,
    );
    const check = { ...base, message: 'abc', salt: SALT, signature };
    expect(verifyMessage(check)).toBe('classic-salted');
    expect(verifyMessage({ ...check, salt: `${SALT}a`, message: 'bc' })).toBeNull();
    expect(verifyMessage({ ...check, salt: SALT.slice(1), message: `fabc` })).toBeNull();
    expect(verifyMessage({ ...check, salt: SALT.toUpperCase() })).toBeNull();
    expect(verifyMessage({ ...check, salt: '' })).toBeNull();
  });

  it('with half a character is refused, since two texts would have its bytes', () => {
    for (const layout of MESSAGE_LAYOUTS)
      expect(encodeMessage(layout, { message: '\ud83d', networkMagic }), layout).toBeNull();
  });

  it('beyond its bound is refused', () => {
    for (const layout of MESSAGE_LAYOUTS)
      expect(encodeMessage(layout, { message: 'x'.repeat(16_385), networkMagic })).toBeNull();
  });
});

describe('a signature in text', () => {
  const bytes = Uint8Array.from({ length: 64 }, (_, index) => index);

  it('is hexadecimal or base64 of 64 bytes', () => {
    expect(parseSignature(Buffer.from(bytes).toString('hex'))).toEqual(bytes);
    expect(parseSignature(Buffer.from(bytes).toString('base64'))).toEqual(bytes);
  });

  it('is nothing else', () => {
    const base64 = Buffer.from(bytes).toString('base64');
    for (const text of ['', 'zz'.repeat(64), base64.slice(0, -2), `${base64.slice(0, -4)}!!==`])
      expect(parseSignature(text), text).toBeNull();
    expect(parseSignature(Buffer.alloc(65).toString('base64'))).toBeNull();
    expect(parseSignature(Buffer.alloc(66).toString('base64'))).toBeNull();
  });
});
