/**
 * The way out: from the object's own alarm through ChainReader and the RPC client to a node and
 * back. The node at the other end is scripted and nobody signed its blocks, which is what a follower
 * has to notice.
 */
import { runDurableObjectAlarm } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, it, vi } from 'vitest';
import { followNetworks } from '../../../worker/chain/follower-steps/follow-networks.ts';
import { networkClient } from '../../../worker/chain/network-client.ts';
import { CONSENSUS, hashOf } from '../../core/chain-follower/model-chain.ts';
import { NETWORKS } from '../../support/small-chain.ts';

it('M6: reads by itself, and halts at blocks that nobody signed', async () => {
  const { up } = NETWORKS;
  const checkpoint = { height: 6, hash: hashOf('six'), nextConsensus: CONSENSUS };
  const refused = await followNetworks({
    networks: [{ ...up, rpc: [...up.rpc], checkpoint }],
    clientOf: networkClient,
    followerOf: (id) => env.CHAIN_FOLLOWER.getByName(id),
  });
  expect(refused).toEqual([]);
  const stub = env.CHAIN_FOLLOWER.getByName(up.id);
  await runDurableObjectAlarm(stub);
  await vi.waitFor(async () => {
    const status = await stub.status();
    expect(status.ok && status.value).toMatchObject({
      alert: 'header_rejected',
      verifiedHeight: 6,
      faults: [{ endpoint: 'node.test', height: 7 }],
    });
  });
});

it('does not follow a network that has no checkpoint', async () => {
  const { up } = NETWORKS;
  await followNetworks({
    networks: [{ ...up, rpc: [...up.rpc] }],
    clientOf: networkClient,
    followerOf: (id) => env.CHAIN_FOLLOWER.getByName(id),
  });
  const status = await env.CHAIN_FOLLOWER.getByName(up.id).status();
  expect(status).toMatchObject({ ok: false, failure: { code: 'follower.not_configured' } });
});
