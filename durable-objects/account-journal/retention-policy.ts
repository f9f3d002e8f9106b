/** The account's effective retention policy, read where anything is dropped or promised. */
import { DEFAULT_RETENTION, type RetentionPolicy } from '../../worker/core/executions/retention.ts';
import { readSetting, type Turn } from './turn.ts';

export function policyOf(turn: Turn): RetentionPolicy {
  const stored = readSetting(turn.sql, 'retention');
  // Written by setRetention alone, from a decided policy; a field that came later takes its
  // default.
  return stored === undefined
    ? DEFAULT_RETENTION
    : { ...DEFAULT_RETENTION, ...(JSON.parse(stored) as Partial<RetentionPolicy>) };
}
