/** Acts of operators that belong to no account. */
import { describe, expect, it } from 'vitest';
import { call, openTenant } from '../../support/harness.ts';

describe('200', () => {
  it('shows acts without an account, and none of an account', async () => {
    await openTenant();
    await call('POST /operator/secrets/rewrap', { body: {} });
    const { body } = await call('GET /operator/audit');
    expect(body.items).toMatchObject([
      { operation: 'secrets.rewrapKeys', actor: { kind: 'operator', id: 'test-operator' } },
    ]);
  });
});

describe('403', () => {
  it('is for operators alone', async () => {
    const tenant = await openTenant();
    expect((await call('GET /operator/audit', { token: tenant.key })).status).toBe(403);
  });
});
