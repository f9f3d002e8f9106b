import { importJWK, SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { LIMITS } from '../../../worker/core/sessions/limits.ts';
import {
  SESSION_TYPE,
  sessionClaimsSchema,
  sessionPublicKeySchema,
} from '../../../worker/core/sessions/session-token.ts';
import { verifySessionToken } from '../../../worker/http/session-token.ts';
import { bridge, bridgeWith, bytes, owner, valueOf } from './bridge-under-test.ts';

const request = {
  accountId: owner,
  issuer: 'https://api.example',
  audience: 'development',
  address: 'NfgHwwTi3wHAS8aFAN243C5vGbkYDpqLHP',
  sessionId: 'ses_01hf7yat00e9jr000000000000',
};

async function reader(changes: object = {}) {
  const publicKey = valueOf(await bridge.sessionPublicKey());
  return {
    publicKey,
    issuer: request.issuer,
    audience: 'development',
    now: Date.now(),
    ...changes,
  };
}

async function claims(changes: object = {}) {
  const { token } = valueOf(await bridge.signSession(request));
  const own = await verifySessionToken(token, await reader());
  return { ...own, ...changes };
}

describe('a session token of the bridge', () => {
  test('says who signed in, for fifteen minutes', async () => {
    const { token, expiresAt } = valueOf(await bridge.signSession(request));
    const read = sessionClaimsSchema.parse(await verifySessionToken(token, await reader()));
    expect(read).toMatchObject({ sub: request.address, sid: request.sessionId, acc: owner });
    expect(read.exp - read.iat).toBe(LIMITS.accessTokenMinutes.value * 60);
    expect(read.exp * 1000).toBe(expiresAt);
    expect(await verifySessionToken(token, await reader({ now: expiresAt }))).toBeUndefined();
  });

  test('is refused by another deployment and after the key was changed', async () => {
    const { token } = valueOf(await bridge.signSession(request));
    const later = bridgeWith({ SIGNING_KEY: `hex:${'18'.repeat(32)}` });
    const publicKey = sessionPublicKeySchema.parse(valueOf(await later.sessionPublicKey()));
    for (const change of [
      { issuer: 'https://b.example' },
      { audience: 'production' },
      { publicKey },
    ])
      expect(await verifySessionToken(token, await reader(change))).toBeUndefined();
  });

  test('is refused when any character of it was changed', async () => {
    const { token } = valueOf(await bridge.signSession(request));
    for (const at of [5, token.indexOf('.') + 9, token.lastIndexOf('.') + 5]) {
      const other = token[at] === 'A' ? 'B' : 'A';
      const changed = token.slice(0, at) + other + token.slice(at + 1);
      expect(await verifySessionToken(changed, await reader())).toBeUndefined();
    }
  });

  test('cannot be had without a signature, or signed with the public key as a password', async () => {
    const { publicKey } = await reader();
    const bare = new UnsecuredJWT({ ...(await claims()) }).encode();
    const header = { alg: 'HS256', typ: SESSION_TYPE };
    const forged = await new SignJWT({ ...(await claims()) })
      .setProtectedHeader(header)
      .sign(bytes(publicKey.publicKey.x));
    for (const token of [bare, forged])
      expect(await verifySessionToken(token, await reader())).toBeUndefined();
  });

  test('must carry our type and every claim, even under a right key', async () => {
    const seed = { kty: 'OKP', crv: 'Ed25519', d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A' };
    const x = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'; // RFC 8037, appendix A.1.
    const key = await importJWK({ ...seed, x }, 'EdDSA');
    const publicKey = {
      keyId: '0'.repeat(16),
      algorithm: 'EdDSA',
      publicKey: { kty: 'OKP', crv: 'Ed25519', x },
    } as const;
    const sign = async (changes: object, typ?: string) =>
      new SignJWT(await claims(changes))
        .setProtectedHeader(typ === undefined ? { alg: 'EdDSA' } : { alg: 'EdDSA', typ })
        .sign(key);
    const read = async (token: string) => verifySessionToken(token, await reader({ publicKey }));
    expect(await read(await sign({}, SESSION_TYPE))).toBeDefined();
    expect(await read(await sign({}))).toBeUndefined();
    expect(await read(await sign({}, 'at+jwt'))).toBeUndefined();
    for (const lost of [{ exp: undefined }, { sid: undefined }, { acc: 'acc_1' }, { sub: 'me' }])
      expect(await read(await sign(lost, SESSION_TYPE))).toBeUndefined();
  });

  test('is not made for what is no account, session or address', async () => {
    const local = bridgeWith({});
    for (const change of [{ accountId: 'acc_1' }, { sessionId: '' }, { address: 'you' }])
      await expect(local.signSession({ ...request, ...change })).rejects.toThrow();
  });

  test('is refused without a signing key', async () => {
    const bare = bridgeWith({ SIGNING_KEY: '' });
    expect(await bare.signSession(request)).toMatchObject({ ok: false });
    expect(await bare.sessionPublicKey()).toMatchObject({ ok: false });
  });
});
