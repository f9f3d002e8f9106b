/**
 * The doors through which Durable Objects reach the outside: WorkerEntrypoints exported by
 * `worker/index.ts` and called by `ctx.exports`. Here are their types alone, plain data in and
 * `Result` out. An object calls a port un-awaited from its alarm and applies the answer in a
 * transaction of its own that checks again what it read before: whatever a port answers, and
 * however late, it may have been overtaken.
 */
import type { ReadLease } from './chain-follower/reading.ts';
import type { Signature, SigningPurpose } from './crypto/signature.ts';
import type { BookIdentity } from './ledger/book.ts';
import type { BookMove } from './ledger/moves.ts';
import type { SenderIdentity } from './neo-sender/intent.ts';
import type { SenderStep } from './neo-sender/steps.ts';
import type { WorkKind } from './queue/kinds.ts';
import type { Result } from './result.ts';

export interface SigningRequest {
  readonly purpose: SigningPurpose;
  readonly payload: Uint8Array;
}

/** Signs with the bridge's key. */
export interface SignerPort {
  sign(request: SigningRequest): Promise<Result<Signature>>;
}

/** Work handed to the account's scheduler; the same id twice makes one item. */
export interface WorkHandover {
  readonly accountId: string;
  readonly items: readonly { readonly id: string; readonly kind: 'execution' | 'actions' }[];
}

/** Puts items into the durable queue of the account; safe to repeat. */
export interface WorkQueuePort {
  enqueue(handover: WorkHandover): Promise<Result<{ readonly ids: readonly string[] }>>;
}

/** An item leased to a runner; `WorkRunner` opens the payload. */
export interface LeasedWork {
  readonly id: string;
  readonly kind: WorkKind;
  readonly payload: Uint8Array;
  /** Names the lease in `reportStarted` and `report`. */
  readonly leaseNumber: number;
  /** Counted from 1. */
  readonly attempt: number;
}

export interface WorkBatch {
  readonly accountId: string;
  readonly items: readonly LeasedWork[];
}

/**
 * Does the work of a batch and reports each item to the account's scheduler. Resolves when all have
 * been reported; an item that is never reported is found by the watchdog, so a runner may die at
 * any point.
 */
export interface WorkRunnerPort {
  run(batch: WorkBatch): Promise<void>;
}

/** Writes what objects know into D1, for questions across accounts. */
export interface ProjectionWriterPort {
  /**
   * Epoch milliseconds by which the account's scheduler should have been awake; a later write
   * replaces it.
   */
  saveWakeBy(wake: { readonly accountId: string; readonly wakeBy: number }): Promise<Result<null>>;
}

/** The chain and the bridge's wallet keys, for the objects of a network. */
export interface ChainPort {
  /**
   * Does each step of a sender and reports it to that sender under its lease. Resolves when all
   * have been reported; a step that is never reported is found by the end of its lease, so it may
   * die at any point, and everything in it may run twice.
   */
  performSenderSteps(steps: readonly SenderStep[]): Promise<void>;
  /**
   * Writes the oldest events of the sender's outbox where verdicts are read, and acknowledges what
   * is written. It may die at any point and be called twice: an event counts once, by its id.
   */
  deliverSenderEvents(sender: SenderIdentity): Promise<void>;
}

/** Reading a chain for the object that follows it. */
export interface ChainReaderPort {
  /**
   * Does each step and reports it to the network's follower under its lease. A step may die at any
   * point and may run twice: it changes nothing but by its report.
   */
  read(leases: readonly ReadLease[]): Promise<void>;
}

/** Events of a network that wait for a subscriber. */
export interface ChainDelivery {
  readonly networkId: string;
  readonly subscriberId: string;
}

/** From a follower to those it delivers to. */
export interface ChainEventsPort {
  /**
   * Reads what waits for the subscriber and acknowledges what it has done with it. It may die at any
   * point, be called twice and at once: an event counts once, by its id.
   */
  deliver(delivery: ChainDelivery): Promise<void>;
}

/** From a book to the other books of its network, and to the catalogue. */
export interface BookPort {
  /**
   * Tells each move to the book it goes to, and that book's answer to the one it came from. Both
   * take what comes twice once, so it may die at any point; what was not answered is told again.
   */
  deliverMoves(moves: readonly BookMove[]): Promise<void>;
  /**
   * Writes what the book has to tell where checkpoints read it, and acknowledges what is written. It
   * may die at any point and be called twice: whoever reads compares heights, not the order of calls.
   */
  deliverNotices(book: BookIdentity): Promise<void>;
}
