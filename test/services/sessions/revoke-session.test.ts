/** `DELETE /accounts/{accountId}/sessions/{sessionId}`, and how soon an end holds. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { forgetCredentials } from '../../../worker/http/authenticate.ts';
import { bridgeWith, callAltered } from '../../support/altered-platform.ts';
import { type Called, call, openTenant } from '../../support/harness.ts';
import { createNeoWallet } from '../../support/neo-wallet.ts';
import { openSignedIn, signedIn } from '../../support/signed-in.ts';
import { SECOND_MS, stopClock } from '../../support/time.ts';

const use = (token: string): Promise<Called> => call('GET /system/version', { token });

describe('204', () => {
  it('holds in an isolate that remembers the session within 20 s, however often it is used', async () => {
    const { pass } = stopClock();
    const { tenant, sessionId, accessToken } = await openSignedIn();
    expect((await use(accessToken)).status).toBe(200);
    expect((await tenant.call(`DELETE /sessions/${sessionId}`)).status).toBe(204);
    for (let second = 0; second < 20; second += 1) {
      expect((await use(accessToken)).status).toBe(200);
      pass(SECOND_MS);
    }
    expect((await use(accessToken)).body.code).toBe('request.unauthenticated');
  });

  it('holds at once where the session is not remembered, and changes nothing when repeated', async () => {
    const { tenant, sessionId, accessToken } = await openSignedIn();
    await tenant.call(`DELETE /sessions/${sessionId}`);
    const [ended] = (await tenant.call('GET /sessions')).body.items;
    expect((await tenant.call(`DELETE /sessions/${sessionId}`)).status).toBe(204);
    expect((await tenant.call('GET /sessions')).body.items).toEqual([ended]);
    expect(ended).toMatchObject({ status: 'ended', endReason: 'revoked' });
    expect((await use(accessToken)).status).toBe(401);
    const log = await tenant.call('GET /audit?operation=sessions.revokeSession');
    expect(log.body.items).toHaveLength(1);
  });

  it('lets a session end itself, and leaves the others of its wallet alone', async () => {
    const { tenant, wallet, sessionId, accessToken } = await openSignedIn();
    const other = await signedIn(wallet);
    const ended = await tenant.call(`DELETE /sessions/${sessionId}`, { token: accessToken });
    expect(ended.status).toBe(204);
    forgetCredentials();
    expect([(await use(accessToken)).status, (await use(other.accessToken)).status]).toEqual([
      401, 200,
    ]);
  });
});

describe('404', () => {
  it('ends no session of another tenant', async () => {
    const { sessionId, accessToken } = await openSignedIn();
    const stranger = await openTenant('stranger');
    expect((await stranger.call(`DELETE /sessions/${sessionId}`)).status).toBe(404);
    expect((await use(accessToken)).status).toBe(200);
  });
});

describe('a session', () => {
  it('of a suspended account is told so within 20 s, and works again when it is resumed', async () => {
    const { pass } = stopClock();
    const { tenant, accessToken } = await openSignedIn();
    const ask = () => tenant.call('GET /keys', { token: accessToken });
    expect((await ask()).status).toBe(200);
    await call(`POST /accounts/${tenant.accountId}/suspend`, { body: { reason: 'unpaid' } });
    pass(20 * SECOND_MS);
    expect((await ask()).body.code).toBe('account.suspended');
    await call(`POST /accounts/${tenant.accountId}/resume`, { body: { reason: 'paid' } });
    pass(20 * SECOND_MS);
    expect((await ask()).status).toBe(200);
  });

  it('that was revoked while it is remembered makes no key and verifies no wallet that outlive it', async () => {
    const { tenant, sessionId, accessToken } = await openSignedIn();
    expect((await use(accessToken)).status).toBe(200);
    const other = createNeoWallet();
    const added = await tenant.call('POST /workspace-wallets', {
      body: { kind: 'neo', address: other.address },
    });
    const path = `/workspace-wallets/${added.body.id}`;
    const asked = await tenant.call(`POST ${path}/challenges`, { body: {} });
    await tenant.call(`DELETE /sessions/${sessionId}`);
    const verified = await tenant.call(`POST ${path}/verify`, {
      token: accessToken,
      body: other.answer(asked.body),
    });
    expect(verified.body.code).toBe('wallets.verifier_too_narrow');
    const made = await tenant.call('POST /keys', {
      token: accessToken,
      body: { name: 'successor', role: 'admin' },
    });
    expect(made).toMatchObject({ status: 403, body: { code: 'keys.wider_than_creator' } });
  });

  it('is not opened by its token once the row says another account', async () => {
    const { accessToken, sessionId } = await openSignedIn();
    const other = await openTenant('other');
    await env.DB.prepare('UPDATE sessions SET account_id = ? WHERE session_id = ?')
      .bind(other.accountId, sessionId)
      .run();
    expect((await use(accessToken)).status).toBe(401);
  });

  it('ends its access token after 15 minutes', async () => {
    const { pass } = stopClock();
    // In this isolate, so that the bridge has the same clock.
    const BRIDGE = bridgeWith({});
    const { refreshToken } = await openSignedIn();
    const { body } = await callAltered({ BRIDGE }, 'POST /sign-in/refresh', {
      token: null,
      body: { refreshToken },
    });
    const ask = async () =>
      (await callAltered({ BRIDGE }, 'GET /system/version', { token: body.accessToken })).status;
    expect(await ask()).toBe(200);
    pass(15 * 60 * SECOND_MS);
    expect(await ask()).toBe(401);
  });

  it('is refused with a token of another signing key, or of another deployment of the same key', async () => {
    const { tenant, sessionId, wallet } = await openSignedIn();
    const { accountId } = tenant;
    const address = wallet.address;
    const parties = {
      issuer: 'urn:neo-service-layer:development',
      audience: 'urn:neo-service-layer:development:api',
    };
    const request = { ...parties, accountId, address, sessionId };
    const stranger = await bridgeWith({ SIGNING_KEY: `hex:${'18'.repeat(32)}` }).signSession(
      request,
    );
    const elsewhere = await bridgeWith({}).signSession({
      ...request,
      issuer: 'urn:neo-service-layer:staging',
      audience: 'urn:neo-service-layer:staging:api',
    });
    const sound = await bridgeWith({}).signSession(request);
    const statuses = [];
    for (const signed of [stranger, elsewhere, sound])
      statuses.push((await use(signed.ok ? signed.value.token : '')).status);
    expect(statuses).toEqual([401, 401, 200]);
  });

  it('is refused with a token that chooses its own algorithm', async () => {
    const { accessToken } = await openSignedIn();
    const [, claims = '', signature = ''] = accessToken.split('.');
    const headerOf = (header: object): string =>
      btoa(JSON.stringify(header)).replace(/=+$/, '').replace(/\+/g, '-').replace(/\//g, '_');
    for (const header of [
      { alg: 'none', typ: 'nsl-session+jwt' },
      { alg: 'HS256', typ: 'nsl-session+jwt' },
      { alg: 'EdDSA', typ: 'JWT' },
    ])
      for (const end of ['', 'AA', signature])
        expect((await use(`${headerOf(header)}.${claims}.${end}`)).status).toBe(401);
  });
});
