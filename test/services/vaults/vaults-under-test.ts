/**
 * What the tests of vaults need beside the API: a follower that is given blocks by hand, and the
 * feed that books them. The clock stands a day ahead, so that no alarm rings by itself.
 */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect } from 'vitest';
import type { ChainEvent } from '../../../worker/core/chain-follower/event.ts';
import type { ReadLease, ReportedBlock } from '../../../worker/core/chain-follower/reading.ts';
import { type Account, PLATFORM } from '../../../worker/core/ledger/book.ts';
import { decodeHash256, type Hash256 } from '../../../worker/core/neo/hash256.ts';
import { NATIVE_CONTRACTS } from '../../../worker/core/neo/native-contracts.ts';
import {
  decodeScriptHash,
  encodeScriptHash,
  type ScriptHash,
} from '../../../worker/core/neo/script-hash.ts';
import type { StackItem } from '../../../worker/core/neo/vm/stack-item.ts';
import { encodeStackItem } from '../../../worker/core/neo/vm/stack-item-bytes.ts';
import { connect } from '../../../worker/db/connect.ts';
import { type Env, parseSettings } from '../../../worker/env.ts';
import { createLog } from '../../../worker/http/log.ts';
import { bookOf } from '../../../worker/services/gasbank/index.ts';
import { bookChainEvents } from '../../../worker/services/vaults/index.ts';
import { sweepVaults } from '../../../worker/services/vaults/sweep.ts';
import type { FeedDeps } from '../../../worker/services/vaults/watching.ts';
import { type GrowingChain, growingChain } from '../../support/growing-chain.ts';
import { type Called, call, type Tenant } from '../../support/harness.ts';
import { NETWORKS } from '../../support/small-chain.ts';
import { counterpartOf } from '../../support/small-vault.ts';
import { stopClock } from '../../support/time.ts';

const GAS = NATIVE_CONTRACTS.GasToken.hash;
export const NETWORK = NETWORKS.up.id;
export const MAGIC = NETWORKS.up.magic;
export const PLATFORM_BOOK = { magic: MAGIC, owner: PLATFORM };
/** What everybody on the small chain has. */
export const FORTUNE = 10_000_000_000n;
const DAY_MS = 86_400_000;

export const hash = (byte: number): ScriptHash => decodeScriptHash(new Uint8Array(20).fill(byte));
export const STRANGER = hash(0x55);

// The bindings are those of the test's Worker.
const platform = env as unknown as Env;

export function feedDeps(): FeedDeps {
  const settings = parseSettings(platform);
  if (!settings.ok) throw new Error('the settings of the tests are sound');
  const log = createLog('silent');
  return {
    env: platform,
    db: connect(platform.DB),
    settings: settings.value,
    log,
    now: Date.now(),
  };
}

export const makePlatformWallet = async (purpose: 'operator' | 'sponsor'): Promise<Called> => {
  const made = await call('POST /operator/gasbank/wallets', {
    body: { network: NETWORK, purpose },
  });
  expect(made.status, made.text).toBe(201);
  return made;
};

export const putVault = (operator: Called, fields: object = {}): Promise<Called> =>
  call(`PUT /operator/gasbank/vaults/${NETWORK}`, {
    body: { contract: counterpartOf(operator.body.scriptHash), ...fields },
  });

/** An event before it has its place in a block. */
export type Raised = Pick<ChainEvent, 'id' | 'contract' | 'eventName' | 'transaction' | 'state'> & {
  readonly trigger?: ChainEvent['trigger'];
  readonly isContradicted?: boolean;
};

class BlockMaker {
  height: number;
  readonly #blocks = new Map<number, ReportedBlock>();
  readonly #node: GrowingChain;
  #leased: ReadLease[] = [];
  readonly stub = env.CHAIN_FOLLOWER.getByName(NETWORK);

  constructor(node: GrowingChain) {
    this.#node = node;
    this.height = node.node.height;
  }

  /** Calls for events go nowhere, unless they are to go to the feed as in truth. */
  async connect(isPushing = false): Promise<void> {
    if (isPushing) await evictDurableObject(this.stub);
    await runInDurableObject(this.stub, (instance) => {
      const { events } = instance.ports;
      instance.ports = {
        events: isPushing ? events : { deliver: async () => undefined },
        reader: {
          read: async (leases: readonly ReadLease[]) => {
            this.#leased.push(...leases);
          },
        },
      };
    });
    if (isPushing) return;
    const { height } = this;
    await this.stub.configure({
      networkId: NETWORK,
      magic: MAGIC,
      msPerBlock: 1_000,
      endpoints: ['node.test'],
      quorum: 1,
      checkpoint: { height, hash: blockHash(height), nextConsensus: STRANGER },
    });
  }

  /** A block with these events, followed and handed out. */
  async add(...raised: readonly Raised[]): Promise<number> {
    this.height += 1;
    this.#node.node.height = this.height;
    const { height } = this;
    const header = {
      height,
      hash: blockHash(height),
      previousHash: blockHash(height - 1),
      nextConsensus: STRANGER,
      timeMs: Date.now(),
    };
    const events = raised.map(
      (one, ordinal): ChainEvent => ({
        trigger: 'Application',
        isContradicted: false,
        ...one,
        height,
        ordinal,
        blockHash: header.hash,
        blockTimeMs: header.timeMs,
      }),
    );
    this.#blocks.set(height, { header, events, gap: null });
    await this.settle();
    return height;
  }

  /** Until the follower has handed out all there is, to everybody. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 50; turn += 1) {
      clock?.pass(6_000);
      await runDurableObjectAlarm(this.stub);
      const leases = this.#leased;
      this.#leased = [];
      for (const lease of leases) await this.stub.reportRead(this.#reportOf(lease));
      const status = await this.stub.status();
      const isCaughtUp = status.ok && status.value.catchingUp === 0;
      if (isCaughtUp && status.value.deliveredHeight === this.height) return;
    }
    throw new Error('the follower does not come to its end');
  }

  #reportOf({ lane, leaseNumber, task, contracts }: ReadLease) {
    const heights =
      task.kind === 'logs'
        ? task.blocks.map(({ height }) => height)
        : [...this.#blocks.keys()].filter(
            (height) => height > task.after.height && height <= task.toHeight,
          );
    const blocks = heights.flatMap((height): ReportedBlock[] => {
      const block = this.#blocks.get(height);
      if (!block) return [];
      const isBefore = task.kind === 'forward' && height < task.fromHeight;
      const events = block.events?.filter(({ contract }) => contracts.includes(contract)) ?? [];
      return [{ ...block, events: isBefore ? null : events }];
    });
    return {
      lane,
      leaseNumber,
      isAtTip: blocks.length === 0,
      networkHeight: this.height,
      blocks,
      rejected: [],
    };
  }
}

let clock: ReturnType<typeof stopClock> | undefined;

const blockHash = (height: number): Hash256 =>
  decodeHash256(new Uint8Array(32).fill(0xb0).fill(height, 0, 1));

export interface Registered {
  readonly chain: BlockMaker;
  readonly node: GrowingChain;
  readonly operator: Called;
  readonly sponsor: Called;
  readonly vault: ScriptHash;
}

/** A vault with an operator and a sponsor, all of it watched. */
export async function registered(fields: object = {}): Promise<Registered> {
  const { chain, node } = await followed();
  const operator = await makePlatformWallet('operator');
  const sponsor = await makePlatformWallet('sponsor');
  const put = await putVault(operator, fields);
  expect(put.status, put.text).toBe(200);
  await chain.settle();
  await bookChainEvents(feedDeps(), NETWORK);
  await chain.settle();
  await bookChainEvents(feedDeps(), NETWORK);
  return { chain, node, operator, sponsor, vault: put.body.contract };
}

/** A follower that is given its blocks by hand. */
export async function followed(): Promise<{
  readonly chain: BlockMaker;
  readonly node: GrowingChain;
}> {
  clock = stopClock(Date.now() + DAY_MS);
  const node = growingChain();
  const chain = new BlockMaker(node);
  await chain.connect();
  return { chain, node };
}

export const feed = (): Promise<void> => bookChainEvents(feedDeps(), NETWORK);
export const sweepAt = (ms: number): Promise<void> =>
  sweepVaults({ ...feedDeps(), now: Date.now() + ms });

let serial = 0;
/** A transaction that no other test has. */
export const someHash = (): Hash256 => {
  serial += 1;
  const bytes = new Uint8Array(32);
  new DataView(bytes.buffer).setUint32(0, serial);
  return decodeHash256(bytes);
};

const bytesItem = (value: Uint8Array): StackItem => ({
  type: 'ByteString',
  value: Uint8Array.from(value),
});
const accountItem = (account: ScriptHash | null): StackItem =>
  account === null ? { type: 'Any' } : bytesItem(encodeScriptHash(account));

const stateOf = (...items: readonly StackItem[]) =>
  encodeStackItem({ type: 'Array', value: items });

export interface Sent {
  readonly from: ScriptHash | null;
  readonly to: ScriptHash | null;
  readonly amount: bigint;
  readonly transaction?: Hash256;
  readonly index?: number;
}

export function transfer({ from, to, amount, transaction = someHash(), index = 0 }: Sent): Raised {
  return {
    id: `${MAGIC}:${transaction}:${index}`,
    contract: GAS,
    eventName: 'Transfer',
    transaction,
    state: stateOf(accountItem(from), accountItem(to), { type: 'Integer', value: amount }),
  };
}

/** The fees of a transaction, as the block burns them before any script runs. */
export const burn = (payer: ScriptHash, amount: bigint): Raised => {
  const transaction = someHash();
  return {
    ...transfer({ from: payer, to: null, amount, transaction }),
    id: `${MAGIC}:${transaction}:fee`,
    trigger: 'OnPersist',
  };
};

export interface Paid extends Sent {
  readonly to: ScriptHash;
  /** Null for none. */
  readonly data: string | null;
}

/** A payment into the vault with the event that the vault raises for it. */
export function paid(payment: Paid): readonly [Raised, Raised] {
  const whole = { transaction: someHash(), index: 0, ...payment };
  return [transfer(whole), depositEvent(whole)];
}

/** Raised by `contract`, who is the vault in truth. */
export function depositEvent(
  { from, to, amount, data, transaction = someHash(), index = 0 }: Paid,
  contract: ScriptHash = to,
): Raised {
  return {
    id: `${MAGIC}:${transaction}:${index + 1}`,
    contract,
    eventName: 'Deposit',
    transaction,
    state: stateOf(
      accountItem(from),
      { type: 'Integer', value: amount },
      data === null ? { type: 'Any' } : bytesItem(new TextEncoder().encode(data)),
    ),
  };
}

/** A row as the API of gas accounts makes it; the book needs none for its main fund. */
export async function insertGasAccount(
  { accountId }: Pick<Tenant, 'accountId'>,
  fields: { readonly magic?: number; readonly fund?: string; readonly status?: string } = {},
): Promise<string> {
  serial += 1;
  const gasAccountId = `gas_01k4j8x1e0e4r9v2m3${String(serial).padStart(8, '0')}`;
  const { magic = MAGIC, fund = 'main', status = 'open' } = fields;
  await env.DB.prepare(
    `INSERT INTO gas_accounts (gas_account_id, account_id, network, network_magic, fund, status,
       minimum_balance, revision, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, 0, 1, 1, 1)`,
  )
    .bind(gasAccountId, accountId, NETWORK, magic, fund, status)
    .run();
  return gasAccountId;
}

export async function balances(
  book: { readonly magic: number; readonly owner: string },
  ...accounts: readonly Account[]
): Promise<readonly bigint[]> {
  const read = await bookOf(platform, book).balances({ accounts, limit: accounts.length });
  return read.value.items.map(({ balance }) => balance);
}

/** Until moves between books have arrived: the platform's book tells them by its alarm. */
export async function moved(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) {
    clock?.pass(60_000);
    await runDurableObjectAlarm(bookOf(platform, PLATFORM_BOOK));
  }
}

export interface DepositRow {
  readonly deposit_id: string;
  readonly chain_key: string;
  readonly account_id: string | null;
  readonly gas_account_id: string | null;
  readonly status: string;
  readonly reason: string | null;
  readonly amount: number;
}

export async function depositRows(): Promise<readonly DepositRow[]> {
  const { results } = await env.DB.prepare(
    'SELECT * FROM gasbank_deposits ORDER BY rowid',
  ).all<DepositRow>();
  return results;
}
