import { describe, expect, test } from 'vitest';
import type { BridgeEnv } from '../../../enclave-bridge/env.ts';
import worker from '../../../enclave-bridge/index.ts';
import { InvariantError } from '../../../worker/core/assert.ts';
import {
  bridge,
  bridgeWith,
  bytes,
  masterKey,
  nextMasterKey,
  owner,
  sealedSecret,
  signingKey,
} from './bridge-under-test.ts';

const noVault = { ok: false, failure: { code: 'secrets.encryption_unconfigured' } };
const noSigner = { ok: false, failure: { code: 'signing.unconfigured' } };

describe('the bridge as it is deployed', () => {
  test('is ready over RPC and claims no attestation', async () => {
    expect(await bridge.health()).toEqual({
      ready: true,
      missing: [],
      mode: 'software',
      attested: false,
    });
  });

  test('has no route: every HTTP request gets 404', () => {
    expect(worker.fetch()).toHaveProperty('status', 404);
  });

  test('offers the methods of its contract and nothing else', async () => {
    const stub = bridge as unknown as Record<string, () => Promise<unknown>>;
    for (const name of ['env', 'ctx', 'settings', 'constructor', 'bridgeOf', '__proto__'])
      await expect((async () => stub[name]?.())(), name).rejects.toThrow();
  });

  test('takes an ill-formed place for a bug of the caller', async () => {
    const at = bridgeWith({});
    const { wrappedKey } = await sealedSecret(at);
    for (const context of [[], [''], ['secret', '\ud800']]) {
      const items = [{ context, plaintext: bytes('x') }];
      await expect(at.seal({ accountId: owner, wrappedKey, items })).rejects.toThrow(
        InvariantError,
      );
    }
    await expect(at.createDataKey({ accountId: '' })).rejects.toThrow(InvariantError);
  });
});

describe('a master key that cannot be used', () => {
  test.each<readonly [string, BridgeEnv, string]>([
    ['missing', { SECRET_ENCRYPTION_KEY: '' }, 'SECRET_ENCRYPTION_KEY: missing'],
    ['malformed', { SECRET_ENCRYPTION_KEY: 'hex:5e' }, 'SECRET_ENCRYPTION_KEY: malformed'],
    [
      'a development value in production',
      { ENVIRONMENT: 'production', SECRET_ENCRYPTION_KEY: `dev:${masterKey}` },
      'SECRET_ENCRYPTION_KEY: a development value outside development',
    ],
    [
      'a development value in staging',
      { ENVIRONMENT: 'staging', SECRET_ENCRYPTION_KEY: `dev:${masterKey}` },
      'SECRET_ENCRYPTION_KEY: a development value outside development',
    ],
    [
      'a malformed previous one',
      { SECRET_ENCRYPTION_KEY_PREVIOUS: 'short' },
      'SECRET_ENCRYPTION_KEY_PREVIOUS: malformed',
    ],
    [
      'a previous development value in production',
      { ENVIRONMENT: 'production', SECRET_ENCRYPTION_KEY_PREVIOUS: `dev:${nextMasterKey}` },
      'SECRET_ENCRYPTION_KEY_PREVIOUS: a development value outside development',
    ],
  ])('seals nothing and opens nothing: %s', async (_name, settings, problem) => {
    const { wrappedKey, context, sealed } = await sealedSecret();
    const account = { accountId: owner, wrappedKey };
    const broken = bridgeWith(settings);
    const seal = { ...account, items: [{ context, plaintext: bytes('x') }] };
    const sign = { purpose: 'receipt', payload: bytes('{}') } as const;
    expect(await broken.createDataKey(account)).toEqual(noVault);
    expect(await broken.seal(seal)).toEqual(noVault);
    expect(await broken.open({ ...account, items: [{ context, sealed }] })).toEqual(noVault);
    expect(await broken.rewrapDataKey(account)).toEqual(noVault);
    expect(await broken.sealAndSign({ seal, sign })).toEqual(noVault);
    expect((await broken.sign(sign)).ok).toBe(true);
    expect(await broken.health()).toMatchObject({ ready: false, missing: [problem] });
  });
});

describe('a signing key that cannot be used', () => {
  const order = 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551';

  test.each<readonly [string, BridgeEnv, string]>([
    ['missing', { SIGNING_KEY: '' }, 'SIGNING_KEY: missing'],
    ['malformed', { SIGNING_KEY: 'short' }, 'SIGNING_KEY: malformed'],
    ['not below the order', { SIGNING_KEY: order }, 'SIGNING_KEY: malformed'],
    [
      'a development value in production',
      { ENVIRONMENT: 'production', SIGNING_KEY: `dev:${signingKey}` },
      'SIGNING_KEY: a development value outside development',
    ],
    [
      'the master key again',
      { SIGNING_KEY: '5E'.repeat(32) },
      'SIGNING_KEY: the same value as a master key',
    ],
    [
      'the previous master key again',
      { SECRET_ENCRYPTION_KEY_PREVIOUS: signingKey },
      'SIGNING_KEY: the same value as a master key',
    ],
  ])('signs nothing: %s', async (_name, settings, problem) => {
    const broken = bridgeWith(settings);
    const sign = { purpose: 'receipt', payload: bytes('{}') } as const;
    expect(await broken.sign(sign)).toEqual(noSigner);
    expect(await broken.publicKey()).toEqual(noSigner);
    expect((await broken.createDataKey({ accountId: owner })).ok).toBe(true);
    expect(await broken.health()).toMatchObject({ ready: false, missing: [problem] });
  });
});

describe('the environment', () => {
  const development = {
    SECRET_ENCRYPTION_KEY: `dev:${masterKey}`,
    SIGNING_KEY: `dev:${signingKey}`,
  };

  test('of development takes development values', async () => {
    expect(await bridgeWith(development).health()).toMatchObject({ ready: true, missing: [] });
  });

  test('of production takes values of its own', async () => {
    const health = await bridgeWith({ ENVIRONMENT: 'production' }).health();
    expect(health).toMatchObject({ ready: true, missing: [] });
  });

  test.each(['', 'Development', 'dev'])(
    'written as "%s" is held to the rules of production',
    async (ENVIRONMENT) => {
      const slipped = bridgeWith({ ...development, ENVIRONMENT });
      expect(await slipped.createDataKey({ accountId: owner })).toEqual(noVault);
      expect((await slipped.health()).missing).toContain('ENVIRONMENT: missing or unknown');
    },
  );

  test('never shows a value in what it complains of', async () => {
    const planted = 'canary-3f9c';
    const { missing } = await bridgeWith({
      ENVIRONMENT: planted,
      LOG_LEVEL: planted,
      SECRET_ENCRYPTION_KEY: planted,
      SECRET_ENCRYPTION_KEY_PREVIOUS: planted,
      SIGNING_KEY: planted,
    }).health();
    expect(missing).toHaveLength(5);
    expect(missing.join()).not.toContain('3f9c');
  });
});
