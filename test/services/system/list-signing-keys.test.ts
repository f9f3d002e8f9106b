/**
 * The public keys of our signatures: what was ever signed stays verifiable, through rotations, outages and rotations
 * that were undone.
 */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { forgetRecordedKey } from '../../../worker/services/system/signing-keys.ts';
import { sweep } from '../../../worker/sweep.ts';
import { bridgeWith, callAltered, UNREACHABLE } from '../../support/altered-platform.ts';
import { call } from '../../support/harness.ts';

const nextKey = { SIGNING_KEY: `hex:${'18'.repeat(32)}` };

/** The list as an isolate answers that has just begun, with this bridge. */
async function listWith(settings: Parameters<typeof bridgeWith>[0]) {
  forgetRecordedKey();
  return callAltered({ BRIDGE: bridgeWith(settings) }, 'GET /system/signing-keys', { token: null });
}

describe('200', () => {
  it('lists the key of the bridge to strangers, its public half only', async () => {
    const { body, text } = await call('GET /system/signing-keys', { token: null });
    const current = await env.BRIDGE.publicKey();
    expect(body.items).toHaveLength(1);
    expect(body.items[0]).toMatchObject({
      ...(current.ok ? current.value : {}),
      algorithm: 'ES256',
      retiredAt: null,
    });
    expect(Object.keys(body.items[0].publicKey).sort()).toEqual(['crv', 'kty', 'x', 'y']);
    expect(text).not.toContain('17'.repeat(8));
  });

  it('verifies with it what the bridge signs', async () => {
    const { body } = await call('GET /system/signing-keys', { token: null });
    const signed = await env.BRIDGE.sign({
      purpose: 'receipt',
      payload: new TextEncoder().encode('{}'),
    });
    expect(signed.ok && signed.value.keyId).toBe(body.items[0].keyId);
  });

  it('keeps the key before a rotation, with the time it signed until', async () => {
    const before = (await listWith({})).body.items[0];
    const { body } = await listWith(nextKey);
    expect(body.items).toHaveLength(2);
    const [past, now] = [
      body.items.find(({ keyId }: { keyId: string }) => keyId === before.keyId),
      body.items.find(({ keyId }: { keyId: string }) => keyId !== before.keyId),
    ];
    expect(past).toEqual({ ...before, retiredAt: now.firstSeenAt });
    expect(now.retiredAt).toBeNull();
  });

  it('opens the period of a key again that comes back, and never has two open', async () => {
    const first = (await listWith({})).body.items[0];
    await listWith(nextKey);
    const { body } = await listWith({});
    expect(body.items).toHaveLength(2);
    expect(
      body.items.filter(({ retiredAt }: { retiredAt: unknown }) => retiredAt === null),
    ).toEqual([first]);
  });

  it('serves past keys while the bridge has no key, and while it cannot be reached', async () => {
    const before = (await listWith({})).body;
    expect((await listWith({ SIGNING_KEY: undefined })).body).toEqual(before);
    forgetRecordedKey();
    const called = await callAltered({ BRIDGE: UNREACHABLE }, 'GET /system/signing-keys');
    expect(called).toMatchObject({ status: 200, body: before });
  });

  it('is written by the sweep too, so that a key nobody asked for is on record', async () => {
    await sweep({ ...env, LOG_LEVEL: 'silent' }, Date.now());
    const found = await env.DB.prepare('SELECT count(*) AS keys FROM signing_keys').first();
    expect(found).toEqual({ keys: 1 });
  });
});

describe('503', () => {
  it.each([
    ['missing', { SIGNING_KEY: undefined }],
    ['malformed', { SIGNING_KEY: 'hex:12' }],
    ['the master key itself', { SIGNING_KEY: `hex:${'5e'.repeat(32)}` }],
  ])('answers that there is none when the key is %s and none ever was', async (_, settings) => {
    const called = await listWith(settings);
    expect(called).toMatchObject({ status: 503, body: { code: 'signing.unconfigured' } });
    const rows = await env.DB.prepare('SELECT * FROM signing_keys').all();
    expect(rows.results).toEqual([]);
  });

  it('asks for a later attempt when the bridge cannot be reached and no key is on record', async () => {
    forgetRecordedKey();
    const called = await callAltered({ BRIDGE: UNREACHABLE }, 'GET /system/signing-keys');
    expect(called).toMatchObject({ status: 503, body: { code: 'upstream.unavailable' } });
    expect(called.text).not.toContain('canary-9d1e');
  });
});
