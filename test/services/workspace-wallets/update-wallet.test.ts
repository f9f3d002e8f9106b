/** `PATCH /accounts/{accountId}/workspace-wallets/{walletId}`: its label, and nothing else. */
import { describe, expect, it } from 'vitest';
import { makeWallet } from '../../contract/fixtures/workspace-wallets.ts';
import { openTenant } from '../../support/harness.ts';

describe('200', () => {
  it('sets the label and takes it away', async () => {
    const tenant = await openTenant();
    const path = `/workspace-wallets/${await makeWallet(tenant)}`;
    const named = await tenant.call(`PATCH ${path}`, { body: { label: 'treasury' } });
    expect(named.body.label).toBe('treasury');
    expect(named.headers.get('etag')).toBe('"r2"');
    const unnamed = await tenant.call(`PATCH ${path}`, { body: { label: null } });
    expect(unnamed.body.label).toBeNull();
    expect((await tenant.call(`GET ${path}`)).body).toEqual(unnamed.body);
  });
});

describe('400', () => {
  it('changes neither address nor status', async () => {
    const tenant = await openTenant();
    const path = `/workspace-wallets/${await makeWallet(tenant)}`;
    for (const body of [{ label: 'x', status: 'verified' }, { label: 'x', address: '0x' }, {}])
      expect((await tenant.call(`PATCH ${path}`, { body })).status).toBe(400);
    expect((await tenant.call(`GET ${path}`)).body.status).toBe('unverified');
  });
});

describe('412', () => {
  it('does not write over a change made since it was read', async () => {
    const tenant = await openTenant();
    const path = `/workspace-wallets/${await makeWallet(tenant)}`;
    const headers = { 'if-match': '"r1"' };
    expect((await tenant.call(`PATCH ${path}`, { headers, body: { label: 'a' } })).status).toBe(
      200,
    );
    expect((await tenant.call(`PATCH ${path}`, { headers, body: { label: 'b' } })).status).toBe(
      412,
    );
  });
});
