/** The state of the parts and who is asking: the caller's own facts and nobody else's. */
import { describe, expect, it } from 'vitest';
import { callAltered, UNREACHABLE } from '../../support/altered-platform.ts';
import { testOperator } from '../../support/bindings.ts';
import { call, keyOf, openTenant } from '../../support/harness.ts';

describe('200', () => {
  it('tells an operator its name and that it belongs to no account', async () => {
    const { body } = await call('GET /system/status');
    expect(body).toMatchObject({
      status: 'ready',
      caller: { kind: 'operator', id: testOperator.name, accountId: null, scopes: [] },
    });
    expect(body.parts).toEqual(
      ['settings', 'catalogue', 'objects', 'bridge', 'neo3:private'].map((name) => ({
        name,
        ready: true,
      })),
    );
    expect(Math.abs(Date.parse(body.time) - Date.now())).toBeLessThan(60_000);
  });

  it('tells a key its id, account and exactly its scopes, and not itself', async () => {
    const tenant = await openTenant();
    const token = await keyOf(tenant.accountId, { scopes: ['events:read', 'keys:read'] });
    const { body, text } = await call('GET /system/status', { token });
    expect(body.caller).toEqual({
      kind: 'apiKey',
      id: `key_${token.split('_')[2]}`,
      accountId: tenant.accountId,
      scopes: ['events:read', 'keys:read'],
      signingPublicKey: null,
    });
    expect(text).not.toContain(token);
  });

  it('says which part is degraded, and to tenants not why', async () => {
    const tenant = await openTenant();
    const { status, body, text } = await callAltered(
      { BRIDGE: UNREACHABLE },
      'GET /system/status',
      { token: tenant.key },
    );
    expect(status).toBe(200);
    expect(body.status).toBe('degraded');
    expect(body.parts).toContainEqual({ name: 'bridge', ready: false });
    expect(text).not.toContain('canary-9d1e');
  });

  it('refuses strangers', async () => {
    expect((await call('GET /system/status', { token: null })).status).toBe(401);
  });
});
