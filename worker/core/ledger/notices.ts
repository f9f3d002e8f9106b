/**
 * When what a book has to tell is told (M11). A hand-over that died looks like one that is slow, so
 * each waits longer than the one before; whoever takes notices counts each once. They leave a moment
 * after they came up, so that what happens together is told together.
 */
import { LIMITS } from './limits.ts';

export interface Delivery {
  /** Hand-overs since the last notice was acknowledged. */
  readonly tries: number;
  /** Not before. */
  readonly after: number;
}

export const deliverSoon = (now: number): Delivery => ({
  tries: 0,
  after: now + LIMITS.ledgerNoticeDelayMs.value,
});

export function deliverAgain(tries: number, now: number): Delivery {
  const doubled = LIMITS.ledgerNoticeRetryMsStart.value * 2 ** Math.min(tries, 16);
  const waitMs = Math.min(doubled, LIMITS.ledgerNoticeRetryMsMax.value);
  return { tries: tries + 1, after: now + waitMs };
}
