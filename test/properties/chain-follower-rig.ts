/**
 * A follower under a deterministic scheduler: the object's own steps on node:sqlite, the real read
 * step against model endpoints, an alarm that rings when it was set to, and death at any SQL
 * statement, between transactions, and of any step before or after its report.
 */
import { Follower, type Turn } from '../../durable-objects/chain-follower/follower.ts';
import type { DeliveredEvent, Subscribe } from '../../durable-objects/chain-follower/rpc.ts';
import type { Bounds } from '../../durable-objects/chain-follower/stores.ts';
import type { ChainEndpoint } from '../../worker/chain/follower-steps/endpoint.ts';
import { readStep } from '../../worker/chain/follower-steps/read-step.ts';
import type { ReadLease, ReadReport } from '../../worker/core/chain-follower/reading.ts';
import {
  MAGIC,
  type Manners,
  ModelChain,
  modelChecker,
  modelEndpoint,
  randomOf,
} from '../core/chain-follower/model-chain.ts';
import { Killed, type NodeSql, openSql } from '../core/chain-follower/node-sql.ts';

/** So small that every bound is met many times in a short run. */
export const SMALL: Bounds = {
  readBlocks: 7,
  aheadBlocks: 12,
  fanOutEvents: 9,
  fanOutRows: 11,
  scansPerTurn: 2,
  scanBlocks: 5,
  scanEvents: 6,
  outboxRows: 14,
  outboxRowsTotal: 60,
  indexBlocks: 30,
  anchorBlocks: 10,
  sweepEveryBlocks: 3,
  sweepRows: 4,
};

export interface RigOptions {
  readonly seed: number;
  readonly bounds?: Bounds;
  readonly quorum?: number;
  readonly endpoints: Readonly<Record<string, Manners>>;
}

export class FollowerRig {
  readonly seed: number;
  readonly chain: ModelChain;
  readonly random: () => number;
  readonly node: NodeSql = openSql();
  follower: Follower;
  now = 1_800_000_000_000;
  alarmAt: number | null = null;
  deaths = 0;
  healed = false;
  /** Blocks of which no endpoint has the log. */
  forgetsLogOf: (height: number) => boolean = () => false;
  readonly #options: RigOptions;
  readonly #inFlight: ReadLease[] = [];

  constructor(options: RigOptions) {
    this.#options = options;
    this.seed = options.seed;
    this.random = randomOf(options.seed);
    this.chain = new ModelChain(options.seed);
    this.follower = this.#open();
    this.configure();
  }

  get names(): readonly string[] {
    return Object.keys(this.#options.endpoints);
  }

  #open(): Follower {
    const { sql, transaction } = this.node;
    const { bounds } = this.#options;
    return new Follower({ sql, transaction, ...(bounds ? { bounds } : {}) });
  }

  configure(): void {
    const configured = this.follower.configure(
      {
        networkId: 'neo3:private',
        magic: MAGIC,
        msPerBlock: 1_000,
        endpoints: this.names,
        quorum: this.#options.quorum ?? 1,
        checkpoint: this.chain.checkpoint,
      },
      this.now,
    );
    if (!configured.ok) throw new Error(configured.failure.code);
    this.alarmAt = this.now;
  }

  chance = (share: number): boolean => this.random() < share;
  pick = (below: number): number => Math.floor(this.random() * below);

  /** Runs it; when death strikes, memory is gone and nothing of the transaction is left. */
  living<Value>(work: () => Value): Value | undefined {
    try {
      return work();
    } catch (thrown) {
      if (!(thrown instanceof Killed)) throw thrown;
      this.deaths += 1;
      this.follower = this.#open();
      return undefined;
    } finally {
      this.node.killAfter(0);
    }
  }

  /** As the object's alarm: the next one first, then the turn. */
  ring(): void {
    this.alarmAt = this.now + 10_000;
    const turn = this.living(() => this.follower.takeTurn(this.now));
    if (turn) this.#take(turn);
  }

  #take({ leases, nextAt }: Turn): void {
    if (nextAt !== null) this.alarmAt = nextAt;
    this.#inFlight.push(...leases);
  }

  /** One step that is out; some die without a word, some reports come twice or too late. */
  async runStep(altered = (report: ReadReport): ReadReport => report): Promise<void> {
    const index = this.pick(this.#inFlight.length);
    const [lease] = this.#inFlight.splice(index, 1);
    if (!lease) return;
    if (!this.healed && this.chance(0.05)) return;
    const endpoints = this.names.map((name) => this.#endpoint(name));
    const checker = modelChecker(this.chain);
    const report = altered(await readStep(lease, { endpoints, checker }));
    if (!this.healed && this.chance(0.05)) return;
    if (!this.healed && this.chance(0.05)) this.now += 61_000;
    this.take(report);
    if (!this.healed && this.chance(0.05)) this.take(report);
  }

  take(report: ReadReport): void {
    const random = this.random();
    const taken = this.living(() => this.follower.report(report, { now: this.now, random }));
    if (taken?.ok) this.ring();
  }

  get inFlight(): number {
    return this.#inFlight.length;
  }

  #endpoint(name: string): ChainEndpoint {
    const sane: Manners = {};
    const endpoint = modelEndpoint({
      name,
      chain: this.chain,
      random: this.random,
      manners: () => (this.healed ? sane : (this.#options.endpoints[name] ?? sane)),
    });
    return {
      ...endpoint,
      readLogs: async (blocks) => {
        const logs = await endpoint.readLogs(blocks);
        return logs.map((log, index) =>
          this.forgetsLogOf(blocks[index]?.height ?? -1) ? null : log,
        );
      },
    };
  }

  /** Only by its own alarm and the steps it sends out, until `isDone`. */
  async settle(isDone: () => boolean, turnsMax = 20_000): Promise<void> {
    for (let turn = 0; turn < turnsMax; turn += 1) {
      if (this.#inFlight.length > 0) await this.runStep();
      else if (isDone()) return;
      else if (this.alarmAt === null) throw new Error('nothing would ever come again');
      else {
        this.now = Math.max(this.now, this.alarmAt);
        this.ring();
      }
    }
    throw new Error(`not settled: ${JSON.stringify(this.follower.status(this.now))}`);
  }

  cursor(): number {
    const status = this.follower.status(this.now);
    return status.ok ? status.value.deliveredHeight : -1;
  }
}

/** Someone who reads, remembers ids, and drops what was seen, as consumers are told to. */
export class Reader {
  readonly id: string;
  readonly wishes: { contract: string; eventName: string | null; fromHeight: number }[] = [];
  readonly acknowledged: DeliveredEvent[] = [];
  readonly #rig: FollowerRig;

  constructor(rig: FollowerRig, id: string) {
    this.#rig = rig;
    this.id = id;
  }

  /** Asks until it is told that it stands, as a client does whose answer was lost. */
  subscribe(wish: Omit<Subscribe, 'subscriberId'>): boolean {
    const rig = this.#rig;
    const command = { ...wish, subscriberId: this.id };
    const subscribed = rig.living(() => rig.follower.subscribe(command, rig.now));
    if (subscribed === undefined) return this.subscribe(wish);
    if (!subscribed.ok) return false;
    const { contract, eventName } = wish;
    this.wishes.push({ contract, eventName, fromHeight: subscribed.value.fromHeight });
    rig.alarmAt = rig.now;
    return true;
  }

  read(limit: number, losesAcknowledgement = false): number {
    const rig = this.#rig;
    const page = rig.living(() => rig.follower.readEvents({ subscriberId: this.id, limit }));
    if (!page?.ok || page.value.events.length === 0) return 0;
    const { events } = page.value;
    const position = events.at(-1)?.position ?? 0;
    if (losesAcknowledgement) return 0;
    const acknowledged = rig.living(() =>
      rig.follower.acknowledge({ subscriberId: this.id, position }, rig.now),
    );
    if (!acknowledged?.ok) return 0;
    rig.alarmAt = rig.now;
    this.acknowledged.push(...events);
    return events.length;
  }

  /** What it must have been given by now, of a chain of that height. */
  expected(height: number): readonly string[] {
    const ids = new Set<string>();
    for (const event of this.#rig.chain.eventsOf(0, height))
      for (const { contract, eventName, fromHeight } of this.wishes) {
        const isName = eventName === null || eventName === event.eventName;
        if (event.contract === contract && isName && event.height >= fromHeight) ids.add(event.id);
      }
    return [...ids];
  }
}
