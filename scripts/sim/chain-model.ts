/**
 * A model of the outside as nodes of Neo N3 behave: one chain with one-block finality, the pool its
 * consensus draws from, and the rules that matter to a sender as they were seen on a live node:
 * Conflicts in pool and chain, validUntilBlock, fees of a whole block burned before its first
 * script, transactions that vanish from pools. It judges nothing; it records what truly happened.
 */
import { decodeHash256, type Hash256, hash256Of } from '../../worker/core/neo/hash256.ts';
import type { RpcMeaning } from '../../worker/core/neo/rpc/errors.ts';
import {
  encodeUnsigned,
  type Transaction,
  type UnsignedTransaction,
} from '../../worker/core/neo/transaction/transaction.ts';
import type { VmState } from '../../worker/core/neo/vm/execution.ts';
import type { Chance } from './random.ts';
import { behaviourOf } from './script-model.ts';

export interface Included {
  readonly hash: Hash256;
  readonly blockIndex: number;
  readonly blockHash: Hash256;
  readonly vmState: VmState;
  readonly notificationsDigest: string;
  readonly conflicts: readonly Hash256[];
}

const SCRIPT_GAS = 1_000_000n;
const SIGNATURE_WITNESS_BYTES = 108;
const VERIFICATION_FEE = 983_520n;

/** `RET` costs nothing. */
export const gasOf = ({ script }: UnsignedTransaction): bigint =>
  script.length === 1 ? 0n : SCRIPT_GAS;

export const networkFeeOf = (transaction: UnsignedTransaction): bigint =>
  BigInt(encodeUnsigned(transaction).length + SIGNATURE_WITNESS_BYTES) * 1_000n + VERIFICATION_FEE;

interface Pooled {
  readonly hash: Hash256;
  readonly transaction: Transaction;
  readonly conflicts: readonly Hash256[];
}

export type Admission = 'accepted' | RpcMeaning;

const TRANSACTIONS_IN_BLOCK = 3;

export class ChainModel {
  height = 1_000;
  readonly included = new Map<Hash256, Included>();
  /** What must never happen by a sender's doing; empty at the end of a sound run. */
  readonly overspent: string[] = [];
  readonly #chance: Chance;
  readonly #pool = new Map<Hash256, Pooled>();
  /** Named by a transaction on the chain. */
  readonly #barred = new Set<Hash256>();
  readonly #balances = new Map<number, bigint>();

  constructor(chance: Chance, openingGas: bigint) {
    this.#chance = chance;
    this.#balances.set(this.height, openingGas);
  }

  balanceAt(height: number): bigint {
    return this.#balances.get(Math.min(height, this.height)) ?? 0n;
  }

  /** Always in the next block, where it does not disturb readings of this height. */
  deposit(datoshi: bigint): void {
    this.height += 1;
    this.#balances.set(this.height, this.balanceAt(this.height - 1) + datoshi);
    this.#purge();
  }

  admit(transaction: Transaction): Admission {
    const hash = hash256Of(encodeUnsigned(transaction));
    const conflicts = transaction.attributes.flatMap((attribute) =>
      attribute.type === 'Conflicts' ? [attribute.hash] : [],
    );
    const refusal = this.#refusal({ hash, transaction, conflicts });
    if (refusal !== null) return refusal;
    const displaced = this.#displacedBy({ hash, transaction, conflicts });
    const fees = displaced.reduce((sum, other) => sum + other.transaction.networkFee, 0n);
    if (displaced.length > 0 && transaction.networkFee <= fees) return 'conflicts';
    const others = [...this.#pool.values()].filter((other) => !displaced.includes(other));
    const owed = others.reduce((sum, other) => sum + feesOf(other.transaction), 0n);
    if (owed + feesOf(transaction) > this.balanceAt(this.height)) return 'insufficientFunds';
    for (const other of displaced) this.#pool.delete(other.hash);
    this.#pool.set(hash, { hash, transaction, conflicts });
    return 'accepted';
  }

  #refusal({ hash, transaction, conflicts }: Pooled): RpcMeaning | null {
    // In the order of a node's checks: past its window even a known one is answered like that.
    if (transaction.validUntilBlock <= this.height) return 'lookUpThenRebuild';
    if (transaction.networkFee < networkFeeOf(transaction)) return 'networkFeeTooLow';
    if (this.included.has(hash)) return 'alreadyOnChain';
    if (this.#barred.has(hash)) return 'conflicts';
    if (conflicts.some((named) => this.included.has(named))) return 'badAttribute';
    return this.#pool.has(hash) ? 'alreadyKnown' : null;
  }

  /** Those it names, and those that name it: the dearer side stays. */
  #displacedBy({ hash, conflicts }: Pooled): readonly Pooled[] {
    return [...this.#pool.values()].filter(
      (other) => conflicts.includes(other.hash) || other.conflicts.includes(hash),
    );
  }

  evictOne(): void {
    const hashes = [...this.#pool.keys()];
    const [first, ...rest] = hashes;
    if (first !== undefined) this.#pool.delete(this.#chance.oneOf([first, ...rest]));
  }

  /** One block of what the pool holds, by fee for each byte as nodes order it. */
  produce(isEmpty: boolean): void {
    const chosen = isEmpty ? [] : this.#choose();
    this.height += 1;
    const blockHash = decodeHash256(blockBytes(this.height));
    let balance = this.balanceAt(this.height - 1);
    for (const { transaction } of chosen) balance -= feesOf(transaction);
    if (balance < 0n) this.overspent.push(`fees in block ${this.height}`);
    for (const pooled of chosen) balance -= this.#execute(pooled, blockHash, balance);
    this.#balances.set(this.height, balance);
    this.#purge();
  }

  #choose(): readonly Pooled[] {
    return [...this.#pool.values()]
      .toSorted((one, other) => Number(other.transaction.networkFee - one.transaction.networkFee))
      .slice(0, this.#chance.between(0, TRANSACTIONS_IN_BLOCK));
  }

  /** Answers what it moved away. */
  #execute({ hash, transaction, conflicts }: Pooled, blockHash: Hash256, balance: bigint): bigint {
    const { gasSent, faults } = behaviourOf(transaction.script);
    const isShort = balance < gasSent;
    const isStarved = transaction.systemFee < gasOf(transaction);
    if (isShort) this.overspent.push(`${hash} moved more than there was`);
    if (isStarved) this.overspent.push(`${hash} ran out of the GAS it was quoted`);
    const vmState = faults === 'never' && !isShort && !isStarved ? 'HALT' : 'FAULT';
    this.#pool.delete(hash);
    for (const named of conflicts) this.#barred.add(named);
    this.included.set(hash, {
      hash,
      blockIndex: this.height,
      blockHash,
      vmState,
      notificationsDigest: vmState === 'HALT' ? `moved ${gasSent}` : 'none',
      conflicts,
    });
    return vmState === 'HALT' ? gasSent : 0n;
  }

  #purge(): void {
    for (const { hash, transaction, conflicts } of this.#pool.values()) {
      const isOver = transaction.validUntilBlock <= this.height || this.#barred.has(hash);
      if (isOver || conflicts.some((named) => this.included.has(named))) this.#pool.delete(hash);
    }
  }
}

const feesOf = ({ systemFee, networkFee }: UnsignedTransaction): bigint => systemFee + networkFee;

function blockBytes(height: number): Uint8Array {
  const bytes = new Uint8Array(32).fill(0xb1);
  new DataView(bytes.buffer).setUint32(0, height);
  return bytes;
}
