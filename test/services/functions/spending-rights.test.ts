/**
 * Which functions may submit transactions: those that somebody gave the module `chain` who may create transactions, and
 * none that got it by an upgrade of the platform.
 */
import { describe, expect, it } from 'vitest';
import { type Called, keyOf, openTenant } from '../../support/harness.ts';
import { create, created, ran, read, rows, update, updated } from './functions-under-test.ts';

const modulesOf = (version: { permissions: { modules: string[] } }) => version.permissions.modules;

describe('a version of before the module `chain`', () => {
  /** Picks module and method by its params: what it may do must not grow under it. */
  const DISPATCHER = `(params) => {
    try { return Devpack[params.module][params.method]({}) } catch (error) { return error.code }
  }`;
  const SPEND = { module: 'chain', method: 'submitTransaction' };

  /** As the platform stored it then: without the names of its modules. */
  async function openOld() {
    const tenant = await openTenant();
    const { id } = await created(tenant, { source: DISPATCHER });
    await rows(
      "UPDATE function_versions SET permissions = '{}', code_hash = ? WHERE function_id = ?",
      '0'.repeat(64),
      id,
    );
    return { tenant, id };
  }

  it('gets no right to spend by an upgrade of the platform, and keeps the others', async () => {
    const { tenant, id } = await openOld();
    expect((await ran(tenant, id, SPEND)).output).toEqual({
      result: 'functions.permission_denied',
    });
    const old = await ran(tenant, id, { module: 'random', method: 'generate' });
    expect(old.output).toMatchObject({ type: 'random.generate' });
    expect(modulesOf((await read(tenant, id)).activeVersion)).not.toContain('chain');
    const deployed = await updated(tenant, id, { deploy: true });
    expect(modulesOf(deployed.activeVersion)).not.toContain('chain');
  });

  it('passes no such right on to a new source, and tells the author at once', async () => {
    const { tenant, id } = await openOld();
    const source = '() => Devpack.chain.submitTransaction({})';
    const { latestVersion } = await updated(tenant, id, { source });
    expect(modulesOf(latestVersion)).not.toContain('chain');
    expect(latestVersion.uses.refused).toEqual(['chain']);
  });

  it('gets it when its owner says so', async () => {
    const { tenant, id } = await openOld();
    const permissions = { modules: ['chain'] };
    const { activeVersion } = await updated(tenant, id, { permissions, deploy: true });
    expect(modulesOf(activeVersion)).toEqual(['chain']);
    expect((await ran(tenant, id, SPEND)).output).toMatchObject({ type: 'transaction.submit' });
    const all = await updated(tenant, id, { permissions: { httpHosts: [] }, deploy: true });
    expect(modulesOf(all.activeVersion)).toContain('chain');
  });
});

describe('a key that deploys code and may not create transactions', () => {
  const SOURCE = '() => Devpack.chain.submitTransaction({})';
  const CHAIN = { permissions: { modules: ['chain'] } };

  async function openWithDeveloper() {
    const tenant = await openTenant();
    return { tenant, token: await keyOf(tenant.accountId, { role: 'developer' }) };
  }
  const expectRefused = ({ status, body }: Called) => {
    expect([status, body.code]).toEqual([403, 'request.forbidden']);
    expect(body.detail).toContain('transactions:write');
  };

  it('makes no function that spends, and one that names no modules gets the others', async () => {
    const { tenant, token } = await openWithDeveloper();
    expectRefused(await create(tenant, { source: SOURCE, ...CHAIN }, { token }));
    expect(await rows('SELECT * FROM functions')).toEqual([]);
    const made = await create(tenant, { source: SOURCE }, { token });
    const { activeVersion } = made.body;
    expect(modulesOf(activeVersion)).toContain('oracle');
    expect(modulesOf(activeVersion)).not.toContain('chain');
    expect(activeVersion.uses.refused).toEqual(['chain']);
    expectRefused(await update(tenant, made.body.id, { ...CHAIN, deploy: true }, { token }));
  });

  it('puts no code of its own into a function that spends, and takes the right from it', async () => {
    const { tenant, token } = await openWithDeveloper();
    const { id, activeVersion } = await created(tenant, { source: SOURCE, ...CHAIN });
    for (const change of [{ source: '() => 1' }, { limits: { fuel: 1_000_000 } }])
      expectRefused(await update(tenant, id, { ...change, deploy: true }, { token }));
    expect((await read(tenant, id)).latestVersion.id).toBe(activeVersion.id);
    const without = { source: '() => 1', permissions: { modules: [] }, deploy: true };
    expect((await update(tenant, id, without, { token })).status).toBe(200);
  });

  it('goes back to code that was given the right before', async () => {
    const { tenant, token } = await openWithDeveloper();
    const { id, activeVersion } = await created(tenant, { source: SOURCE, ...CHAIN });
    await updated(tenant, id, { source: '() => 1', permissions: { modules: [] }, deploy: true });
    const back = await update(tenant, id, { source: SOURCE, ...CHAIN, deploy: true }, { token });
    expect([back.status, back.body.activeVersion.id]).toEqual([200, activeVersion.id]);
  });
});
