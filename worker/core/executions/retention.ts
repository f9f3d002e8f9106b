/**
 * How long an account keeps what its executions left behind. An account may ask for less or more
 * than the defaults, up to the operator's maximum; what a policy cannot touch are receipts and the
 * audit log. Journals are the bulk and the least missed, so they go first.
 */
import { LIMITS } from './limits.ts';

export interface RetentionPolicy {
  readonly journalDays: number;
  readonly journalBytes: number;
  readonly outputDays: number;
  readonly outputBytes: number;
  readonly auditDays: number;
}

export const DEFAULT_RETENTION: RetentionPolicy = {
  journalDays: LIMITS.journalKeepDays.value,
  journalBytes: LIMITS.journalBytesMax.value,
  outputDays: LIMITS.outputKeepDays.value,
  outputBytes: LIMITS.outputBytesMax.value,
  auditDays: LIMITS.auditKeepDays.value,
};

const PRODUCT_MAXIMUM: RetentionPolicy = {
  journalDays: LIMITS.retentionDaysMax.value,
  journalBytes: LIMITS.retentionBytesMax.value,
  outputDays: LIMITS.retentionDaysMax.value,
  outputBytes: LIMITS.retentionBytesMax.value,
  auditDays: LIMITS.retentionDaysMax.value,
};

export function decideRetention(
  wanted: Partial<RetentionPolicy>,
  operatorMaximum: Partial<RetentionPolicy>,
): RetentionPolicy {
  const effective = (name: keyof RetentionPolicy): number =>
    Math.max(
      0,
      Math.min(
        wanted[name] ?? DEFAULT_RETENTION[name],
        operatorMaximum[name] ?? PRODUCT_MAXIMUM[name],
        PRODUCT_MAXIMUM[name],
      ),
    );
  return {
    journalDays: effective('journalDays'),
    journalBytes: effective('journalBytes'),
    outputDays: effective('outputDays'),
    outputBytes: effective('outputBytes'),
    // Less than the default would let whoever holds the account shorten the memory of what they
    // did.
    auditDays: Math.max(effective('auditDays'), DEFAULT_RETENTION.auditDays),
  };
}
