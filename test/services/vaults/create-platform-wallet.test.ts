/** `POST /operator/gasbank/wallets`: a key of the platform, bound to one purpose and one network. */
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../worker/services/vaults/limits.ts';
import { callAltered } from '../../support/altered-platform.ts';
import { call } from '../../support/harness.ts';
import { callWithBridge, rows, run } from '../secrets/vault-under-test.ts';
import { MAGIC, makePlatformWallet, NETWORK } from './vaults-under-test.ts';

const PATH = 'POST /operator/gasbank/wallets';
const body = { network: NETWORK, purpose: 'sponsor' } as const;

describe('201', () => {
  it('answers the address of a key that was made in the bridge', async () => {
    const made = await makePlatformWallet('operator');
    expect(made.body).toMatchObject({
      network: NETWORK,
      networkMagic: MAGIC,
      purpose: 'operator',
      status: 'active',
      refillRule: null,
      watchedHeight: null,
    });
    expect(made.headers.get('etag')).toBe('"r1"');
    expect(made.text).not.toMatch(/sealed|privateKey/i);
  });

  it('keeps its key under the data key of the platform, which is rewrapped as all others', async () => {
    await makePlatformWallet('sponsor');
    expect(await rows('SELECT account_id FROM account_data_keys')).toEqual([
      { account_id: 'platform' },
    ]);
    const rewrapped = await call('POST /operator/secrets/rewrap', { body: {} });
    expect(rewrapped.body).toMatchObject({ checked: 1, undecryptable: [] });
  });

  it('is told in the log of operators', async () => {
    const made = await makePlatformWallet('sponsor');
    const log = await call('GET /operator/audit?operation=vaults.createPlatformWallet');
    expect(log.body.items).toMatchObject([{ target: { id: made.body.id } }]);
  });
});

describe('404', () => {
  it('makes no wallet on a network that is not served', async () => {
    const elsewhere = { ...body, network: 'neo3:mainnet' };
    expect((await call(PATH, { body: elsewhere })).body.code).toBe('chain.network_unknown');
    const none = await callAltered({ NEO_NETWORKS: '' }, PATH, { body });
    expect(none.body.code).toBe('chain.network_unknown');
  });
});

describe('409', () => {
  it('makes no more wallets of a network than can be booked', async () => {
    const made = await makePlatformWallet('sponsor');
    const most = LIMITS.platformWalletsMax.value;
    for (let number = 1; number < most; number += 1)
      await run(
        `INSERT INTO platform_wallets SELECT ?, network, network_magic, purpose, address, ?,
           public_key, sealed_key, 'retired', watched_height, refill_rule, revision, created_at,
           updated_at, retired_at, opening_height, opening
         FROM platform_wallets WHERE wallet_id = ?`,
        `pwl_${number}`,
        `0x${number}`,
        made.body.id,
      );
    const refused = await call(PATH, { body });
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'vaults.wallets_full', limit: most },
    });
  });
});

describe('500', () => {
  it('stores nothing when the data key of the platform was damaged', async () => {
    await run(
      `INSERT INTO account_data_keys (account_id, wrapped_key, master_key_id, updated_at)
       VALUES ('platform', 'AAAA', 'none', 0)`,
    );
    expect((await call(PATH, { body })).body.code).toBe('secrets.undecryptable');
    expect(await rows('SELECT wallet_id FROM platform_wallets')).toEqual([]);
  });
});

describe('503', () => {
  it('stores nothing when the bridge has no master key', async () => {
    const refused = await callWithBridge({}, PATH, { body });
    expect(refused.body.code).toBe('secrets.encryption_unconfigured');
    expect(await rows('SELECT wallet_id FROM platform_wallets')).toEqual([]);
  });
});
