/**
 * A follower on real nodes: the object's own steps on node:sqlite, the real read steps over the RPC
 * client, and the clock of the wall. It can be killed at any SQL statement; then its memory is gone
 * and it opens again on what was committed.
 */
import { Follower } from '../../../durable-objects/chain-follower/follower.ts';
import type { DeliveredEvent } from '../../../durable-objects/chain-follower/rpc.ts';
import type { Bounds } from '../../../durable-objects/chain-follower/stores.ts';
import { isObject, type Rpc } from '../../../scripts/devnet/rpc.ts';
import { blockChecker } from '../../../worker/chain/follower-steps/block-checker.ts';
import { readStep } from '../../../worker/chain/follower-steps/read-step.ts';
import { rpcEndpoint } from '../../../worker/chain/follower-steps/rpc-endpoint.ts';
import { RpcClient } from '../../../worker/chain/rpc-client.ts';
import type { ChainPosition } from '../../../worker/core/chain-follower/position.ts';
import type { ReadLease } from '../../../worker/core/chain-follower/reading.ts';
import { parseAddress } from '../../../worker/core/neo/address.ts';
import { parseHash256 } from '../../../worker/core/neo/hash256.ts';
import { Killed, openSql } from '../../core/chain-follower/node-sql.ts';

export interface LiveOptions {
  readonly urls: readonly string[];
  readonly magic: number;
  readonly quorum?: number;
  readonly bounds?: Bounds;
  readonly followWithinMs?: number;
  readonly checkpoint: {
    readonly height: number;
    readonly hash: string;
    readonly nextConsensus: string;
  };
}

export class LiveFollower {
  readonly #node = openSql();
  readonly #client: RpcClient;
  readonly #options: LiveOptions;
  #follower: Follower;
  #aheadMs = 0;
  deaths = 0;

  constructor(options: LiveOptions) {
    this.#options = options;
    this.#client = new RpcClient({
      urls: options.urls,
      magic: options.magic,
      quorum: options.quorum ?? 1,
      fetch: (url, init) => fetch(url, init),
      now: () => Date.now(),
      random: () => 0.5,
      defer: (work) => void work.catch(() => undefined),
    });
    this.#follower = this.#open();
    this.#follower.configure(
      {
        networkId: 'neo3:private',
        magic: options.magic,
        msPerBlock: 1_000,
        endpoints: this.#client.endpoints,
        quorum: options.quorum ?? 1,
        checkpoint: readCheckpoint(options),
      },
      Date.now(),
    );
  }

  #open(): Follower {
    const { sql, transaction } = this.#node;
    const { bounds } = this.#options;
    return new Follower({ sql, transaction, ...(bounds ? { bounds } : {}) });
  }

  get follower(): Follower {
    return this.#follower;
  }

  /** Dies at the statement that many from now. */
  killAfter(statements: number): void {
    this.#node.killAfter(statements);
  }

  status() {
    const found = this.#follower.status(Date.now());
    if (!found.ok) throw new Error(found.failure.code);
    return found.value;
  }

  /** One turn, and the steps it hands over; answers when to come again. */
  async turn(): Promise<number> {
    const turn = this.#living(() => this.#follower.takeTurn(this.#now()));
    for (const lease of turn?.leases ?? []) await this.#read(lease);
    return turn?.nextAt ?? this.#now();
  }

  /** The waits for leases of steps that died are skipped: its clock goes ahead of the wall's. */
  async follow(height: number, beforeTurn: () => void = () => undefined): Promise<void> {
    const deadline = Date.now() + (this.#options.followWithinMs ?? 60_000);
    while (this.status().deliveredHeight < height) {
      if (Date.now() > deadline) throw new Error(`stands at ${JSON.stringify(this.status())}`);
      beforeTurn();
      const nextAt = await this.turn();
      this.#node.killAfter(0);
      const waitMs = nextAt - this.#now();
      if (waitMs > 1_000) this.#aheadMs += waitMs;
      else if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }

  readonly #now = (): number => Date.now() + this.#aheadMs;

  /** Reads and acknowledges everything that waits. */
  drain(subscriberId: string): readonly DeliveredEvent[] {
    const events: DeliveredEvent[] = [];
    for (;;) {
      const page = this.#living(() => this.#follower.readEvents({ subscriberId, limit: 500 }));
      if (page === undefined) continue;
      const position = page.ok ? (page.value.events.at(-1)?.position ?? null) : null;
      if (!page.ok || position === null) return events;
      const command = { subscriberId, position };
      const done = this.#living(() => this.#follower.acknowledge(command, Date.now()));
      if (done?.ok) events.push(...page.value.events);
    }
  }

  async #read(lease: ReadLease): Promise<void> {
    const endpoints = this.#client.endpoints.map((name) => rpcEndpoint(this.#client, name));
    const checker = blockChecker(this.#options.magic);
    const report = await readStep(lease, { endpoints, checker });
    const moment = { now: this.#now(), random: 0.5 };
    this.#living(() => this.#follower.report(report, moment));
  }

  #living<Value>(work: () => Value): Value | undefined {
    try {
      return work();
    } catch (thrown) {
      if (!(thrown instanceof Killed)) throw thrown;
      this.deaths += 1;
      this.#follower = this.#open();
      return undefined;
    }
  }
}

function readCheckpoint({ checkpoint }: LiveOptions): ChainPosition {
  const hash = parseHash256(checkpoint.hash);
  const nextConsensus = parseAddress(checkpoint.nextConsensus);
  if (hash === null || nextConsensus === null) throw new Error('the network has a checkpoint');
  return { height: checkpoint.height, hash, nextConsensus };
}

/**
 * Ids of what a contract raised, by the node's own JSON and no code of the product: the transactions
 * of each block, their logs, and of those the ones that HALTed.
 */
export async function listRaised(
  rpc: Rpc,
  { magic, contract, from, to }: RaisedQuery,
): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let height = from; height <= to; height += 1) {
    const block = await rpc.call('getblock', [height, 1]);
    for (const { hash } of listOf(block, 'tx'))
      ids.push(...raisedBy(contract, `${String(magic)}:${String(hash)}`, await logOf(rpc, hash)));
  }
  return ids;
}

const logOf = (rpc: Rpc, hash: unknown): Promise<unknown> => rpc.call('getapplicationlog', [hash]);

function raisedBy(contract: string, transaction: string, log: unknown): readonly string[] {
  const [run] = listOf(log, 'executions');
  if (run?.vmstate !== 'HALT') return [];
  return [...listOf(run, 'notifications').entries()].flatMap(([index, raised]) =>
    raised.contract === contract ? [`${transaction}:${String(index)}`] : [],
  );
}

export interface RaisedQuery {
  readonly magic: number;
  readonly contract: string;
  readonly from: number;
  readonly to: number;
}

function listOf(value: unknown, field: string): readonly Readonly<Record<string, unknown>>[] {
  const list = isObject(value) ? value[field] : undefined;
  return Array.isArray(list) ? list.filter(isObject) : [];
}
