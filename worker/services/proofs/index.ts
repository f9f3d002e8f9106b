/** What other services, the books and the sweep ask of trial balances. */
export { sweepProofs } from './advance.ts';
export { recordSenderEvent } from './anchor-events.ts';
export { hearBook } from './books.ts';
export { isPaused, type PauseReason } from './pause.ts';
