/**
 * One endpoint of the RPC client, as the steps of a sender see it. Whatever kind of failure it was,
 * here it is "not said": the client keeps the health. Absence is said only by the error that means
 * it; what an endpoint holds in its pool is neither absent nor included.
 */
import type { Hash256 } from '../../core/neo/hash256.ts';
import type { SendAnswer } from '../../core/neo/rpc/broadcast.ts';
import { getBlockCount, getBlockStamp } from '../../core/neo/rpc/chain-calls.ts';
import { invokeScript } from '../../core/neo/rpc/invocation-calls.ts';
import { digestNotifications } from '../../core/neo/rpc/quorum.ts';
import {
  calculateNetworkFee,
  getApplicationLog,
  getTransaction,
  sendRawTransaction,
} from '../../core/neo/rpc/transaction-calls.ts';
import { decodeTransaction } from '../../core/neo/transaction/transaction.ts';
import { gas } from '../contracts/gas.ts';
import type { Reply } from '../endpoint.ts';
import { scriptOf, valuesOf } from '../invoker.ts';
import type { RpcClient } from '../rpc-client.ts';
import type { LookUp, SenderEndpoint } from './outside.ts';

export const rpcSenderEndpoint = (client: RpcClient, name: string): SenderEndpoint => ({
  name,
  healthy: client
    .status()
    .some(({ endpoint, standing }) => endpoint === name && standing === 'healthy'),
  async height() {
    const count = valueOf(await client.askAt(name, getBlockCount()));
    return count === null ? null : count - 1;
  },
  async gasBalance(account) {
    const readings = [gas.balanceOf(account)] as const;
    const run = valueOf(await client.askAt(name, invokeScript({ script: scriptOf(readings) })));
    const values = run && valuesOf(readings, run);
    return values === null ? null : values[0];
  },
  async simulate({ script, signers }) {
    const run = valueOf(await client.askAt(name, invokeScript({ script, signers })));
    if (run === null) return null;
    const { vmState, gasConsumedDatoshi: gasConsumed, exception } = run;
    return { vmState, gasConsumed, exception };
  },
  networkFee: async (transaction) =>
    valueOf(await client.askAt(name, calculateNetworkFee(transaction))),
  send: (signed) => send(client, name, signed),
  lookUp: (hash) => lookUp(client, name, hash),
});

const valueOf = <Value>(reply: Reply<Value> | undefined): Value | null =>
  reply?.kind === 'value' ? reply.value : null;

async function send(client: RpcClient, name: string, signed: Uint8Array): Promise<SendAnswer> {
  const decoded = decodeTransaction(signed);
  if (!decoded.ok) return { kind: 'unreachable', reason: decoded.malformed.reason };
  const reply = await client.askAt(name, sendRawTransaction(decoded.value));
  if (reply.kind === 'value') return { kind: 'accepted' };
  return reply.kind === 'refused' ? reply : { kind: 'unreachable', reason: reply.reason };
}

async function lookUp(client: RpcClient, name: string, hash: Hash256): Promise<LookUp | null> {
  const found = await client.askAt(name, getTransaction(hash));
  if (found.kind === 'refused')
    return found.error.meaning === 'unknownTransaction' ? { kind: 'absent' } : null;
  const blockHash = found.kind === 'value' ? found.value.inclusion?.blockHash : undefined;
  if (blockHash === undefined) return null;
  const [log, stamp] = await Promise.all([
    client.askAt(name, getApplicationLog(hash)),
    client.askAt(name, getBlockStamp(blockHash)),
  ]);
  const [execution] = valueOf(log)?.executions ?? [];
  const blockIndex = valueOf(stamp)?.index;
  if (execution === undefined || blockIndex === undefined) return null;
  const { vmState } = execution;
  const notificationsDigest = digestNotifications(execution);
  return { kind: 'included', blockIndex, blockHash, vmState, notificationsDigest };
}
