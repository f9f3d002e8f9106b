/** The maximum age of a secret. */
import { describe, expect, it } from 'vitest';
import { openTenant } from '../../support/harness.ts';
import { functionId, openFor, store } from './vault-under-test.ts';

describe('200', () => {
  it('sets and takes away the maximum age, and leaves the value as it is', async () => {
    const tenant = await openTenant();
    const reader = functionId();
    await store(tenant, 'token', { value: 'kept', grants: [reader] });
    const set = await tenant.call('PATCH /secrets/token', { body: { maxAgeDays: 10 } });
    expect(Date.parse(set.body.rotationDueAt) - Date.parse(set.body.rotatedAt)).toBe(864_000_000);
    const taken = await tenant.call('PATCH /secrets/token', { body: { maxAgeDays: null } });
    expect(taken.body).toMatchObject({ maxAgeDays: null, rotationDueAt: null, version: 1 });
    expect((await openFor(tenant, reader, ['token'])).opened).toMatchObject({
      value: [{ value: 'kept' }],
    });
  });
});

describe('400', () => {
  it.each([{ maxAgeDays: 0 }, { maxAgeDays: 3651 }, {}, { maxAgeDays: 1, value: 'x' }])(
    'refuses %j',
    async (body) => {
      const tenant = await openTenant();
      await store(tenant, 'token');
      expect((await tenant.call('PATCH /secrets/token', { body })).status).toBe(400);
    },
  );
});

describe('412', () => {
  it('refuses when the secret has changed since it was read', async () => {
    const tenant = await openTenant();
    await store(tenant, 'token');
    const headers = { 'if-match': '"r7"' };
    const body = { maxAgeDays: 10 };
    expect((await tenant.call('PATCH /secrets/token', { headers, body })).status).toBe(412);
  });
});
