/** What others may ask of executions: the queue's runner its items, functions their trial runs. */
export { permissionsOf, runLimitsOf } from './attempt.ts';
export { createHost, type HostRights } from './host.ts';
export { runQueuedItem } from './queued.ts';
export { runInTurn } from './run.ts';
export { runUnrecorded } from './unrecorded.ts';
