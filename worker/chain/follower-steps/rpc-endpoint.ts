/**
 * One endpoint of the RPC client, as a read step sees it. Whatever kind of failure it was, here it
 * is "not given": the client keeps the health, and the step asks the next endpoint. Only a log that
 * came and is none is told apart, since that is the endpoint's word and not its silence.
 */
import type { BlockLogs, FollowedBlock } from '../../core/chain-follower/extract.ts';
import { getBlockCount, getRawBlock } from '../../core/neo/rpc/chain-calls.ts';
import { getApplicationLog } from '../../core/neo/rpc/transaction-calls.ts';
import type { ApplicationLog } from '../../core/neo/vm/application-log.ts';
import type { Reply } from '../endpoint.ts';
import type { RpcClient } from '../rpc-client.ts';
import type { ChainEndpoint } from './endpoint.ts';

export const rpcEndpoint = (client: RpcClient, name: string): ChainEndpoint => ({
  name,
  async readHeight() {
    const reply = await client.askAt(name, getBlockCount());
    return reply.kind === 'value' ? reply.value - 1 : null;
  },
  async readBlocks(heights) {
    const replies = await client.askManyAt(name, heights.map(getRawBlock));
    return replies.map((reply) => (reply.kind === 'value' ? reply.value : null));
  },
  async readLogs(blocks) {
    const calls = blocks.flatMap(({ hash, transactions }) =>
      [hash, ...transactions.map((transaction) => transaction.hash)].map(getApplicationLog),
    );
    const replies = await client.askManyAt(name, calls);
    let from = 0;
    return blocks.map((block) => {
      const count = 1 + block.transactions.length;
      const own = replies.slice(from, from + count);
      from += count;
      return toLogs(block, own);
    });
  },
});

function toLogs(
  { transactions }: FollowedBlock,
  replies: readonly Reply<ApplicationLog>[],
): BlockLogs | 'malformed' | null {
  if (replies.some(({ kind }) => kind === 'unreadable')) return 'malformed';
  const logs = replies.flatMap((reply) => (reply.kind === 'value' ? [reply.value] : []));
  const [block, ...rest] = logs;
  return block && rest.length === transactions.length ? { block, transactions: rest } : null;
}
