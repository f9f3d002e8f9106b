/** `GET /operator/transactions/disputed`: what waits for an operator, of all accounts. */
import { describe, expect, it } from 'vitest';
import { call, openTenant } from '../../support/harness.ts';
import { openDisputed, resolve } from './disputed-under-test.ts';
import { created, openFunded } from './transactions-under-test.ts';

describe('200', () => {
  it('shows what is disputed with its account, and nothing else', async () => {
    const { id, tenant } = await openDisputed();
    await created(await openFunded());
    const { body } = await call('GET /operator/transactions/disputed');
    expect(body).toMatchObject({
      items: [{ id, accountId: tenant.accountId, status: 'disputed', reason: 'unresolved' }],
      nextCursor: null,
    });
    await resolve(id, { resolution: 'expired' });
  });
});

describe('403', () => {
  it('shows an account nothing of the others', async () => {
    const { key } = await openTenant();
    const refused = await call('GET /operator/transactions/disputed', { token: key });
    expect(refused.status).toBe(403);
  });
});
