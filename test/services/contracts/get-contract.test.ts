/** `GET /accounts/{accountId}/contracts/{contractId}`: as the network has it now. */
import { describe, expect, it } from 'vitest';
import { openTenant } from '../../support/harness.ts';
import { run } from '../secrets/vault-under-test.ts';
import {
  ABSENT,
  callElsewhere,
  callWithoutNodes,
  destroy,
  pathOf,
  register,
} from './contracts-under-test.ts';

describe('200', () => {
  it('is what was answered when it was registered', async () => {
    const tenant = await openTenant();
    const made = await register(tenant);
    const { body } = await tenant.call(`GET ${pathOf(made)}`);
    expect(body).toEqual({ ...made.body, readAt: body.readAt });
    expect(body.readAt >= made.body.readAt).toBe(true);
  });

  it('tells an update that was made since, and the list tells it from then on', async () => {
    const tenant = await openTenant();
    const made = await register(tenant);
    await run(`UPDATE contracts SET update_counter = 2, name = 'Before', read_at = 1`);
    const { body } = await tenant.call(`GET ${pathOf(made)}`);
    expect(body).toMatchObject({ name: 'Workshop', updateCounter: 3 });
    await expect
      .poll(async () => (await tenant.call('GET /contracts')).body.items)
      .toMatchObject([{ name: 'Workshop', updateCounter: 3 }]);
  });

  it('tells that a contract was destroyed', async () => {
    const tenant = await openTenant();
    const made = await register(tenant);
    await destroy(made);
    expect((await tenant.call(`GET ${pathOf(made)}`)).body).toMatchObject({
      standing: 'absent',
      name: 'Workshop',
    });
  });

  it('does not call absent what was just deployed and no block holds yet', async () => {
    const tenant = await openTenant();
    const made = await register(tenant);
    await destroy(made);
    await run(`UPDATE contracts SET standing = 'pending'`);
    expect((await tenant.call(`GET ${pathOf(made)}`)).body.standing).toBe('pending');
  });

  it('answers what was read last while no node answers, and when', async () => {
    const tenant = await openTenant();
    const made = await register(tenant);
    const { status, body } = await callWithoutNodes(tenant, `GET ${pathOf(made)}`);
    expect([status, body]).toEqual([200, made.body]);
  });

  it('M1: asks no network that has the same name and another magic', async () => {
    const tenant = await openTenant();
    const made = await register(tenant);
    await destroy(made);
    const { body } = await callElsewhere(tenant, `GET ${pathOf(made)}`);
    expect(body.standing).toBe('deployed');
  });
});

describe('404', () => {
  it('answers it for a contract that is not there, or is of another account', async () => {
    const tenant = await openTenant();
    const made = await register(await openTenant('payee'));
    for (const path of [`/contracts/${ABSENT}`, pathOf(made)])
      expect((await tenant.call(`GET ${path}`)).status).toBe(404);
  });
});
