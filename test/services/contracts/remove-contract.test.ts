/** `DELETE /accounts/{accountId}/contracts/{contractId}`: the registration, not the contract. */
import { describe, expect, it } from 'vitest';
import { keyOf, openTenant } from '../../support/harness.ts';
import { ABSENT, destroy, pathOf, register } from './contracts-under-test.ts';

describe('204', () => {
  it('removes it, of a destroyed contract too, and lets it be registered again', async () => {
    const tenant = await openTenant();
    const made = await register(tenant);
    await destroy(made);
    expect((await tenant.call(`DELETE ${pathOf(made)}`)).status).toBe(204);
    expect((await tenant.call(`GET ${pathOf(made)}`)).status).toBe(404);
    expect((await register(tenant)).body.id).not.toBe(made.body.id);
  });

  it('gives the room in the quota back', async () => {
    const tenant = await openTenant();
    const made = await register(tenant);
    await tenant.call(`DELETE ${pathOf(made)}`);
    expect((await tenant.call('GET /usage')).body.contracts.used).toBe(0);
  });
});

describe('403', () => {
  it('needs the scope to write', async () => {
    const tenant = await openTenant();
    const made = await register(tenant);
    const token = await keyOf(tenant.accountId, { scopes: ['contracts:read'] });
    expect((await tenant.call(`DELETE ${pathOf(made)}`, { token })).status).toBe(403);
  });
});

describe('404', () => {
  it('answers it for one that is not there, of another account, or removed already', async () => {
    const tenant = await openTenant();
    const other = await register(await openTenant('payee'));
    const own = await register(tenant);
    await tenant.call(`DELETE ${pathOf(own)}`);
    for (const path of [`/contracts/${ABSENT}`, pathOf(other), pathOf(own)])
      expect((await tenant.call(`DELETE ${path}`)).status).toBe(404);
  });

  it('removes it once when it is asked for twice together', async () => {
    const tenant = await openTenant();
    const path = pathOf(await register(tenant));
    const both = await Promise.all([1, 2].map(() => tenant.call(`DELETE ${path}`)));
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([204, 404]);
  });
});
