/** `POST /accounts/{accountId}/wallets`: a key that nobody sees, bound to one network for ever. */
import { base64 } from '@scure/base';
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../worker/core/neo/address.ts';
import { parsePublicKey } from '../../../worker/core/neo/public-key.ts';
import { scriptHashOf } from '../../../worker/core/neo/script-hash.ts';
import { encodeSignatureScript } from '../../../worker/core/neo/verification-script.ts';
import { callAltered } from '../../support/altered-platform.ts';
import { call, openTenant } from '../../support/harness.ts';
import { NETWORKS, SMALL_CHAIN } from '../../support/small-chain.ts';
import { bindings, callWithBridge, rows, run } from '../secrets/vault-under-test.ts';
import { govern, makeWallet, POLICY, pathOf, unsigned } from './wallets-under-test.ts';

const NETWORK = NETWORKS.up.id;

describe('201', () => {
  it('answers the address of the key that the bridge made', async () => {
    const { body, headers } = await makeWallet(await openTenant(), { label: 'payouts' });
    expect(body).toMatchObject({
      network: NETWORK,
      networkMagic: NETWORKS.up.magic,
      label: 'payouts',
      exportable: false,
      status: 'active',
      retiredAt: null,
    });
    const publicKey = parsePublicKey(body.publicKey);
    const account = publicKey && scriptHashOf(encodeSignatureScript(publicKey));
    expect([body.scriptHash, parseAddress(body.address)]).toEqual([account, account]);
    expect(headers.get('etag')).toBe('"r1"');
  });

  it('M1: seals the key for the network of the wallet and for no other', async () => {
    const tenant = await openTenant();
    const { body } = await makeWallet(tenant);
    const [row] = await rows<{ sealed_key: number[]; wrapped_key: string }>(
      'SELECT sealed_key, wrapped_key FROM chain_wallets JOIN account_data_keys USING (account_id)',
    );
    const asked = (network: number) => ({
      accountId: tenant.accountId,
      wrappedKey: row?.wrapped_key ?? '',
      sealedKey: new Uint8Array(row?.sealed_key ?? []),
      facts: {
        walletId: body.id,
        purpose: 'tenant' as const,
        network,
        exportable: false,
        publicKey: body.publicKey,
      },
      transaction: base64.decode(unsigned(body.scriptHash, [], { script: Uint8Array.of(0x40) })),
    });
    const signed = await bindings.BRIDGE.signTransaction(asked(NETWORKS.up.magic));
    expect(signed.ok).toBe(true);
    expect(await bindings.BRIDGE.signTransaction(asked(860_833_102))).toMatchObject({
      failure: { code: 'secrets.undecryptable' },
    });
  });

  it('starts with a policy under which nothing is free', async () => {
    const tenant = await openTenant();
    const made = await makeWallet(tenant);
    expect((await tenant.call(`GET ${pathOf(made)}/policy`)).body).toMatchObject({
      contracts: [],
      tokens: [],
      scopes: ['CalledByEntry'],
      approvals: 1,
    });
  });

  it('takes a policy of its own, also while the account has a wallet policy', async () => {
    const tenant = await openTenant();
    await govern(tenant);
    const made = await makeWallet(tenant, { policy: POLICY });
    expect((await tenant.call(`GET ${pathOf(made)}/policy`)).body).toEqual(POLICY);
  });

  it('makes another key each time, and one for a request that is repeated', async () => {
    const tenant = await openTenant();
    const [one, other] = [await makeWallet(tenant), await makeWallet(tenant)];
    expect(one.body.address).not.toBe(other.body.address);
    const options = { body: { network: NETWORK }, headers: { 'idempotency-key': 'once' } };
    const first = await tenant.call('POST /wallets', options);
    expect((await tenant.call('POST /wallets', options)).body).toEqual(first.body);
    expect((await tenant.call('GET /wallets')).body.items).toHaveLength(3);
  });

  it('tells of it in the audit log, and nowhere of the key', async () => {
    const tenant = await openTenant();
    const made = await makeWallet(tenant, { exportable: true });
    const log = await tenant.call('GET /audit?operation=wallets.createWallet');
    expect(log.body.items).toMatchObject([
      {
        target: { kind: 'wallet', id: made.body.id },
        details: { network: NETWORK, address: made.body.address, exportable: true },
      },
    ]);
    for (const { text } of [made, log, await tenant.call('GET /wallets')])
      expect(text).not.toMatch(/sealed|private[^"]|secret/i);
  });
});

describe('400', () => {
  it.each([
    [
      'a token that has a limit and none',
      { contracts: [{ contract: SMALL_CHAIN.gas, methods: null }] },
      '/policy/tokens/0',
    ],
    ['a token twice', { tokens: [...POLICY.tokens, ...POLICY.tokens] }, '/policy/tokens/1'],
    ['a scope twice', { scopes: ['Global', 'Global'] }, '/policy/scopes/1'],
  ])('refuses a policy that contradicts itself: %s', async (_, part, pointer) => {
    const tenant = await openTenant();
    const body = { network: NETWORK, policy: { ...POLICY, ...part } };
    const refused = await tenant.call('POST /wallets', { body });
    expect(refused).toMatchObject({ status: 400, body: { fields: [{ pointer }] } });
    expect(await rows('SELECT wallet_id FROM chain_wallets')).toEqual([]);
  });

  it('takes neither a key nor a purpose from the caller', async () => {
    const tenant = await openTenant();
    for (const more of [{ privateKey: '11'.repeat(32) }, { purpose: 'sponsor' }, { magic: 1 }]) {
      const body = { network: NETWORK, ...more };
      expect((await tenant.call('POST /wallets', { body })).status).toBe(400);
    }
  });
});

describe('403', () => {
  it('makes exactly as many wallets as the quota allows when many are asked for together', async () => {
    const tenant = await openTenant();
    await call(`PATCH /accounts/${tenant.accountId}/quotas`, { body: { chainWallets: 3 } });
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => tenant.call('POST /wallets', { body: { network: NETWORK } })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    expect(answers.find(({ status }) => status === 403)?.body).toMatchObject({
      code: 'quota.exceeded',
      limit: 3,
    });
    expect((await tenant.call('GET /usage')).body.chainWallets).toEqual({ used: 3, limit: 3 });
  });

  it('counts retired wallets, whose keys are kept as well', async () => {
    const tenant = await openTenant();
    await call(`PATCH /accounts/${tenant.accountId}/quotas`, { body: { chainWallets: 1 } });
    await tenant.call(`POST ${pathOf(await makeWallet(tenant))}/retire`);
    const refused = await tenant.call('POST /wallets', { body: { network: NETWORK } });
    expect(refused.body.code).toBe('quota.exceeded');
  });
});

describe('404', () => {
  it('makes no wallet on a network that is not served', async () => {
    const tenant = await openTenant();
    const refused = await tenant.call('POST /wallets', { body: { network: 'neo3:mainnet' } });
    expect(refused).toMatchObject({ status: 404, body: { code: 'chain.network_unknown' } });
    const path = `POST /accounts/${tenant.accountId}/wallets`;
    const none = await callAltered({ NEO_NETWORKS: '' }, path, { body: { network: NETWORK } });
    expect(none.body.code).toBe('chain.network_unknown');
  });
});

describe('500', () => {
  it('stores nothing when the data key of the account was damaged', async () => {
    const tenant = await openTenant();
    await run(
      `INSERT INTO account_data_keys (account_id, wrapped_key, master_key_id, updated_at)
       VALUES (?, 'AAAA', 'none', 0)`,
      tenant.accountId,
    );
    const refused = await tenant.call('POST /wallets', { body: { network: NETWORK } });
    expect(refused.body.code).toBe('secrets.undecryptable');
    expect(await rows('SELECT wallet_id FROM chain_wallets')).toEqual([]);
  });
});

describe('503', () => {
  it('stores nothing when the bridge has no master key', async () => {
    const tenant = await openTenant();
    const refused = await callWithBridge({}, `POST /accounts/${tenant.accountId}/wallets`, {
      token: tenant.key,
      body: { network: NETWORK },
    });
    expect(refused).toMatchObject({
      status: 503,
      body: { code: 'secrets.encryption_unconfigured' },
    });
    expect(await rows('SELECT wallet_id FROM chain_wallets')).toEqual([]);
  });
});
