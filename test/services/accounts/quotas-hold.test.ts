/**
 * Each quota of what an account may have: reached exactly, never passed, not even by many at once, and told by `usage`
 * in the same number. Quotas of running are proved with executions.
 */
import { describe, expect, it } from 'vitest';
import { type Called, call, openTenant, type Tenant } from '../../support/harness.ts';

interface Quota {
  /** As many as an account has that was just opened. */
  readonly atFirst: number;
  readonly add: (tenant: Tenant, serial: number) => Promise<Called>;
  readonly remove: (tenant: Tenant, added: Called) => Promise<Called>;
}

const address = (serial: number): string => `0x${(serial + 1).toString(16).padStart(40, '0')}`;

const QUOTAS: Readonly<Record<string, Quota>> = {
  keys: {
    atFirst: 1,
    add: (tenant, serial) =>
      tenant.call('POST /keys', { body: { name: `key ${serial}`, role: 'viewer' } }),
    remove: (tenant, { body }) => tenant.call(`DELETE /keys/${body.id}`),
  },
  wallets: {
    atFirst: 0,
    add: (tenant, serial) =>
      tenant.call('POST /workspace-wallets', { body: { kind: 'evm', address: address(serial) } }),
    remove: (tenant, { body }) => tenant.call(`DELETE /workspace-wallets/${body.id}`),
  },
  secrets: {
    atFirst: 0,
    add: (tenant, serial) =>
      tenant.call('POST /secrets', { body: { name: `s${serial}`, value: 'v' } }),
    remove: (tenant, { body }) => tenant.call(`DELETE /secrets/${body.name}`),
  },
  functions: {
    atFirst: 0,
    add: (tenant, serial) =>
      tenant.call('POST /functions', { body: { name: `f${serial}`, source: '() => 1' } }),
    remove: (tenant, { body }) => tenant.call(`DELETE /functions/${body.id}`),
  },
};

const cases = Object.entries(QUOTAS).map(([name, quota]) => ({ name, quota }));

const setQuota = async (tenant: Tenant, name: string, limit: number): Promise<void> => {
  const path = `/accounts/${tenant.accountId}/quotas`;
  expect((await call(`PATCH ${path}`, { body: { [name]: limit } })).status).toBe(200);
};

const usedOf = async (tenant: Tenant, name: string): Promise<unknown> =>
  (await tenant.call('GET /usage')).body[name];

describe.each(cases)('the quota $name', ({ name, quota }) => {
  it('is reached exactly, and what is removed makes room', async () => {
    const tenant = await openTenant();
    const limit = quota.atFirst + 2;
    await setQuota(tenant, name, limit);
    const added = [await quota.add(tenant, 1), await quota.add(tenant, 2)];
    expect(added.map(({ status }) => status)).toEqual([201, 201]);
    const refused = await quota.add(tenant, 3);
    expect(refused).toMatchObject({ status: 403, body: { code: 'quota.exceeded', limit } });
    expect(await usedOf(tenant, name)).toEqual({ used: limit, limit });
    for (const one of added.slice(0, 1)) await quota.remove(tenant, one);
    expect(await usedOf(tenant, name)).toEqual({ used: limit - 1, limit });
    expect((await quota.add(tenant, 4)).status).toBe(201);
  });

  it('is not passed by many at once', async () => {
    const tenant = await openTenant();
    const limit = quota.atFirst + 3;
    await setQuota(tenant, name, limit);
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, serial) => quota.add(tenant, serial)),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    expect(answers.filter(({ body }) => body.code === 'quota.exceeded')).toHaveLength(5);
    expect(await usedOf(tenant, name)).toEqual({ used: limit, limit });
  });

  it('is counted for each account apart', async () => {
    const [tenant, neighbour] = [await openTenant(), await openTenant('neighbour')];
    await setQuota(tenant, name, quota.atFirst + 1);
    await quota.add(neighbour, 1);
    expect((await quota.add(tenant, 2)).status).toBe(201);
    expect(await usedOf(tenant, name)).toMatchObject({ used: quota.atFirst + 1 });
  });
});

describe('changing quotas', () => {
  it('is on record with the operator and the numbers', async () => {
    const tenant = await openTenant();
    await setQuota(tenant, 'keys', 7);
    const { body } = await tenant.call('GET /audit?operation=accounts.setQuotas');
    expect(body.items).toMatchObject([
      { actor: { kind: 'operator', id: 'test-operator' }, details: { keys: 7 } },
    ]);
  });

  it('takes the tag of what was read, and refuses an older one', async () => {
    const tenant = await openTenant();
    const path = `/accounts/${tenant.accountId}/quotas`;
    const etag = (await call(`GET ${path}`)).headers.get('etag') ?? '';
    const headers = { 'if-match': etag };
    expect((await call(`PATCH ${path}`, { headers, body: { keys: 9 } })).status).toBe(200);
    const late = await call(`PATCH ${path}`, { headers, body: { keys: 1 } });
    expect(late.body.code).toBe('request.precondition_failed');
    expect((await call(`GET ${path}`)).body.keys).toBe(9);
  });

  it('knows no quota but its own', async () => {
    const { accountId } = await openTenant();
    const refused = await call(`PATCH /accounts/${accountId}/quotas`, { body: { key: 9 } });
    expect(refused.body.fields).toMatchObject([{ pointer: '/key' }]);
  });
});
