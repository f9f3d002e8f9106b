/** `GET /accounts/{accountId}/request-signatures` */
import { describe, expect, it } from 'vitest';
import { signingKeyOf } from '../../contract/fixtures/accounts.ts';
import { call, keyOf, openTenant } from '../../support/harness.ts';

describe('200', () => {
  it('says `optional` until it is set, to whoever may read the account', async () => {
    const tenant = await openTenant();
    const viewer = await keyOf(tenant.accountId, { role: 'viewer' });
    const path = '/request-signatures';
    const first = await tenant.call(`GET ${path}`, { token: viewer });
    expect(first.body).toEqual({ requestSignatures: 'optional' });
    const body = { requestSignatures: 'required' };
    const set = await tenant.call(`PUT ${path}`, { ...(await signingKeyOf(tenant)), body });
    const second = await tenant.call(`GET ${path}`, { token: viewer });
    expect(second.body).toEqual(body);
    expect(second.headers.get('etag')).toBe(set.headers.get('etag'));
    expect((await call(`GET /accounts/${tenant.accountId}${path}`)).body).toEqual(body);
  });
});
