/**
 * What the answers to one broadcast say together. None of them ends a transaction (money rule M4):
 * the best is that a sound endpoint holds it, the worst that nobody could be reached, and in every
 * case only inclusion, or expiry with proven absence, decides.
 */
import { nextStepAfter, type RpcError, type RpcMeaning } from './errors.ts';

export type SendAnswer =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused'; readonly error: RpcError }
  | { readonly kind: 'unreachable'; readonly reason: string };

export interface EndpointSend {
  readonly endpoint: string;
  /** A node that is cut off accepts too, and keeps it for itself. */
  readonly healthy: boolean;
  readonly answer: SendAnswer;
}

/**
 * `pooled`: a healthy endpoint holds it or has it on chain. `look up`: read the chain before
 * building anything. `later`: send again. `refused`: every endpoint reached refuses these bytes;
 * they stay live all the same until they expire. `unreachable`: nobody healthy took it.
 */
export type BroadcastOutcome = 'pooled' | 'look up' | 'later' | 'refused' | 'unreachable';

export function decideBroadcast(sends: readonly EndpointSend[]): BroadcastOutcome {
  if (sends.some((send) => send.healthy && isHeld(send.answer))) return 'pooled';
  const steps = sends.flatMap(({ answer }) =>
    answer.kind === 'refused' ? [nextStepAfter(answer.error.meaning)] : [],
  );
  if (steps.includes('look up')) return 'look up';
  const swallowed = sends.some(({ answer }) => answer.kind === 'accepted');
  if (swallowed || steps.includes('later')) return 'later';
  // An endpoint's own trouble or missing method says nothing about the transaction.
  if (steps.includes('nothing')) return 'refused';
  return 'unreachable';
}

const HELD: ReadonlySet<RpcMeaning> = new Set(['alreadyKnown', 'alreadyOnChain']);

const isHeld = (answer: SendAnswer): boolean =>
  answer.kind === 'accepted' || (answer.kind === 'refused' && HELD.has(answer.error.meaning));
