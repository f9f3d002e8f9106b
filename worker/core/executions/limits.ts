/**
 * Bounds of what an account's journal keeps about executions, and of how long anything in it may
 * stay unsettled.
 */
import type { Limit } from '../limits.ts';

export const LIMITS = {
  journalKeepDays: {
    value: 30,
    unit: 'days',
    reason: 'replay is for finding out what went wrong lately',
  },
  journalBytesMax: {
    value: 1_073_741_824,
    unit: 'bytes',
    reason: '10,000 runs of 100 KiB; journals go first',
  },
  outputKeepDays: { value: 90, unit: 'days', reason: 'a quarter of logs and outputs' },
  outputBytesMax: {
    value: 1_073_741_824,
    unit: 'bytes',
    reason: '8,000 runs with full logs and output',
  },
  auditKeepDays: {
    value: 1095,
    unit: 'days',
    reason: 'three years, longer than usual audits ask for',
  },
  retentionDaysMax: { value: 3650, unit: 'days', reason: 'ten years; more belongs into an export' },
  retentionBytesMax: {
    value: 3_221_225_472,
    unit: 'bytes',
    reason: 'two kinds of 3 GiB leave 2 GB to receipts and as much to audit',
  },
  executionStoreBytesMax: {
    value: 8_589_934_592,
    unit: 'bytes',
    reason:
      'the object holds 10 GB; the rest is a reserve for the audit log, so no run can silence it',
  },
  journalChunkBytesMax: { value: 1_000_000, unit: 'bytes', reason: 'a row of 1 MiB with its keys' },
  journalTotalBytesMax: {
    value: 12_582_912,
    unit: 'bytes',
    reason: '4 MiB of HTTP bodies, 1 MiB of input, encodings, and room in one RPC of 16 MiB',
  },
  outputTextBytesMax: {
    value: 524_288,
    unit: 'bytes',
    reason: '64 KiB of result or logs, escaped eightfold',
  },
  actionsMax: { value: 100, unit: 'actions', reason: 'the bound of a run' },
  actionBytesMax: {
    value: 4_194_304,
    unit: 'bytes',
    reason: 'all params of a run, beside its journal in one RPC',
  },
  actionResultCharsMax: {
    value: 65_536,
    unit: 'characters',
    reason: '100 of them fit one RPC answer',
  },
  errorCharsMax: { value: 4_096, unit: 'characters', reason: 'a message with its stack' },
  batchExecutionsMax: { value: 100, unit: 'executions', reason: 'the bound of one call' },
  queuedExecutionsMax: {
    value: 10_000,
    unit: 'executions',
    reason: 'a hundred full batches waiting',
  },
  queuedBytesMax: {
    value: 268_435_456,
    unit: 'bytes',
    reason: 'sealed inputs waiting, apart from what is kept',
  },
  queueAgeSecondsMax: { value: 86_400, unit: 'seconds', reason: 'nobody waits a day for a start' },
  actionAgeSecondsMax: {
    value: 86_400,
    unit: 'seconds',
    reason: 'an action resumed for a day is given up',
  },
  leaseSecondsMax: {
    value: 600,
    unit: 'seconds',
    reason: 'ten times the longest run with its actions',
  },
  resumeSeconds: {
    value: 30,
    unit: 'seconds',
    reason: 'pause before work that nobody took is handed over again',
  },
  alarmItemsMax: { value: 50, unit: 'things', reason: 'one wake-up stays far under 30 s of CPU' },
  retentionRowsMax: { value: 200, unit: 'rows', reason: 'one step frees at most 200 MB' },
  retentionSeconds: { value: 3600, unit: 'seconds', reason: 'keeping is measured in days' },
  statsHoursMax: { value: 2232, unit: 'hours', reason: 'three months by the hour' },
} as const satisfies Record<string, Limit>;
