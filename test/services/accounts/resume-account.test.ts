/** `POST /accounts/{accountId}/resume` */
import { describe, expect, it } from 'vitest';
import { forgetCredentials } from '../../../worker/http/authenticate.ts';
import { call, openTenant } from '../../support/harness.ts';

describe('200', () => {
  it('lets the keys of the account work again', async () => {
    const tenant = await openTenant();
    await call(`POST /accounts/${tenant.accountId}/suspend`, { body: { reason: 'unpaid' } });
    const resumed = await call(`POST /accounts/${tenant.accountId}/resume`, {
      body: { reason: 'paid' },
    });
    expect(resumed.body.status).toBe('active');
    forgetCredentials();
    expect((await tenant.call('GET ')).status).toBe(200);
  });
});

describe('409', () => {
  it('refuses an account that is not suspended', async () => {
    const { accountId } = await openTenant();
    expect(
      await call(`POST /accounts/${accountId}/resume`, { body: { reason: 'paid' } }),
    ).toMatchObject({
      status: 409,
      body: { code: 'accounts.state_conflict' },
    });
  });
});
