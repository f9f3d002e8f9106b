/** Deleting a function: it runs no more, and what it did stays. */
import { describe, expect, it } from 'vitest';
import { openTenant } from '../../support/harness.ts';
import { created, ran } from './functions-under-test.ts';

describe('204', () => {
  it('stops it from running, being tried or being read', async () => {
    const tenant = await openTenant();
    const { id, activeVersion } = await created(tenant);
    const gone = await tenant.call(`DELETE /functions/${id}`);
    expect([gone.status, gone.text]).toEqual([204, '']);
    const body = {};
    const versionId = activeVersion.id;
    const answers = await Promise.all([
      tenant.call(`POST /functions/${id}/executions`, { body }),
      tenant.call(`POST /functions/${id}/test`, { body }),
      tenant.call(`POST /functions/${id}/test`, { body: { versionId } }),
      tenant.call(`GET /functions/${id}/versions`),
      tenant.call(`GET /functions/${id}/versions/${versionId}`),
      tenant.call(`POST /functions/${id}/versions/${versionId}/deploy`),
      tenant.call(`POST /functions/${id}/rollback`),
      tenant.call(`GET /functions/${id}/stats`),
      tenant.call(`DELETE /functions/${id}`),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(Array(9).fill(404));
  });

  it('leaves its executions to be read and replayed', async () => {
    const tenant = await openTenant();
    const { id } = await created(tenant);
    const execution = await ran(tenant, id, { value: 2 });
    await tenant.call(`DELETE /functions/${id}`);
    const kept = await tenant.call(`GET /executions/${execution.id}`);
    expect(kept.body.output).toEqual({ doubled: 4 });
    const replayed = await tenant.call(`POST /executions/${execution.id}/replay`);
    expect(replayed.status, replayed.text).toBe(200);
  });
});

describe('404', () => {
  it('does not delete the function of another tenant', async () => {
    const [owner, stranger] = [await openTenant(), await openTenant('stranger')];
    const { id } = await created(owner);
    expect((await stranger.call(`DELETE /functions/${id}`)).status).toBe(404);
    expect((await owner.call(`GET /functions/${id}`)).status).toBe(200);
  });
});

describe('412', () => {
  it('does not delete what was changed since it was read', async () => {
    const tenant = await openTenant();
    const { id } = await created(tenant);
    await tenant.call(`PATCH /functions/${id}`, { body: { description: 'changed' } });
    const headers = { 'if-match': '"r1"' };
    expect((await tenant.call(`DELETE /functions/${id}`, { headers })).status).toBe(412);
    expect((await tenant.call(`GET /functions/${id}`)).status).toBe(200);
  });
});
