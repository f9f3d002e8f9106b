/** `POST /sign-in/refresh`: a refresh token works once, and one that is used twice ends its session. */
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../worker/core/sessions/limits.ts';
import { forgetCredentials } from '../../../worker/http/authenticate.ts';
import { bridgeWith, callAltered } from '../../support/altered-platform.ts';
import { type Called, call } from '../../support/harness.ts';
import { openSignedIn } from '../../support/signed-in.ts';
import { stopClock } from '../../support/time.ts';

const DAY_MS = 86_400_000;

const refresh = (refreshToken: string): Promise<Called> =>
  call('POST /sign-in/refresh', { token: null, body: { refreshToken } });

/** Asked of an isolate that remembers nothing. */
async function works(token: string): Promise<boolean> {
  forgetCredentials();
  return (await call('GET /system/version', { token })).status === 200;
}

const REFUSED = { status: 403, body: { code: 'sessions.refresh_refused' } };

describe('200', () => {
  it('gives the next pair of tokens for the same session', async () => {
    const { sessionId, refreshToken } = await openSignedIn();
    const next = await refresh(refreshToken);
    expect(next).toMatchObject({
      status: 200,
      body: { session: { id: sessionId, status: 'open' } },
    });
    expect(next.body.refreshToken).not.toBe(refreshToken);
    expect(await works(next.body.accessToken)).toBe(true);
    expect((await refresh(next.body.refreshToken)).status).toBe(200);
  });

  it('goes on for as long as it is used, and not beyond 90 days', async () => {
    const { pass } = stopClock();
    const { tenant, sessionId, refreshToken } = await openSignedIn();
    const signedInAt = Date.now();
    let token = refreshToken;
    for (let day = 0; day < LIMITS.sessionDays.value - 29; day += 29) {
      pass(29 * DAY_MS);
      const next = await refresh(token);
      expect(next.status, next.text).toBe(200);
      token = next.body.refreshToken;
    }
    const { items } = (await tenant.call('GET /sessions')).body;
    expect(items[0].id).toBe(sessionId);
    expect(Date.parse(items[0].expiresAt)).toBe(signedInAt + LIMITS.sessionDays.value * DAY_MS);
    pass(29 * DAY_MS);
    expect(await refresh(token)).toMatchObject(REFUSED);
  });
});

describe('403', () => {
  it('ends the session of a token that is used twice: the thief and the owner alike', async () => {
    const { tenant, sessionId, accessToken, refreshToken } = await openSignedIn();
    const stolen = await refresh(refreshToken);
    expect(await refresh(refreshToken)).toMatchObject(REFUSED);
    expect(await refresh(stolen.body.refreshToken)).toMatchObject(REFUSED);
    expect([await works(accessToken), await works(stolen.body.accessToken)]).toEqual([
      false,
      false,
    ]);
    const { items } = (await tenant.call('GET /sessions')).body;
    expect(items).toMatchObject([{ id: sessionId, status: 'ended', endReason: 'refresh_reused' }]);
    const log = await tenant.call('GET /audit?operation=sessions.refreshSession');
    expect(log.body.items[0]).toMatchObject({
      target: { kind: 'session', id: sessionId },
      details: { reason: 'refresh_reused' },
    });
  });

  it('gives one pair of tokens at most when two use a token at the same time, and ends the session', async () => {
    const { refreshToken, tenant } = await openSignedIn();
    const answers = await Promise.all([refresh(refreshToken), refresh(refreshToken)]);
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
    const { items } = (await tenant.call('GET /sessions')).body;
    expect(items[0].endReason).toBe('refresh_reused');
    for (const { body } of answers)
      if (body.accessToken) expect(await works(body.accessToken)).toBe(false);
  });

  it('cannot be made to end a session by somebody who knows its id alone', async () => {
    const { refreshToken } = await openSignedIn();
    const [session = '', family = '', secret = ''] = refreshToken.split('.');
    for (const guess of [
      `${session}.${'A'.repeat(22)}.${secret}`,
      `${session}.${'A'.repeat(22)}.${'A'.repeat(43)}`,
      `nsr_01k4j8x1e0e4r9v2m3n5p6q7rs.${family}.${secret}`,
      refreshToken.slice(0, -1),
      'x',
    ])
      expect(await refresh(guess)).toMatchObject(REFUSED);
    expect((await refresh(refreshToken)).status).toBe(200);
  });

  it('reads the same for a session that has ended, a token that was used and one that never was', async () => {
    const { tenant, sessionId, refreshToken } = await openSignedIn();
    await tenant.call(`DELETE /sessions/${sessionId}`);
    const other = await openSignedIn('other');
    await refresh(other.refreshToken);
    const answers = [];
    for (const token of [refreshToken, other.refreshToken, 'never']) {
      const { status, body } = await refresh(token);
      answers.push(JSON.stringify({ status, body: { ...body, requestId: '' } }));
    }
    expect(new Set(answers).size).toBe(1);
  });

  it('does not continue a session 30 days after its last use', async () => {
    const { pass } = stopClock();
    const { refreshToken } = await openSignedIn();
    pass(LIMITS.refreshTokenDays.value * DAY_MS);
    expect(await refresh(refreshToken)).toMatchObject(REFUSED);
  });

  it('does not continue a session whose wallet is no longer one of the account', async () => {
    const { tenant, walletId, wallet, accessToken, refreshToken } = await openSignedIn();
    await tenant.call(`DELETE /workspace-wallets/${walletId}`);
    expect(await works(accessToken)).toBe(false);
    await tenant.call('POST /workspace-wallets', {
      body: { kind: 'neo', address: wallet.address },
    });
    expect(await refresh(refreshToken)).toMatchObject(REFUSED);
  });

  it('uses up no token while the account is suspended', async () => {
    const { tenant, refreshToken } = await openSignedIn();
    await call(`POST /accounts/${tenant.accountId}/suspend`, { body: { reason: 'unpaid' } });
    expect((await refresh(refreshToken)).body.code).toBe('account.suspended');
    await call(`POST /accounts/${tenant.accountId}/resume`, { body: { reason: 'paid' } });
    expect((await refresh(refreshToken)).status).toBe(200);
    await call(`DELETE /accounts/${tenant.accountId}`);
    expect(await refresh(refreshToken)).toMatchObject(REFUSED);
  });
});

describe('503', () => {
  it('uses up no token while the bridge has no key', async () => {
    const { refreshToken } = await openSignedIn();
    const refused = await callAltered(
      { BRIDGE: bridgeWith({ SIGNING_KEY: undefined }) },
      'POST /sign-in/refresh',
      { token: null, body: { refreshToken } },
    );
    expect(refused).toMatchObject({ status: 503, body: { code: 'signing.unconfigured' } });
    expect((await refresh(refreshToken)).status).toBe(200);
  });
});
