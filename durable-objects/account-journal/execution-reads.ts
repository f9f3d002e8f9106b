/**
 * Reading executions back: one, a page of many, the sealed journal, the logs. Nothing here writes.
 */
import { LIMITS } from '../../worker/core/limits.ts';
import { err, ok, type Result } from '../../worker/core/result.ts';
import type { SqlParameter } from '../bounded-sql.ts';
import type { ActionRow } from './execution-actions.ts';
import { readBody, readText } from './execution-bodies.ts';
import type {
  ActionRecord,
  BodyState,
  ExecutionDetail,
  ExecutionError,
  ExecutionJournal,
  ExecutionQuery,
  ExecutionSummary,
} from './rpc.ts';
import {
  type ExecutionRow,
  loadExecution,
  parseJson,
  present,
  receiptOf,
  toSummary,
} from './sql.ts';
import type { Turn } from './turn.ts';

export function getExecution(turn: Turn, executionId: string): Result<ExecutionDetail> {
  const found = loadExecution(turn, executionId);
  if (!found.ok) return found;
  const text = (kind: 'output' | 'logs') => readText(turn, { kind, executionId }) ?? null;
  return ok({
    ...toSummary(found.value),
    ...present({
      outputJson: text('output'),
      logsJson: text('logs'),
      receipt: receiptOf(found.value) ?? null,
    }),
    actions: readActions(turn, executionId),
  });
}

const readActions = (turn: Turn, executionId: string): readonly ActionRecord[] =>
  turn.sql
    .all<ActionRow>(
      'SELECT * FROM execution_actions WHERE execution_id = ? ORDER BY n',
      executionId,
    )
    .map((row) => ({
      id: `${row.execution_id}:${row.n}`,
      n: row.n,
      type: row.type,
      status: row.status,
      ...present({
        paramsJson: row.params,
        resultJson: row.result,
        error: parseJson<ExecutionError>(row.error),
        endedAt: row.ended_at,
      }),
    }));

export interface ExecutionPage {
  readonly items: readonly ExecutionSummary[];
  readonly nextBeforeId: string | null;
}

export function listExecutions(turn: Turn, query: ExecutionQuery): ExecutionPage {
  const limit = Math.max(1, Math.min(query.limit, LIMITS.pageSizeMax.value));
  const conditions: [string, SqlParameter | undefined][] = [
    ['id < ?', query.beforeId],
    ['function_id = ?', query.functionId],
    ['status = ?', query.status],
    ['created_at >= ?', query.since],
    ['created_at < ?', query.until],
  ];
  const used = conditions.filter(([, value]) => value !== undefined);
  const where = ['1 = 1', ...used.map(([condition]) => condition)].join(' AND ');
  const rows = turn.sql.all<ExecutionRow>(
    `SELECT * FROM executions WHERE ${where} ORDER BY id DESC LIMIT ?`,
    ...used.flatMap(([, value]) => (value === undefined ? [] : [value])),
    limit + 1,
  );
  const items = rows.slice(0, limit).map(toSummary);
  return { items, nextBeforeId: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

export function getJournal(turn: Turn, executionId: string): Result<ExecutionJournal> {
  const found = loadExecution(turn, executionId);
  if (!found.ok) return found;
  const refused = refusalOf(found.value.journal_state);
  if (refused !== undefined) return err(refused);
  const sealedJournal = readBody(turn, { kind: 'journal', executionId });
  return ok({ receipt: receiptOf(found.value) ?? null, sealedJournal });
}

function refusalOf(
  state: BodyState,
): 'functions.journal_expired' | 'functions.journal_not_kept' | undefined {
  if (state === 'kept') return undefined;
  return state === 'expired' ? 'functions.journal_expired' : 'functions.journal_not_kept';
}

/** Null where there never were any. */
export function getLogs(
  turn: Turn,
  executionId: string,
): Result<{ readonly logsJson: string | null }> {
  const found = loadExecution(turn, executionId);
  if (!found.ok) return found;
  const logsJson = readText(turn, { kind: 'logs', executionId }) ?? null;
  const expired = logsJson === null && found.value.output_state === 'expired';
  return expired ? err('functions.output_expired') : ok({ logsJson });
}
