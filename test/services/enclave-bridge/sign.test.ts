import { p256 } from '@noble/curves/nist.js';
import { base64urlnopad } from '@scure/base';
import { describe, expect, test } from 'vitest';
import { LIMITS } from '../../../worker/core/crypto/limits.ts';
import {
  signatureSchema,
  signingInput,
  signingPublicKeySchema,
  verifySignature,
} from '../../../worker/core/crypto/signature.ts';
import {
  bridge,
  bridgeWith,
  bytes,
  owner,
  sealedSecret,
  text,
  valueOf,
} from './bridge-under-test.ts';

const payload = bytes('{"a":1}');

describe('a signature of the bridge', () => {
  test('verifies with the published key, by another implementation', async () => {
    const published = valueOf(await bridge.publicKey());
    const signature = valueOf(await bridge.sign({ purpose: 'receipt', payload }));
    expect(signatureSchema.parse(signature)).toEqual(signature);
    expect(signingPublicKeySchema.parse(published)).toEqual(published);
    expect(signature).toMatchObject({ keyId: published.keyId, attested: false });
    const { x, y } = published.publicKey;
    const point = Uint8Array.from([4, ...base64urlnopad.decode(x), ...base64urlnopad.decode(y)]);
    const value = base64urlnopad.decode(signature.value);
    expect(p256.verify(value, signingInput('receipt', payload), point, { lowS: false })).toBe(true);
  });

  test('is accepted by our verifier for its purpose and payload only', async () => {
    const publicKeys = [valueOf(await bridge.publicKey())];
    const purpose = 'audit-checkpoint';
    const signature = valueOf(await bridge.sign({ purpose, payload }));
    const check = { purpose, payload, signature, publicKeys } as const;
    expect(verifySignature(check).ok).toBe(true);
    expect(verifySignature({ ...check, purpose: 'receipt' }).ok).toBe(false);
    expect(verifySignature({ ...check, payload: bytes('{"a":2}') }).ok).toBe(false);
  });

  test('stays verifiable after the key is changed, by the list of keys', async () => {
    const later = bridgeWith({ SIGNING_KEY: `hex:${'18'.repeat(32)}` });
    const first = valueOf(await bridge.sign({ purpose: 'receipt', payload }));
    const second = valueOf(await later.sign({ purpose: 'receipt', payload }));
    expect(second.keyId).not.toBe(first.keyId);
    const publicKeys = [valueOf(await bridge.publicKey()), valueOf(await later.publicKey())];
    for (const signature of [first, second])
      expect(verifySignature({ purpose: 'receipt', payload, signature, publicKeys }).ok).toBe(true);
  });

  test('is given for no other purpose', async () => {
    const purpose = 'transaction' as 'receipt'; // What a caller that was taken over might ask.
    await expect(bridgeWith({}).sign({ purpose, payload })).rejects.toThrow('purpose');
  });

  test('is given for no payload beyond the bound', async () => {
    const limit = LIMITS.signaturePayloadBytesMax.value;
    const sign = (length: number) =>
      bridge.sign({ purpose: 'receipt', payload: new Uint8Array(length) });
    expect((await sign(limit)).ok).toBe(true);
    expect(await sign(limit + 1)).toEqual({
      ok: false,
      failure: { code: 'bridge.batch_too_large', limit, observed: limit + 1 },
    });
  });
});

describe('sealing and signing in one round trip', () => {
  test('gives what the two calls give', async () => {
    const { wrappedKey, context } = await sealedSecret();
    const account = { accountId: owner, wrappedKey };
    const items = [{ context, plaintext: bytes('the journal') }];
    const { sealed, signature } = valueOf(
      await bridge.sealAndSign({
        seal: { ...account, items },
        sign: { purpose: 'receipt', payload },
      }),
    );
    const opened = await bridge.open({
      ...account,
      items: [{ context, sealed: sealed[0] ?? new Uint8Array() }],
    });
    expect(text(valueOf(opened)[0])).toBe('the journal');
    const publicKeys = [valueOf(await bridge.publicKey())];
    expect(verifySignature({ purpose: 'receipt', payload, signature, publicKeys }).ok).toBe(true);
  });

  test('gives neither when one of the two is refused', async () => {
    const { wrappedKey, context } = await sealedSecret();
    const items = [{ context, plaintext: bytes('x') }];
    const sign = { purpose: 'receipt', payload } as const;
    const unsealable = { accountId: owner, wrappedKey: 'A', items };
    expect(await bridge.sealAndSign({ seal: unsealable, sign })).toEqual({
      ok: false,
      failure: { code: 'secrets.undecryptable' },
    });
    const unsigned = bridgeWith({ SIGNING_KEY: '' });
    expect(
      await unsigned.sealAndSign({ seal: { accountId: owner, wrappedKey, items }, sign }),
    ).toEqual({ ok: false, failure: { code: 'signing.unconfigured' } });
  });
});
