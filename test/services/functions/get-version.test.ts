/** Reading a version: the source as it was sent, to its owner only. */
import { describe, expect, it } from 'vitest';
import { openTenant } from '../../support/harness.ts';
import { created, updated } from './functions-under-test.ts';

describe('200', () => {
  it('gives the source back byte for byte', async () => {
    const tenant = await openTenant();
    const source =
      '\ufeff(params) => {\r\n\t/* \u2028 ü 😀 \u0000 */\n  return { a: `${"x"}` };\n};  ;\n';
    const { id, activeVersion } = await created(tenant, { source });
    const answer = await tenant.call(`GET /functions/${id}/versions/${activeVersion.id}`);
    expect(answer.body.source).toBe(source);
    expect(answer.body).toEqual({ ...activeVersion, source });
  });

  it('still reads the first version when there are others', async () => {
    const tenant = await openTenant();
    const { id, activeVersion } = await created(tenant, { source: '() => 1' });
    await updated(tenant, id, { source: '() => 2', deploy: true });
    const answer = await tenant.call(`GET /functions/${id}/versions/${activeVersion.id}`);
    expect(answer.body.source).toBe('() => 1');
  });
});

describe('404', () => {
  it('hides a version of another tenant, and of another function of the same account', async () => {
    const [owner, stranger] = [await openTenant(), await openTenant('stranger')];
    const [one, two, theirs] = [
      await created(owner),
      await created(owner),
      await created(stranger),
    ];
    const versionOf = async (functionId: string, versionId: string, tenant = owner) =>
      (await tenant.call(`GET /functions/${functionId}/versions/${versionId}`)).status;
    expect(await versionOf(one.id, two.activeVersion.id)).toBe(404);
    expect(await versionOf(one.id, theirs.activeVersion.id)).toBe(404);
    expect(await versionOf(one.id, one.activeVersion.id, stranger)).toBe(404);
    expect(await versionOf(theirs.id, one.activeVersion.id, stranger)).toBe(404);
    expect(await versionOf(one.id, one.activeVersion.id)).toBe(200);
  });
});
