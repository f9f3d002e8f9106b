/** Bounds of the audit log. */
import type { Limit } from '../limits.ts';

export const LIMITS = {
  auditTextCharsMax: {
    value: 300,
    unit: 'characters',
    reason: 'an id, a name or a short sentence',
  },
  auditDetailsMax: { value: 20, unit: 'members', reason: 'facts of one act, not a document' },
  auditDetailsCharsMax: { value: 4096, unit: 'characters', reason: 'keeps an entry under 10 KB' },
  auditCheckpointEntries: {
    value: 100,
    unit: 'entries',
    reason: 'what a thief of the storage could rewrite unseen at most, at one signature per 100',
  },
  auditCheckpointSeconds: {
    value: 3600,
    unit: 'seconds',
    reason: 'the same bound in time for accounts with few entries',
  },
  auditCutDays: {
    value: 30,
    unit: 'days',
    reason: 'what is past keeping is cut together, so a quiet account writes a dozen lines a year',
  },
  auditRefusalSeconds: {
    value: 60,
    unit: 'seconds',
    reason: 'a revoked key in a retry loop writes 1,440 lines a day, not millions',
  },
  auditExportEntriesMax: { value: 500, unit: 'entries', reason: 'under 10 MiB of one RPC message' },
} as const satisfies Record<string, Limit>;
