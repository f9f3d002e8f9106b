/** What other services ask of trial balances. */
export { isPaused, type PauseReason } from './pause.ts';
