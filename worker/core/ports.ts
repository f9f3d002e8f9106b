/**
 * The doors through which Durable Objects reach the outside: WorkerEntrypoints exported by `worker/index.ts` and called
 * by `ctx.exports`. Here are their types alone, plain data in and `Result` out. An object calls a port un-awaited from
 * its alarm and applies the answer in a transaction of its own that checks again what it read before: whatever a port
 * answers, and however late, it may have been overtaken.
 */
import type { Signature, SigningPurpose } from './crypto/signature.ts';
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
