/** `GET /accounts/{accountId}` */
import { describe, expect, it } from 'vitest';
import { call, keyOf, openAccount, openTenant } from '../../support/harness.ts';

describe('200', () => {
  it('shows the account to its own keys and to operators alike, with the tag of its revision', async () => {
    const tenant = await openTenant('Payer');
    const own = await tenant.call('GET ');
    expect(own).toMatchObject({ status: 200, body: { id: tenant.accountId, name: 'Payer' } });
    expect(own.headers.get('etag')).toBe('"r1"');
    expect((await call(`GET /accounts/${tenant.accountId}`)).body).toEqual(own.body);
  });
});

describe('403', () => {
  it('refuses a key without account:read', async () => {
    const accountId = await openAccount();
    const token = await keyOf(accountId, { scopes: ['keys:read'] });
    expect((await call(`GET /accounts/${accountId}`, { token })).status).toBe(403);
  });
});
