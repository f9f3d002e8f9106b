/** Rolling back: to the version that was active before, and back again. */
import { describe, expect, it } from 'vitest';
import { openTenant, type Tenant } from '../../support/harness.ts';
import { created, ran, TRIPLE, updated } from './functions-under-test.ts';

const rollBack = (tenant: Tenant, functionId: string, headers = {}) =>
  tenant.call(`POST /functions/${functionId}/rollback`, { headers });

describe('200', () => {
  it('makes the earlier version active, and twice returns to where it was', async () => {
    const tenant = await openTenant();
    const { id } = await created(tenant);
    await updated(tenant, id, { source: TRIPLE, deploy: true });
    const back = await rollBack(tenant, id);
    expect(back.body.activeVersion.number).toBe(1);
    expect(back.body.latestVersion.number).toBe(2);
    expect((await ran(tenant, id, { value: 1 })).output).toEqual({ doubled: 2 });
    expect((await rollBack(tenant, id)).body.activeVersion.number).toBe(2);
    expect((await ran(tenant, id, { value: 1 })).output).toEqual({ tripled: 3 });
  });

  it('once when one idempotency key is sent twice', async () => {
    const tenant = await openTenant();
    const { id } = await created(tenant);
    await updated(tenant, id, { source: TRIPLE, deploy: true });
    const headers = { 'idempotency-key': 'back-once-000001' };
    const [first, second] = [
      await rollBack(tenant, id, headers),
      await rollBack(tenant, id, headers),
    ];
    expect(second.body).toEqual(first.body);
    expect(first.body.activeVersion.number).toBe(1);
  });
});

describe('404', () => {
  it('does not roll back the function of another tenant', async () => {
    const [owner, stranger] = [await openTenant(), await openTenant('stranger')];
    const { id } = await created(owner);
    await updated(owner, id, { source: TRIPLE, deploy: true });
    expect((await rollBack(stranger, id)).status).toBe(404);
  });
});

describe('409', () => {
  it('is the answer of a function that had no other active version', async () => {
    const tenant = await openTenant();
    const { id } = await created(tenant);
    await updated(tenant, id, { source: TRIPLE });
    const refused = await rollBack(tenant, id);
    expect(refused).toMatchObject({ status: 409, body: { code: 'functions.no_earlier_version' } });
  });
});

describe('412', () => {
  it('rolls back once when ten rollbacks with one tag arrive together', async () => {
    const tenant = await openTenant();
    const { id } = await created(tenant);
    await updated(tenant, id, { source: TRIPLE, deploy: true });
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => rollBack(tenant, id, { 'if-match': '"r2"' })),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.toSorted((one, other) => one - other)).toEqual([200, ...Array(9).fill(412)]);
  });
});
