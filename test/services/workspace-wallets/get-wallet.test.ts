/** `GET /accounts/{accountId}/workspace-wallets/{walletId}` */
import { describe, expect, it } from 'vitest';
import { makeWallet } from '../../contract/fixtures/workspace-wallets.ts';
import { openTenant } from '../../support/harness.ts';

describe('200', () => {
  it('shows what was answered when it was added', async () => {
    const tenant = await openTenant();
    const made = await tenant.call('POST /workspace-wallets', {
      body: { kind: 'neo', address: 'NPTmAHDxo6Pkyic8Nvu3kwyXoYJCvcCB6i' },
    });
    const read = await tenant.call(`GET /workspace-wallets/${made.body.id}`);
    expect(read.body).toEqual(made.body);
    expect(read.headers.get('etag')).toBe(made.headers.get('etag'));
  });
});

describe('404', () => {
  it('does not show a wallet of another tenant', async () => {
    const tenant = await openTenant();
    const theirs = await makeWallet(await openTenant('neighbour'));
    expect((await tenant.call(`GET /workspace-wallets/${theirs}`)).status).toBe(404);
  });
});
