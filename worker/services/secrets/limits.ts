/** Bounds of secrets. */
import type { Limit } from '../../core/limits.ts';

export const LIMITS = {
  secretValueBytesMax: {
    value: 65_536,
    unit: 'bytes of UTF-8',
    reason: 'a chain of certificates with its key fits; a file does not belong here',
  },
  secretBodyBytesMax: {
    value: 409_600,
    unit: 'bytes',
    reason: 'the largest value with every byte written as a JSON escape of six, and its grants',
  },
  secretNameCharsMax: { value: 64, unit: 'characters', reason: 'a long environment variable' },
  secretGrantsMax: {
    value: 100,
    unit: 'functions',
    reason: 'half of the functions an account may have; each grant shows in one audit entry',
  },
  secretGraceHoursMax: {
    value: 720,
    unit: 'hours',
    reason: 'a month is enough to replace whatever still needs the older value',
  },
  secretVersionsUsableMax: {
    value: 20,
    unit: 'versions',
    reason: 'bounds what quick rotation with long windows stores: 1.25 MiB a secret',
  },
  secretMaxAgeDaysMax: { value: 3650, unit: 'days', reason: 'beyond it, no maximum age is meant' },
  secretRewrapAccountsMax: {
    value: 100,
    unit: 'accounts',
    reason: 'one call of the bridge each, far below the calls one request may make',
  },
  secretSweepRowsMax: {
    value: 100,
    unit: 'rows',
    reason: 'one minute of one sweep; what is left comes a minute later',
  },
  dataKeyCachedSeconds: {
    value: 60,
    unit: 'seconds',
    reason: 'a rewrapped key is seen everywhere within it; keep the previous master key longer',
  },
} as const satisfies Record<string, Limit>;
