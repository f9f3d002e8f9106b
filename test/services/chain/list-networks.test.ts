import { describe, expect, it } from 'vitest';
import { callAltered } from '../../support/altered-platform.ts';
import { call, openTenant } from '../../support/harness.ts';
import { SMALL_CHAIN } from '../../support/small-chain.ts';
import { readWithBoth } from './chain-under-test.ts';

describe('200', () => {
  it('tells the height of each network, and null where no node tells it', async () => {
    const { body } = await readWithBoth('/chain/networks');
    expect(body.items).toEqual([
      expect.objectContaining({ id: 'neo3:private', status: 'ready', height: SMALL_CHAIN.height }),
      expect.objectContaining({ id: 'neo3:down', status: 'unavailable', height: null }),
    ]);
  });

  it('answers a key of any account, and no stranger', async () => {
    const { key } = await openTenant();
    expect((await call('GET /chain/networks', { token: key })).body.items).toHaveLength(1);
    expect((await call('GET /chain/networks', { token: null })).status).toBe(401);
  });

  it('is empty where an operator configured no network', async () => {
    const { body } = await callAltered({ NEO_NETWORKS: '' }, 'GET /chain/networks');
    expect(body.items).toEqual([]);
  });
});
