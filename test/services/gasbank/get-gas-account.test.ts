/** `GET /accounts/{accountId}/gasbank/gas-accounts/{gasAccountId}`. */
import { describe, expect, it } from 'vitest';
import { openGasAccount } from '../../support/gas-account.ts';
import { openTenant } from '../../support/harness.ts';
import { pathOf } from './gas-under-test.ts';

describe('200', () => {
  it('shows what binds it, in the revision that a change names', async () => {
    const tenant = await openTenant();
    const opened = await openGasAccount(tenant, { dailyLimit: '7' });
    const read = await tenant.call(`GET ${pathOf(opened)}`);
    expect([read.body, read.headers.get('etag')]).toEqual([opened.body, '"r1"']);
  });
});
