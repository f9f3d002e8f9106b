/**
 * A chain that never was: blocks with transactions that HALT or FAULT, with the logs a sound node
 * would give, and endpoints that are late, forgetful or liars. Everything follows from the seed.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { BlockChecker, ChainEndpoint } from '../../../worker/chain/follower-steps/endpoint.ts';
import type { ChainEvent } from '../../../worker/core/chain-follower/event.ts';
import {
  type BlockLogs,
  extractEvents,
  type FollowedBlock,
} from '../../../worker/core/chain-follower/extract.ts';
import type {
  ChainPosition,
  VerifiedHeader,
} from '../../../worker/core/chain-follower/position.ts';
import { decodeHash256, encodeHash256, type Hash256 } from '../../../worker/core/neo/hash256.ts';
import { NATIVE_CONTRACTS } from '../../../worker/core/neo/native-contracts.ts';
import {
  decodeScriptHash,
  encodeScriptHash,
  type ScriptHash,
} from '../../../worker/core/neo/script-hash.ts';
import type { ApplicationLog } from '../../../worker/core/neo/vm/application-log.ts';
import type { Execution, Trigger } from '../../../worker/core/neo/vm/execution.ts';
import type { Notification } from '../../../worker/core/neo/vm/notification.ts';

export const MAGIC = 56_753;
export const GAS = NATIVE_CONTRACTS.GasToken.hash;

export const hashOf = (text: string): Hash256 => decodeHash256(sha256(utf8ToBytes(text)));
export const scriptHashOf = (text: string): ScriptHash =>
  decodeScriptHash(sha256(utf8ToBytes(text)).slice(0, 20));
export const CONSENSUS = scriptHashOf('consensus');
export const CONTRACTS = ['vault', 'shop', 'game', 'quiet'].map(scriptHashOf);

/** mulberry32: small, seeded, good enough to choose with. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export interface ModelBlock {
  readonly header: VerifiedHeader;
  readonly block: FollowedBlock;
  readonly logs: BlockLogs;
}

export const transfer = (
  from: ScriptHash | null,
  to: ScriptHash | null,
  amount: bigint,
): Notification => ({
  contract: GAS,
  eventName: 'Transfer',
  state: [
    from === null ? { type: 'Any' } : { type: 'ByteString', value: encodeScriptHash(from) },
    to === null ? { type: 'Any' } : { type: 'ByteString', value: encodeScriptHash(to) },
    { type: 'Integer', value: amount },
  ],
});

export const execution = (
  trigger: Trigger,
  notifications: readonly Notification[],
  vmState: Execution['vmState'] = 'HALT',
): Execution => ({
  trigger,
  vmState,
  exception: vmState === 'HALT' ? null : 'at instruction 1 (ABORT)',
  gasConsumedDatoshi: 9_977_780n,
  stack: [],
  notifications,
});

export class ModelChain {
  readonly blocks: ModelBlock[] = [];
  readonly #byHash = new Map<Hash256, ModelBlock>();
  readonly #events = new Map<Hash256, readonly ChainEvent[]>();
  readonly #random: () => number;
  readonly #name: string;

  constructor(seed: number) {
    this.#random = randomOf(seed);
    this.#name = `chain ${String(seed)}`;
    this.grow();
  }

  get height(): number {
    return this.blocks.length - 1;
  }

  get checkpoint(): ChainPosition {
    return this.at(0).header;
  }

  at(height: number): ModelBlock {
    const found = this.blocks[height];
    if (!found) throw new Error(`the model has no block ${String(height)}`);
    return found;
  }

  find(hash: Hash256): ModelBlock | undefined {
    return this.#byHash.get(hash);
  }

  grow(): void {
    const height = this.blocks.length;
    const hash = hashOf(`${this.#name} block ${String(height)}`);
    const previousHash = this.blocks.at(-1)?.header.hash ?? hashOf('nothing');
    const timeMs = 1_700_000_000_000 + height * 1_000;
    const header = { height, hash, previousHash, nextConsensus: CONSENSUS, timeMs };
    const count = Math.floor(this.#random() * 4);
    const transactions = Array.from({ length: count }, (_, index) => ({
      hash: hashOf(`${this.#name} transaction ${String(height)} ${String(index)}`),
      sender: scriptHashOf(`payer ${String(Math.floor(this.#random() * 3))}`),
      systemFeeDatoshi: BigInt(Math.floor(this.#random() * 1_000)),
      networkFeeDatoshi: BigInt(1 + Math.floor(this.#random() * 1_000)),
    }));
    const block = { height, hash, timeMs, transactions };
    const made = { header, block, logs: this.#logsOf(block) };
    this.blocks.push(made);
    this.#byHash.set(hash, made);
  }

  /** What has to be delivered of a range, in order. */
  eventsOf(fromHeight: number, toHeight: number): readonly ChainEvent[] {
    return this.blocks.slice(fromHeight, toHeight + 1).flatMap((made) => this.#eventsOf(made));
  }

  /** Every reader of a history asks for all of them, and a block never changes. */
  #eventsOf({ block, logs }: ModelBlock): readonly ChainEvent[] {
    const known = this.#events.get(block.hash);
    if (known) return known;
    const options = { magic: MAGIC, isContradicted: false, contracts: null };
    const extracted = extractEvents(block, logs, options);
    if (!extracted.ok) throw new Error(extracted.fault);
    this.#events.set(block.hash, extracted.events);
    return extracted.events;
  }

  #logsOf({ hash, transactions }: FollowedBlock): BlockLogs {
    const burns = transactions.map(({ sender, systemFeeDatoshi, networkFeeDatoshi }) =>
      transfer(sender, null, systemFeeDatoshi + networkFeeDatoshi),
    );
    const fees = transactions.reduce((sum, { networkFeeDatoshi }) => sum + networkFeeDatoshi, 0n);
    const rewards = fees === 0n ? [] : [transfer(null, scriptHashOf('primary'), fees)];
    const postPersist = [transfer(null, scriptHashOf('primary'), 50_000_000n)];
    const block: ApplicationLog = {
      kind: 'block',
      container: hash,
      executions: [
        execution('OnPersist', [...burns, ...rewards]),
        execution('PostPersist', postPersist),
      ],
    };
    return { block, transactions: transactions.map(({ hash: one }) => this.#logOf(one)) };
  }

  #logOf(container: Hash256): ApplicationLog {
    const notifications = Array.from({ length: Math.floor(this.#random() * 4) }, () =>
      this.#notification(),
    );
    const vmState = this.#random() < 0.25 ? 'FAULT' : 'HALT';
    return {
      kind: 'transaction',
      container,
      executions: [execution('Application', notifications, vmState)],
    };
  }

  #notification(): Notification {
    const value = BigInt(Math.floor(this.#random() * 1_000_000));
    // The first contract is the one that everybody uses.
    const index = Math.floor(this.#random() ** 2 * 3);
    return {
      contract: CONTRACTS[index] ?? GAS,
      eventName: this.#random() < 0.5 ? 'Stored' : 'Removed',
      state: [{ type: 'Integer', value }],
    };
  }
}

const encodeFetched = (hash: Hash256): Uint8Array => encodeHash256(hash);

/** Checks as the protocol does, with a table in place of signatures. */
export function modelChecker(chain: ModelChain): BlockChecker {
  const find = (fetched: Uint8Array) => {
    const hash = decodeHash256(fetched);
    return { hash, known: chain.find(hash) };
  };
  return {
    async checkNext(fetched, after) {
      const { hash, known } = find(fetched);
      if (known?.header.height === after.height + 1 && known.header.previousHash === after.hash)
        return { ok: true, header: known.header, block: known.block };
      return { ok: false, hash, reason: 'the witness does not verify' };
    },
    async checkKnown(fetched, wanted) {
      const { hash, known } = find(fetched);
      if (known && hash === wanted) return { ok: true, header: known.header, block: known.block };
      return { ok: false, hash, reason: 'another block' };
    },
  };
}

export interface Manners {
  /** Blocks it is behind. */
  readonly behind?: number;
  /** How often a call of any kind gets no answer. */
  readonly silent?: number;
  /** How often a block is known and its log is not. */
  readonly forgetsLogs?: number;
  /** How often a header is forged. */
  readonly forges?: number;
  /** How often a log is changed: a fault becomes a success, or an amount grows. */
  readonly liesInLogs?: number;
}

export interface ModelEndpointOptions {
  readonly name: string;
  readonly chain: ModelChain;
  readonly random: () => number;
  /** Asked at each call, so that it may change. */
  readonly manners: () => Manners;
}

export function modelEndpoint(options: ModelEndpointOptions): ChainEndpoint {
  const { name, chain, random, manners } = options;
  const does = (share: number | undefined) => share !== undefined && random() < share;
  const tip = () => Math.max(0, chain.height - (manners().behind ?? 0));
  return {
    name,
    async readHeight() {
      return does(manners().silent) ? null : tip();
    },
    async readBlocks(heights) {
      if (does(manners().silent)) return heights.map(() => null);
      return heights.map((height) => {
        if (height > tip()) return null;
        return does(manners().forges)
          ? encodeFetched(hashOf(`forged ${String(height)}`))
          : encodeFetched(chain.at(height).header.hash);
      });
    },
    async readLogs(blocks) {
      if (does(manners().silent)) return blocks.map(() => null);
      return blocks.map(({ height }) => {
        if (height > tip() || does(manners().forgetsLogs)) return null;
        const { logs } = chain.at(height);
        return does(manners().liesInLogs) ? lie(logs) : logs;
      });
    },
  };
}

/** The same lie each time, so that two liars could agree. */
function lie({ block, transactions }: BlockLogs): BlockLogs {
  const lied = transactions.map((log) => ({
    ...log,
    executions: log.executions.map((one) => ({
      ...one,
      vmState: 'HALT' as const,
      notifications: [
        ...one.notifications,
        transfer(scriptHashOf('nobody'), scriptHashOf('liar'), 1_000_000_000n),
      ],
    })),
  }));
  if (lied.length > 0) return { block, transactions: lied };
  const executions = block.executions.map((one) =>
    one.trigger === 'PostPersist'
      ? { ...one, notifications: [transfer(null, scriptHashOf('liar'), 1n)] }
      : one,
  );
  return { block: { ...block, executions }, transactions };
}
