/**
 * What the steps of a sender need from the world: endpoints of the network, the bridge's key, and
 * the sender itself to report to. Endpoints answer null for whatever they could not say in time;
 * nothing here throws for an endpoint's trouble, and nothing says why, since no reason of an
 * endpoint may decide anything about a transaction (money rule M4).
 */
import type { Hash256 } from '../../core/neo/hash256.ts';
import type { SendAnswer } from '../../core/neo/rpc/broadcast.ts';
import type { ScriptHash } from '../../core/neo/script-hash.ts';
import type { Transaction, UnsignedTransaction } from '../../core/neo/transaction/transaction.ts';
import type { Witness } from '../../core/neo/transaction/witness.ts';
import type { VmState } from '../../core/neo/vm/execution.ts';
import type { SenderIdentity } from '../../core/neo-sender/intent.ts';
import type { StepReport } from '../../core/neo-sender/steps.ts';
import type { WalletPolicy } from '../../core/wallets/wallet-policy.ts';

export interface Simulation {
  readonly vmState: VmState;
  readonly gasConsumed: bigint;
  /** The VM's own words, for people. */
  readonly exception: string | null;
}

export type LookUp =
  | {
      readonly kind: 'included';
      readonly blockIndex: number;
      readonly blockHash: Hash256;
      readonly vmState: VmState;
      readonly notificationsDigest: string;
    }
  /** On no block of it; what is in its pool is not said to be absent. */
  | { readonly kind: 'absent' };

export interface SenderEndpoint {
  /** Distinct hosts have distinct names; one that stood twice would vote twice. */
  readonly name: string;
  readonly healthy: boolean;
  /** Of its last block. */
  height(): Promise<number | null>;
  gasBalance(account: ScriptHash): Promise<bigint | null>;
  simulate(transaction: UnsignedTransaction): Promise<Simulation | null>;
  /** For the size, the attributes and the checks of the witnesses. */
  networkFee(transaction: Transaction): Promise<bigint | null>;
  send(signed: Uint8Array): Promise<SendAnswer>;
  lookUp(hash: Hash256): Promise<LookUp | null>;
}

export interface StepSigner {
  /** Null for a wallet of the platform, which is bound by the purpose of its key. */
  readonly policy: WalletPolicy | null;
  /** The whole transaction with its witnesses; null when the bridge did not sign. */
  sign(unsigned: Uint8Array): Promise<Uint8Array | null>;
}

export interface SenderOutside {
  /** All of the network that are not known to be foreign, best first. */
  readonly endpoints: readonly SenderEndpoint[];
  /** Equal answers that decide (M5). */
  readonly quorum: number;
  /**
   * Witnesses of the signers as long and as dear to check as the true ones, without signatures;
   * null when a signer's are not known.
   */
  draftWitnesses(
    sender: SenderIdentity,
    transaction: UnsignedTransaction,
  ): Promise<readonly Witness[] | null>;
  /** The wallet as it is at this moment; null for one that signs nothing, or nothing more. */
  signerOf(sender: SenderIdentity): Promise<StepSigner | null>;
  /** Hands the report to the sender; its answer is of no use to a step. */
  report(sender: SenderIdentity, report: StepReport): Promise<void>;
}
