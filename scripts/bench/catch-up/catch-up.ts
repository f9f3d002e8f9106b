/**
 * Catching up with a chain, against reading it: the follower of the product, from the checkpoint to
 * the last block with every event delivered and acknowledged, and the very requests it sends, sent
 * one after another with their answers parsed as JSON and dropped. What is between the two are the
 * proofs (witness and merkle root of each block), the events and their storage.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { boundedSql } from '../../../durable-objects/bounded-sql.ts';
import { Follower } from '../../../durable-objects/chain-follower/follower.ts';
import { MIGRATIONS } from '../../../durable-objects/chain-follower/migrations.ts';
import { migrate } from '../../../durable-objects/migrate.ts';
import { blockChecker } from '../../../worker/chain/follower-steps/block-checker.ts';
import { readStep } from '../../../worker/chain/follower-steps/read-step.ts';
import { rpcEndpoint } from '../../../worker/chain/follower-steps/rpc-endpoint.ts';
import { RpcClient } from '../../../worker/chain/rpc-client.ts';
import type { ChainPosition } from '../../../worker/core/chain-follower/position.ts';
import { storageInMemory } from '../../sim/sqlite-storage.ts';
import type { Raced } from '../race.ts';
import { toSpread } from '../statistics.ts';
import { BLOCKS, EVENTS_OF_A_BLOCK, MAGIC, MS_PER_BLOCK, SHOP } from './stored-chain.ts';

interface StoredNode {
  readonly url: string;
  readonly checkpoint: ChainPosition;
  readonly stop: () => void;
}

const NODE = fileURLToPath(new URL('./stored-node.ts', import.meta.url).href);
const SUBSCRIBER = 'bench';
const PAGE = 500;
const JSON_BODY = { 'content-type': 'application/json' };

/** Blocks a second of both. */
export async function raceCatchUp({ rounds }: { readonly rounds: number }): Promise<Raced> {
  const node = await startStoredNode();
  try {
    const requests: string[] = [];
    await catchUp(node, requests);
    await readBare(node, requests);
    const timed: { subject: number; floor: number }[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const subject = () => blocksPerSecond(() => catchUp(node, []));
      const floor = () => blocksPerSecond(() => readBare(node, requests));
      if (round % 2 === 0) {
        const first = await subject();
        timed.push({ subject: first, floor: await floor() });
      } else {
        const first = await floor();
        timed.push({ floor: first, subject: await subject() });
      }
    }
    return {
      subject: toSpread(timed.map((round) => round.subject)).median,
      floor: toSpread(timed.map((round) => round.floor)).median,
      ratio: toSpread(timed.map((round) => round.subject / round.floor)),
    };
  } finally {
    node.stop();
  }
}

async function blocksPerSecond(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (BLOCKS * 1000) / (performance.now() - startedAt);
}

async function startStoredNode(): Promise<StoredNode> {
  const child = fork(NODE, { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const told = await Promise.race([once(child, 'message'), once(child, 'exit')]);
  const [started] = told as readonly unknown[];
  if (typeof started !== 'object' || started === null) throw new Error('the stored node ended');
  // Sent by stored-node.ts alone.
  const { port, checkpoint } = started as { port: number; checkpoint: ChainPosition };
  const stop = (): void => child.disconnect();
  return { url: `http://127.0.0.1:${String(port)}`, checkpoint, stop };
}

async function readBare({ url }: StoredNode, requests: readonly string[]): Promise<void> {
  for (const body of requests) {
    const response = await fetch(url, { method: 'POST', headers: JSON_BODY, body });
    await response.json();
  }
}

/** `requests` gets the body of each, in their order. */
async function catchUp({ url, checkpoint }: StoredNode, requests: string[]): Promise<void> {
  const client = new RpcClient({
    urls: [url],
    magic: MAGIC,
    quorum: 1,
    fetch: (address, init) => {
      if (typeof init.body === 'string') requests.push(init.body);
      return fetch(address, init);
    },
    now: () => Date.now(),
    random: () => 0.5,
    defer: (work) => void work.catch(() => undefined),
  });
  const follower = openFollower(client, checkpoint);
  const endpoints = client.endpoints.map((name) => rpcEndpoint(client, name));
  const deps = { endpoints, checker: blockChecker(MAGIC) };
  let delivered = 0;
  while (delivered < BLOCKS * EVENTS_OF_A_BLOCK) {
    const now = Date.now();
    const { leases, nextAt } = follower.takeTurn(now);
    for (const lease of leases) {
      const report = await readStep(lease, deps);
      follower.report(report, { now: Date.now(), random: 0.5 });
    }
    const read = acknowledgeAll(follower);
    delivered += read;
    const isIdle = leases.length === 0 && read === 0 && (nextAt ?? now) > Date.now();
    if (isIdle) throw new Error('the follower stands still below the last block');
  }
}

function openFollower(client: RpcClient, checkpoint: ChainPosition): Follower {
  const storage = storageInMemory();
  migrate(storage, MIGRATIONS, Date.now());
  const follower = new Follower({
    sql: boundedSql(storage.sql),
    transaction: (work) => storage.transactionSync(work),
  });
  const { endpoints } = client;
  const network = { networkId: 'neo3:stored', magic: MAGIC, msPerBlock: MS_PER_BLOCK };
  follower.configure({ ...network, endpoints, quorum: 1, checkpoint }, Date.now());
  const subscription = { subscriberId: SUBSCRIBER, contract: SHOP, eventName: null, fromHeight: 1 };
  if (!follower.subscribe(subscription, Date.now()).ok) throw new Error('not subscribed');
  return follower;
}

/** How many there were. */
function acknowledgeAll(follower: Follower): number {
  let read = 0;
  for (;;) {
    const page = follower.readEvents({ subscriberId: SUBSCRIBER, limit: PAGE });
    const position = page.ok ? page.value.events.at(-1)?.position : undefined;
    if (!page.ok || position === undefined) return read;
    read += page.value.events.length;
    follower.acknowledge({ subscriberId: SUBSCRIBER, position }, Date.now());
  }
}
