/**
 * How fast a network makes blocks, by the word of one node: of the last probe while the best node is
 * well, since its probe asked just that, and asked anew otherwise.
 */
import { getVersion } from '../core/neo/rpc/protocol-settings.ts';
import type { RpcClient } from './rpc-client.ts';

/** Until a node has said otherwise: the block time of the main network. */
const MS_PER_BLOCK_DEFAULT = 15_000;

export async function readMsPerBlock(client: RpcClient): Promise<number> {
  const probed = client.msPerBlock();
  if (probed !== null) return probed;
  const version = await client.ask(getVersion());
  return version.kind === 'value' ? version.value.protocol.msPerBlock : MS_PER_BLOCK_DEFAULT;
}
