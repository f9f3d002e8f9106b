/** `POST /sign-in/sign-out`: ends the session of whoever holds a token of it, and tells nobody anything. */
import { describe, expect, it } from 'vitest';
import { forgetCredentials } from '../../../worker/http/authenticate.ts';
import { call } from '../../support/harness.ts';
import { openSignedIn } from '../../support/signed-in.ts';

const signOut = (refreshToken: string) =>
  call('POST /sign-in/sign-out', { token: null, body: { refreshToken } });

describe('204', () => {
  it('ends the session and nothing else', async () => {
    const [one, other] = [await openSignedIn(), await openSignedIn('other')];
    expect((await signOut(one.refreshToken)).status).toBe(204);
    forgetCredentials();
    expect((await call('GET /system/version', { token: one.accessToken })).status).toBe(401);
    expect((await call('GET /system/version', { token: other.accessToken })).status).toBe(200);
    const { items } = (await one.tenant.call('GET /sessions')).body;
    expect(items).toMatchObject([{ status: 'ended', endReason: 'signed_out' }]);
    const log = await one.tenant.call('GET /audit?operation=sessions.signOut');
    expect(log.body.items).toMatchObject([{ actor: { kind: 'session', id: one.sessionId } }]);
  });

  it('answers the same for what is no token, or of no session any more', async () => {
    const { refreshToken } = await openSignedIn();
    for (const token of [refreshToken, refreshToken, 'x', `${refreshToken}x`])
      expect(await signOut(token)).toMatchObject({ status: 204, text: '' });
  });
});
