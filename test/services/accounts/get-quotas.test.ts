/** `GET /accounts/{accountId}/quotas` */
import { describe, expect, it } from 'vitest';
import { DEFAULT_QUOTAS } from '../../../worker/services/accounts/index.ts';
import { call, openTenant } from '../../support/harness.ts';

describe('200', () => {
  it('shows the defaults until the operator changes one', async () => {
    const tenant = await openTenant();
    expect((await tenant.call('GET /quotas')).body).toEqual(DEFAULT_QUOTAS);
    await call(`PATCH /accounts/${tenant.accountId}/quotas`, { body: { secrets: 7 } });
    expect((await tenant.call('GET /quotas')).body).toEqual({ ...DEFAULT_QUOTAS, secrets: 7 });
  });
});
