/** What deploys and rollbacks leave behind: answers equal to what is read, states, versions, audit lines. */
import { describe, expect, it } from 'vitest';
import { openTenant } from '../../support/harness.ts';
import { audit } from '../executions/runs-under-test.ts';
import { created, ran, read, rows, TRIPLE, updated, versionsOf } from './functions-under-test.ts';

async function openWithWaiting() {
  const tenant = await openTenant();
  const { id } = await created(tenant);
  const { latestVersion } = await updated(tenant, id, { source: TRIPLE });
  const path = `/functions/${id}/versions/${latestVersion.id}`;
  return { tenant, id: id as string, versionId: latestVersion.id as string, path };
}

const setVersion = (versionId: string, column: string, value: string) =>
  rows(`UPDATE function_versions SET ${column} = ? WHERE version_id = ?`, value, versionId);

describe('update 200', () => {
  it('answers what is read after it deploys a version that waited', async () => {
    const { tenant, id } = await openWithWaiting();
    const answer = await updated(tenant, id, { deploy: true });
    expect(answer.activeVersion).toMatchObject({ number: 2, state: 'ready' });
    expect(answer.latestVersion).toEqual(answer.activeVersion);
    expect(await read(tenant, id)).toEqual(answer);
  });

  it('names the runtime that a deployed version was validated against now', async () => {
    const { tenant, id, versionId } = await openWithWaiting();
    const { runtimeVersion } = (await read(tenant, id)).activeVersion;
    await setVersion(versionId, 'runtime_version', '0'.repeat(64));
    expect((await updated(tenant, id, { deploy: true })).activeVersion).toMatchObject({
      runtimeVersion,
    });
    expect((await read(tenant, id)).activeVersion.runtimeVersion).toBe(runtimeVersion);
  });

  it('makes the active version ready again that had failed', async () => {
    const { tenant, id, versionId } = await openWithWaiting();
    await updated(tenant, id, { deploy: true });
    await setVersion(versionId, 'state', 'failed');
    const answer = await updated(tenant, id, { deploy: true });
    expect(answer.activeVersion).toMatchObject({ number: 2, state: 'ready', failure: null });
    expect(await read(tenant, id)).toEqual(answer);
    const back = await tenant.call(`POST /functions/${id}/rollback`);
    expect(back.body.activeVersion.number, 'and a rollback still has where to go').toBe(1);
  });
});

describe('deploy', () => {
  it('changes nothing of a version but its state, and nothing of the others', async () => {
    const { tenant, id, path } = await openWithWaiting();
    const [waiting, first] = await versionsOf(tenant, id);
    await tenant.call(`POST ${path}/deploy`);
    expect(await versionsOf(tenant, id)).toEqual([{ ...waiting, state: 'ready' }, first]);
  });

  it('is on record with the version and the hash of its content', async () => {
    const { tenant, id, versionId, path } = await openWithWaiting();
    const { activeVersion } = (await tenant.call(`POST ${path}/deploy`)).body;
    expect(await audit(tenant, 'functions.deployVersion')).toMatchObject([
      {
        outcome: 'ok',
        target: { kind: 'function', id },
        details: { versionId, codeHash: activeVersion.codeHash },
      },
    ]);
  });

  it('tells line and column of what fails, and frees the idempotency key', async () => {
    const { tenant, versionId, path } = await openWithWaiting();
    const headers = { 'idempotency-key': 'deploy-later-0001' };
    await setVersion(versionId, 'source', '() => {\n  let x = ;\n}');
    const refused = await tenant.call(`POST ${path}/deploy`, { headers });
    expect(refused.body.fields[0].detail).toContain('line 2, column 11');
    const { failure } = (await tenant.call(`GET ${path}`)).body;
    expect(failure).toContain('line 2, column 11');
    await setVersion(versionId, 'source', TRIPLE);
    expect((await tenant.call(`POST ${path}/deploy`, { headers })).status).toBe(200);
  });
});

describe('rollback', () => {
  it('goes to the version before in activity, not in number, and changes no version', async () => {
    const { tenant, id } = await openWithWaiting();
    await updated(tenant, id, { source: '() => 3', deploy: true });
    const [, second, first] = await versionsOf(tenant, id);
    await tenant.call(`POST /functions/${id}/versions/${second.id}/deploy`);
    await tenant.call(`POST /functions/${id}/versions/${first.id}/deploy`);
    const before = await versionsOf(tenant, id);
    const back = await tenant.call(`POST /functions/${id}/rollback`);
    expect(back.body.activeVersion.number).toBe(2);
    expect((await ran(tenant, id, { value: 1 })).output).toEqual({ tripled: 3 });
    expect(await versionsOf(tenant, id)).toEqual(before);
    expect(await audit(tenant, 'functions.rollbackFunction')).toMatchObject([
      { outcome: 'ok', target: { kind: 'function', id }, details: { versionId: second.id } },
    ]);
  });
});
