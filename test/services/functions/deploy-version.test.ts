/** Deploying a version: validated first, active only when ready. */
import { describe, expect, it } from 'vitest';
import { openTenant, type Tenant } from '../../support/harness.ts';
import { created, ran, read, rows, TRIPLE, updated, withoutSlots } from './functions-under-test.ts';

const deploy = (tenant: Tenant, functionId: string, versionId: string, headers = {}) =>
  tenant.call(`POST /functions/${functionId}/versions/${versionId}/deploy`, { headers });

async function withTwoVersions() {
  const tenant = await openTenant();
  const { id, activeVersion } = await created(tenant);
  const { latestVersion } = await updated(tenant, id, { source: TRIPLE });
  return { tenant, id, first: activeVersion, second: latestVersion };
}

/** As an earlier runtime, which took what this one refuses, would have left it. */
const breakVersion = (versionId: string, column: 'source' | 'input_schema', value: string) =>
  rows(`UPDATE function_versions SET ${column} = ? WHERE version_id = ?`, value, versionId);

describe('200', () => {
  it('makes a validating version ready and active', async () => {
    const { tenant, id, second } = await withTwoVersions();
    expect(second.state).toBe('validating');
    const answer = await deploy(tenant, id, second.id);
    expect(answer.body.activeVersion).toEqual({ ...second, state: 'ready' });
    expect(answer.body.latestVersion).toEqual(answer.body.activeVersion);
    expect(answer.headers.get('etag')).toBe('"r3"');
    expect(await read(tenant, id)).toEqual(answer.body);
    expect((await ran(tenant, id, { value: 1 })).output).toEqual({ tripled: 3 });
  });

  it('goes back to any earlier version', async () => {
    const { tenant, id, first, second } = await withTwoVersions();
    await deploy(tenant, id, second.id);
    expect((await deploy(tenant, id, first.id)).body.activeVersion.id).toBe(first.id);
    expect((await ran(tenant, id, { value: 1 })).output).toEqual({ doubled: 2 });
  });

  it('of the active version keeps what a rollback returns to', async () => {
    const { tenant, id, first, second } = await withTwoVersions();
    await deploy(tenant, id, second.id);
    await deploy(tenant, id, second.id);
    const back = await tenant.call(`POST /functions/${id}/rollback`);
    expect(back.body.activeVersion.id).toBe(first.id);
  });

  it('makes a version ready that had failed, once it compiles', async () => {
    const { tenant, id, second } = await withTwoVersions();
    await breakVersion(second.id, 'source', '(');
    expect((await deploy(tenant, id, second.id)).status).toBe(422);
    await breakVersion(second.id, 'source', TRIPLE);
    const answer = await deploy(tenant, id, second.id);
    expect(answer.body.activeVersion).toMatchObject({ state: 'ready', failure: null });
  });
});

describe('404', () => {
  it('deploys no version of another function, of another tenant, or into another tenant', async () => {
    const { tenant, id, second } = await withTwoVersions();
    const stranger = await openTenant('stranger');
    const [sibling, theirs] = [await created(tenant), await created(stranger)];
    expect((await deploy(tenant, sibling.id, second.id)).status).toBe(404);
    expect((await deploy(stranger, theirs.id, second.id)).status).toBe(404);
    expect((await deploy(tenant, id, theirs.activeVersion.id)).status).toBe(404);
    expect((await deploy(stranger, id, second.id)).status).toBe(404);
  });
});

describe('412', () => {
  it('does not deploy over a change since it was read', async () => {
    const { tenant, id, first, second } = await withTwoVersions();
    expect((await deploy(tenant, id, second.id, { 'if-match': '"r1"' })).status).toBe(412);
    expect((await read(tenant, id)).activeVersion.id).toBe(first.id);
  });
});

describe('422', () => {
  it.each([
    ['source', '(', 'functions.source_invalid'],
    ['input_schema', '{"pattern":"("}', 'functions.input_schema_invalid'],
  ] as const)(
    'marks a version failed whose %s is refused now, says why, and leaves the active one',
    async (column, value, code) => {
      const { tenant, id, first, second } = await withTwoVersions();
      await breakVersion(second.id, column, value);
      const refused = await deploy(tenant, id, second.id);
      expect(refused).toMatchObject({ status: 422, body: { code } });
      const after = await read(tenant, id);
      expect(after.activeVersion).toEqual(first);
      expect(after.latestVersion.state).toBe('failed');
      expect(after.latestVersion.failure).toEqual(expect.any(String));
      expect((await ran(tenant, id, { value: 1 })).output).toEqual({ doubled: 2 });
    },
  );
});

describe('503', () => {
  it('judges nothing when the account has no slot left to compile in', async () => {
    const { tenant, id, second } = await withTwoVersions();
    const refused = await withoutSlots(tenant, () => deploy(tenant, id, second.id));
    expect(refused).toMatchObject({ status: 503, body: { code: 'functions.capacity' } });
    expect((await read(tenant, id)).latestVersion.state).toBe('validating');
  });
});
