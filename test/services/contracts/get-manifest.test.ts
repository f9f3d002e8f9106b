/** `GET /accounts/{accountId}/contracts/{contractId}/manifest`: fresh from the chain. */
import { describe, expect, it } from 'vitest';
import { openTenant } from '../../support/harness.ts';
import { HOSTILE, SMALL_CONTRACTS, TOKEN_MANIFEST } from '../../support/small-contracts.ts';
import {
  ABSENT,
  callElsewhere,
  callWithoutNodes,
  destroy,
  pathOf,
  register,
} from './contracts-under-test.ts';

describe('200', () => {
  it('is the manifest with its hash and the count of updates', async () => {
    const tenant = await openTenant();
    const made = await register(tenant, 'token');
    const { body } = await tenant.call(`GET ${pathOf(made)}/manifest`);
    expect(body).toEqual({
      scriptHash: SMALL_CONTRACTS.token,
      updateCounter: 0,
      manifest: TOKEN_MANIFEST,
    });
  });

  it('passes a hostile one on as the JSON it is', async () => {
    const tenant = await openTenant();
    const made = await register(tenant, 'hostile');
    const answer = await tenant.call(`GET ${pathOf(made)}/manifest`);
    expect(answer.body.manifest).toEqual(HOSTILE);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  });
});

describe('404', () => {
  it('answers it for a contract that is not there, or is of another account', async () => {
    const tenant = await openTenant();
    const made = await register(await openTenant('payee'));
    for (const path of [`/contracts/${ABSENT}`, pathOf(made)])
      expect((await tenant.call(`GET ${path}/manifest`)).body.code).toBe('request.not_found');
  });

  it('M1: reads none of a network that has the same name and another magic', async () => {
    const tenant = await openTenant();
    const made = await register(tenant);
    const { body } = await callElsewhere(tenant, `GET ${pathOf(made)}/manifest`);
    expect(body.code).toBe('chain.network_unknown');
  });
});

describe('409', () => {
  it('has none of a contract that was destroyed', async () => {
    const tenant = await openTenant();
    const made = await register(tenant);
    await destroy(made);
    const { body } = await tenant.call(`GET ${pathOf(made)}/manifest`);
    expect(body.code).toBe('contracts.not_deployed');
  });
});

describe('503', () => {
  it('answers it while no node answers', async () => {
    const tenant = await openTenant();
    const made = await register(tenant);
    const { body } = await callWithoutNodes(tenant, `GET ${pathOf(made)}/manifest`);
    expect(body.code).toBe('chain.unavailable');
  });
});
