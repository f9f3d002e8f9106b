/**
 * What each endpoint says for itself about transactions and balances, for decisions that need
 * several of them (money rules M5, M8). An endpoint's height is read before everything else, so
 * that what it says is at least as new as the height it votes with. What could not be read, or
 * does not fit together, is left out: it is no vote, neither for nor against.
 */
import type { Hash256 } from '../core/neo/hash256.ts';
import { getBlockCount, getBlockStamp } from '../core/neo/rpc/chain-calls.ts';
import { invokeScript } from '../core/neo/rpc/invocation-calls.ts';
import { digestNotifications, type Sighting } from '../core/neo/rpc/quorum.ts';
import {
  getApplicationLog,
  getTransaction,
  type KnownTransaction,
} from '../core/neo/rpc/transaction-calls.ts';
import type { ScriptHash } from '../core/neo/script-hash.ts';
import type { ApplicationLog } from '../core/neo/vm/application-log.ts';
import type { BalanceReading } from '../core/neo-sender/free-gas.ts';
import type { EndpointHeight } from '../core/neo-sender/steps.ts';
import { gas } from './contracts/gas.ts';
import type { Reply } from './endpoint.ts';
import { scriptOf, valuesOf } from './invoker.ts';
import type { RpcClient } from './rpc-client.ts';

export interface EndpointSightings {
  readonly endpoint: string;
  /** Of its last block. */
  readonly height: number;
  /** By hash; what is missing is no vote. */
  readonly sightings: ReadonlyMap<Hash256, Sighting>;
}

/** About all the transactions, by every endpoint that answers. */
export async function readSightings(
  client: RpcClient,
  hashes: readonly Hash256[],
): Promise<readonly EndpointSightings[]> {
  const heights = await readHeights(client);
  return Promise.all(heights.map((at) => readEndpoint(client, at, hashes)));
}

export async function readHeights(client: RpcClient): Promise<readonly EndpointHeight[]> {
  const counts = await client.askEach(getBlockCount());
  return counts.flatMap(({ endpoint, reply }) =>
    reply.kind === 'value' ? [{ endpoint, height: reply.value - 1 }] : [],
  );
}

async function readEndpoint(
  client: RpcClient,
  { endpoint, height }: EndpointHeight,
  hashes: readonly Hash256[],
): Promise<EndpointSightings> {
  const found = await client.askManyAt(endpoint, hashes.map(getTransaction));
  const sightings = new Map<Hash256, Sighting>();
  const included: Included[] = [];
  for (const [index, hash] of hashes.entries()) {
    const reply = found[index];
    if (isAbsent(reply)) sightings.set(hash, { kind: 'absent', height });
    if (reply?.kind !== 'value' || reply.value.inclusion === null) continue;
    included.push({ hash, blockHash: reply.value.inclusion.blockHash });
  }
  const blocks = included.map(({ blockHash }) => getBlockStamp(blockHash));
  const [logs, stamps] = await Promise.all([
    client.askManyAt(
      endpoint,
      included.map(({ hash }) => getApplicationLog(hash)),
    ),
    client.askManyAt(endpoint, blocks),
  ]);
  for (const [index, { hash, blockHash }] of included.entries()) {
    const stamp = stamps[index];
    const evidence = evidenceOf(logs[index]);
    if (stamp?.kind !== 'value' || evidence === null) continue;
    const blockIndex = stamp.value.index;
    sightings.set(hash, { kind: 'included', height, blockIndex, blockHash, ...evidence });
  }
  return { endpoint, height, sightings };
}

interface Included {
  readonly hash: Hash256;
  readonly blockHash: Hash256;
}

/** Only the error that says so; a pooled transaction is neither absent nor included. */
const isAbsent = (reply: Reply<KnownTransaction> | undefined): boolean =>
  reply?.kind === 'refused' && reply.error.meaning === 'unknownTransaction';

function evidenceOf(reply: Reply<ApplicationLog> | undefined) {
  if (reply?.kind !== 'value' || reply.value.kind !== 'transaction') return null;
  const [execution] = reply.value.executions;
  if (execution === undefined) return null;
  return {
    vmState: execution.vmState,
    notificationsDigest: digestNotifications(execution),
  };
}

/** GAS of an account, by every endpoint whose height stood still while it was read. */
export async function readGasBalances(
  client: RpcClient,
  account: ScriptHash,
): Promise<readonly BalanceReading[]> {
  const heights = await readHeights(client);
  const readings = await Promise.all(heights.map((at) => readBalance(client, at, account)));
  return readings.flatMap((reading) => reading ?? []);
}

async function readBalance(
  client: RpcClient,
  before: EndpointHeight,
  account: ScriptHash,
): Promise<BalanceReading | null> {
  const readings = [gas.balanceOf(account)] as const;
  const run = await client.askAt(before.endpoint, invokeScript({ script: scriptOf(readings) }));
  const after = await client.askAt(before.endpoint, getBlockCount());
  if (run.kind !== 'value' || after.kind !== 'value') return null;
  const values = valuesOf(readings, run.value);
  if (after.value - 1 !== before.height || values === null) return null;
  const [datoshi] = values;
  return { ...before, datoshi };
}
