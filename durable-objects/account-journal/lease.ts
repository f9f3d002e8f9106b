/**
 * A lease bounds how long a dead runner can hold an execution, so no caller may ask for more than
 * the bound.
 */
import { LIMITS } from '../../worker/core/executions/limits.ts';

export const boundedLease = (leaseMs: number): number =>
  Math.min(Math.max(1, leaseMs), LIMITS.leaseSecondsMax.value * 1000);
