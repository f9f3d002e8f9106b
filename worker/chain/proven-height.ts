/**
 * A height that the network has reached for sure: one endpoint that runs ahead, or stands still,
 * does not decide it while fewer than a quorum of them lie (money rule M5).
 */
import { getBlockCount } from '../core/neo/rpc/chain-calls.ts';
import { provenHeight } from '../core/neo-sender/free-gas.ts';
import type { RpcClient } from './rpc-client.ts';

/** Null when too few endpoints answer. */
export async function readProvenHeight(client: RpcClient, quorum: number): Promise<number | null> {
  const replies = await client.askEach(getBlockCount());
  const heights = replies.flatMap(({ endpoint, reply }) =>
    reply.kind === 'value' ? [{ endpoint, height: reply.value - 1 }] : [],
  );
  return provenHeight(heights, quorum);
}
