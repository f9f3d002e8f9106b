/**
 * Tells each configured network's follower how to read, again and again: what an operator changes
 * reaches it within a minute, and a follower whose alarm was lost goes on. A network without a
 * checkpoint is not followed, since nothing could be verified (money rule M6).
 */
import type { ChainPosition } from '../../core/chain-follower/position.ts';
import type { NetworkSettings } from '../../core/neo/network-settings.ts';
import type { Result } from '../../core/result.ts';
import { readMsPerBlock } from '../block-time.ts';
import type { RpcClient } from '../rpc-client.ts';

export interface FollowerDoor {
  configure(command: {
    readonly networkId: string;
    readonly magic: number;
    readonly msPerBlock: number;
    readonly endpoints: readonly string[];
    readonly quorum: number;
    readonly checkpoint: ChainPosition;
  }): Promise<Result<null>>;
}

export interface FollowNetworks {
  readonly networks: readonly NetworkSettings[];
  readonly clientOf: (network: NetworkSettings) => RpcClient;
  readonly followerOf: (networkId: string) => FollowerDoor;
}

/** Answers the networks whose follower refused its configuration. */
export async function followNetworks(deps: FollowNetworks): Promise<readonly string[]> {
  const refused: string[] = [];
  for (const network of deps.networks) {
    const { id: networkId, magic, quorum, checkpoint } = network;
    if (checkpoint === undefined) continue;
    const client = deps.clientOf(network);
    const msPerBlock = await readMsPerBlock(client);
    const { endpoints } = client;
    const command = { networkId, magic, msPerBlock, endpoints, quorum, checkpoint };
    const configured = await deps.followerOf(networkId).configure(command);
    if (!configured.ok) refused.push(networkId);
  }
  return refused;
}
