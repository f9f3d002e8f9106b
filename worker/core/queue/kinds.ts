/**
 * The kinds of work and how each is treated: one row a kind, and a port in the runner. A row stays
 * as long as an item of it may be stored anywhere, that is for the longest retention after the last
 * one was made.
 */
import { LIMITS } from './limits.ts';

export interface KindPolicy {
  readonly attemptsMax: number;
  /** From the lease to the report that the work started. */
  readonly leaseMs: number;
  /** From the start to the report of its outcome. */
  readonly runMs: number;
  /** How long an item may wait to be started, from its making. */
  readonly maxAgeMs: number;
  /** Its share of the slots beside other kinds that wait. */
  readonly weight: number;
  /** Whether work that started may be started again. User code never is: it would act twice. */
  readonly isRepeatable: boolean;
}

export const KINDS = {
  'execution.run': {
    attemptsMax: LIMITS.queueAttemptsMax.value,
    leaseMs: LIMITS.queueRunLeaseMs.value,
    runMs: LIMITS.queueRunWatchdogMs.value,
    maxAgeMs: LIMITS.queueRunMaxAgeMs.value,
    weight: 1,
    isRepeatable: false,
  },
  // Each action has an id of its own and its own record, so a second runner does only what is
  // unfinished.
  'execution.actions': {
    attemptsMax: LIMITS.queueAttemptsMax.value,
    leaseMs: LIMITS.queueRunLeaseMs.value,
    runMs: LIMITS.queueActionsWatchdogMs.value,
    maxAgeMs: LIMITS.queueActionsMaxAgeMs.value,
    weight: 3,
    isRepeatable: true,
  },
} as const satisfies Record<string, KindPolicy>;

export type WorkKind = keyof typeof KINDS;
export const WORK_KINDS = Object.keys(KINDS) as readonly WorkKind[];

export const isWorkKind = (text: string): text is WorkKind => Object.hasOwn(KINDS, text);
