/**
 * The endpoints of the model: each sees the chain some blocks late, may be cut off and swallow what
 * it is sent, may lose requests and replies, and some of them lie, together and to the sender's
 * harm. What an honest endpoint says is true of the height it is at.
 */

import type { LookUp, Simulation } from '../../worker/chain/sender-steps/outside.ts';
import { decodeHash256, type Hash256, hash256Of } from '../../worker/core/neo/hash256.ts';
import type { SendAnswer } from '../../worker/core/neo/rpc/broadcast.ts';
import type { RpcMeaning } from '../../worker/core/neo/rpc/errors.ts';
import type {
  Transaction,
  UnsignedTransaction,
} from '../../worker/core/neo/transaction/transaction.ts';
import { type ChainModel, gasOf, networkFeeOf } from './chain-model.ts';
import type { Chance } from './random.ts';
import type { Lie, Scenario } from './scenario.ts';
import { behaviourOf } from './script-model.ts';

const FALSE_BLOCK = decodeHash256(new Uint8Array(32).fill(0xfa));
/** A node sends its pool again when so many blocks have come. */
const RESEND_BLOCKS = 5;

export class EndpointModel {
  readonly name: string;
  readonly #chain: ChainModel;
  readonly #chance: Chance;
  readonly #scenario: Scenario;
  readonly #isLiar: boolean;
  #height: number;
  #cutOffUntil = 0;
  readonly #swallowed: { readonly transaction: Transaction; readonly at: number }[] = [];

  constructor(
    name: string,
    world: { readonly chain: ChainModel; readonly chance: Chance; readonly scenario: Scenario },
    isLiar: boolean,
  ) {
    this.name = name;
    this.#chain = world.chain;
    this.#chance = world.chance;
    this.#scenario = world.scenario;
    this.#isLiar = isLiar;
    this.#height = world.chain.height;
  }

  /** After each block of the chain. */
  follow(): void {
    const { lagRate, cutOffRate } = this.#scenario;
    if (this.#chance.hits(cutOffRate)) this.#cutOffUntil = this.#chain.height + 15;
    if (this.#isCutOff) return;
    const lag = this.#chance.hits(lagRate) ? this.#chance.between(1, 4) : 0;
    this.#height = Math.max(this.#height, this.#chain.height - lag);
    const isDue = ({ at }: { readonly at: number }) => at + RESEND_BLOCKS <= this.#height;
    for (const { transaction } of this.#swallowed.filter(isDue)) this.#chain.admit(transaction);
    const kept = this.#swallowed.filter((held) => !isDue(held));
    this.#swallowed.splice(0, this.#swallowed.length, ...kept);
  }

  get #isCutOff(): boolean {
    return this.#chain.height < this.#cutOffUntil;
  }

  #lies(lie: Lie): boolean {
    const { lies, lieRate } = this.#scenario;
    return this.#isLiar && lies.includes(lie) && this.#chance.hits(lieRate);
  }

  height(): number {
    return this.#lies('height_ahead') ? this.#height + 500 : this.#height;
  }

  gasBalance(): bigint {
    const balance = this.#chain.balanceAt(this.#height);
    if (this.#lies('balance_high')) return balance + 5_000_000_000n;
    return this.#lies('balance_low') ? 0n : balance;
  }

  simulate(transaction: UnsignedTransaction): Simulation {
    const isFault =
      behaviourOf(transaction.script).faults === 'always' || this.#lies('simulated_fault');
    const gas = gasOf(transaction);
    return {
      vmState: isFault ? 'FAULT' : 'HALT',
      gasConsumed: this.#lies('quote_low') ? gas / 2n : gas,
      exception: isFault ? 'ABORT' : null,
    };
  }

  networkFee(transaction: UnsignedTransaction): bigint {
    const fee = networkFeeOf(transaction);
    return this.#lies('quote_low') ? fee / 2n : fee;
  }

  send(transaction: Transaction): SendAnswer {
    if (this.#isCutOff) {
      this.#swallowed.push({ transaction, at: this.#height });
      return { kind: 'accepted' };
    }
    const admission = this.#chain.admit(transaction);
    return admission === 'accepted' ? { kind: admission } : refused(admission);
  }

  lookUp(hash: Hash256): LookUp {
    const found = this.#chain.included.get(hash);
    const isSeen = found !== undefined && found.blockIndex <= this.#height;
    if (this.#lies('phantom') && !isSeen) return this.#phantom(hash);
    if (!isSeen || this.#lies('false_absence')) return { kind: 'absent' };
    const { blockIndex, blockHash, vmState, notificationsDigest } = found;
    const told = { kind: 'included', blockIndex, blockHash, notificationsDigest } as const;
    if (this.#lies('block')) return { ...told, vmState, blockHash: FALSE_BLOCK };
    const other = vmState === 'HALT' ? 'FAULT' : 'HALT';
    return { ...told, vmState: this.#lies('vm_state') ? other : vmState };
  }

  /** The same story by all who tell it: they conspire. */
  #phantom(hash: Hash256): LookUp {
    return {
      kind: 'included',
      blockIndex: this.#height,
      blockHash: hash256Of(new TextEncoder().encode(hash)),
      vmState: 'HALT',
      notificationsDigest: 'as you wish',
    };
  }
}

const refused = (meaning: RpcMeaning): SendAnswer => ({
  kind: 'refused',
  error: { meaning, code: -500, message: 'refused by the model' },
});
