/** `POST /accounts/{accountId}/contracts`: a name for what is on a chain now. */
import { describe, expect, it } from 'vitest';
import { call, keyOf, openTenant } from '../../support/harness.ts';
import { NETWORKS } from '../../support/small-chain.ts';
import { SMALL_CONTRACTS, WORKSHOP_CHECKSUM } from '../../support/small-contracts.ts';
import { rows } from '../secrets/vault-under-test.ts';
import { bodyOf, callWithoutNodes, register } from './contracts-under-test.ts';

describe('201', () => {
  it('answers what the chain tells of it', async () => {
    const { body } = await register(await openTenant(), 'workshop', { label: 'ours' });
    expect(body).toMatchObject({
      network: NETWORKS.up.id,
      networkMagic: NETWORKS.up.magic,
      scriptHash: SMALL_CONTRACTS.workshop,
      label: 'ours',
      standing: 'deployed',
      name: 'Workshop',
      updateCounter: 3,
      nefChecksum: WORKSHOP_CHECKSUM,
      supportedStandards: [],
      deploymentTransactionId: null,
      readAt: body.createdAt,
    });
  });

  it('takes a native contract, and a hash in capitals', async () => {
    const tenant = await openTenant();
    const scriptHash = `0x${SMALL_CONTRACTS.token.slice(2).toUpperCase()}`;
    const { body } = await register(tenant, 'token', { scriptHash });
    expect(body).toMatchObject({
      scriptHash: SMALL_CONTRACTS.token,
      label: null,
      name: 'GasToken',
      supportedStandards: ['NEP-17', 'NEP-27'],
    });
  });

  it('keeps a bounded part of what a hostile author wrote', async () => {
    const { body } = await register(await openTenant(), 'hostile');
    expect([...body.name]).toHaveLength(256);
    expect(body.supportedStandards).toHaveLength(32);
    expect(body.supportedStandards[0]).toBe('NEP-0');
  });

  it('is another registration for another account, and one for a request that is repeated', async () => {
    await register(await openTenant());
    const tenant = await openTenant('payee');
    const options = { body: bodyOf('workshop'), headers: { 'idempotency-key': 'once' } };
    const first = await tenant.call('POST /contracts', options);
    expect((await tenant.call('POST /contracts', options)).body).toEqual(first.body);
    expect((await tenant.call('GET /contracts')).body.items).toHaveLength(1);
  });

  it('is told in the audit log', async () => {
    const tenant = await openTenant();
    const { body } = await register(tenant);
    const log = await tenant.call('GET /audit?operation=contracts.registerContract');
    expect(log.body.items).toMatchObject([
      {
        target: { kind: 'contract', id: body.id },
        details: { network: NETWORKS.up.id, scriptHash: SMALL_CONTRACTS.workshop },
      },
    ]);
  });
});

describe('400', () => {
  it.each([
    ['an address', 'NPTmAHDxo6Pkyic8Nvu3kwyXoYJCvcCB6i'],
    ['a hash without its 0x', 'd2a4cff31913016155e38e474a2c06d08be276cf'],
    ['another text', `0x${'zz'.repeat(20)}`],
  ])('refuses %s for the hash', async (_, scriptHash) => {
    const tenant = await openTenant();
    const refused = await tenant.call('POST /contracts', { body: bodyOf('token', { scriptHash }) });
    expect(refused).toMatchObject({ status: 400, body: { fields: [{ pointer: '/scriptHash' }] } });
  });

  it('lets nobody say what the chain says', async () => {
    const tenant = await openTenant();
    for (const more of [{ name: 'GAS' }, { standing: 'deployed' }, { networkMagic: 1 }])
      expect((await tenant.call('POST /contracts', { body: bodyOf('token', more) })).status).toBe(
        400,
      );
  });
});

describe('403', () => {
  it('registers exactly as many as the quota allows when many are asked for together', async () => {
    const tenant = await openTenant();
    await call(`PATCH /accounts/${tenant.accountId}/quotas`, { body: { contracts: 2 } });
    const wanted = ['token', 'workshop', 'hostile'] as const;
    const answers = await Promise.all(
      wanted.map((contract) => tenant.call('POST /contracts', { body: bodyOf(contract) })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(2);
    expect(answers.find(({ status }) => status === 403)?.body).toMatchObject({
      code: 'quota.exceeded',
      limit: 2,
    });
    expect((await tenant.call('GET /usage')).body.contracts).toEqual({ used: 2, limit: 2 });
  });

  it('needs the scope to write', async () => {
    const tenant = await openTenant();
    const token = await keyOf(tenant.accountId, { scopes: ['contracts:read'] });
    const refused = await tenant.call('POST /contracts', { body: bodyOf('token'), token });
    expect(refused.status).toBe(403);
  });
});

describe('404', () => {
  it('answers it for a network that is not served', async () => {
    const tenant = await openTenant();
    const body = bodyOf('token', { network: 'neo3:mainnet' });
    const refused = await tenant.call('POST /contracts', { body });
    expect(refused).toMatchObject({ status: 404, body: { code: 'chain.network_unknown' } });
  });
});

describe('409', () => {
  it('registers nothing that is not on the chain', async () => {
    const tenant = await openTenant();
    const refused = await tenant.call('POST /contracts', { body: bodyOf('absent') });
    expect(refused).toMatchObject({ status: 409, body: { code: 'contracts.not_deployed' } });
    expect(await rows('SELECT contract_id FROM contracts')).toEqual([]);
  });

  it('registers a contract once when it is asked for twice together', async () => {
    const tenant = await openTenant();
    const ask = () => tenant.call('POST /contracts', { body: bodyOf('token') });
    const answers = await Promise.all([ask(), ask()]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe(
      'contracts.already_registered',
    );
  });
});

describe('503', () => {
  it('registers nothing while no node answers', async () => {
    const tenant = await openTenant();
    const refused = await callWithoutNodes(tenant, 'POST /contracts', { body: bodyOf('token') });
    expect(refused).toMatchObject({ status: 503, body: { code: 'chain.unavailable' } });
    expect(await rows('SELECT contract_id FROM contracts')).toEqual([]);
  });
});
