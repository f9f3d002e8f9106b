/** `GET /operator/gasbank/vaults/{network}`: the row, the chain and the book side by side. */
import { describe, expect, it } from 'vitest';
import { callAltered } from '../../support/altered-platform.ts';
import { call } from '../../support/harness.ts';
import { makePlatformWallet, NETWORK, putVault, registered } from './vaults-under-test.ts';

const PATH = `GET /operator/gasbank/vaults/${NETWORK}`;

describe('200', () => {
  it('shows caps, what lies on it, and how far it is booked', async () => {
    const { chain } = await registered();
    const { body } = await call(PATH);
    expect(body).toMatchObject({
      watchedHeight: chain.height,
      bookedHeight: chain.height,
      followedHeight: chain.height,
      pendingEvents: 0,
      chain: { isPaused: false, releaseCap: '1000', releasedToday: '0', balance: '100' },
      book: { vault: '100', equity: '300', clearing: '0', deposits: '0' },
    });
  });

  it('shows what is known while no node answers and nobody follows', async () => {
    await putVault(await makePlatformWallet('operator'));
    const networks = [
      { id: NETWORK, magic: 56_753, rpc: ['http://down.test'], quorum: 1 },
    ] as const;
    const { body } = await callAltered({ NEO_NETWORKS: JSON.stringify(networks) }, PATH);
    expect(body).toMatchObject({ chain: null, followedHeight: null, pendingEvents: null });
  });
});

describe('404', () => {
  it('shows nothing of a network without a vault, or that is not served', async () => {
    expect((await call(PATH)).body.code).toBe('request.not_found');
    const other = await call('GET /operator/gasbank/vaults/neo3:mainnet');
    expect(other.body.code).toBe('chain.network_unknown');
  });
});
