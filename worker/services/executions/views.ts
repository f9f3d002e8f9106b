/** Executions as the wire shows them. */
import type * as z from 'zod';
import type {
  ExecutionDetail,
  ExecutionError,
  ExecutionSummary,
} from '../../../durable-objects/account-journal/rpc.ts';
import { toTimestamp } from '../../core/clock.ts';
import type { executionSchema } from './shapes.ts';

/** An execution on the wire. */
export type Execution = Readonly<z.input<typeof executionSchema>>;

const timestampOf = (epochMs: number | undefined): string | null =>
  epochMs === undefined ? null : toTimestamp(epochMs);

/** Without output, logs and actions: what lists show. */
export const toExecutionSummary = (summary: ExecutionSummary): Execution => ({
  id: summary.id,
  functionId: summary.functionId,
  versionId: summary.versionId,
  status: summary.status,
  mode: summary.mode,
  store: summary.store,
  output: null,
  error: toError(summary.error),
  logs: [],
  actions: [],
  fuel: summary.fuel ?? null,
  fuelMax: summary.fuelMax,
  durationMs: summary.durationMs ?? null,
  timings: summary.timings === undefined ? null : { ...summary.timings },
  cancelRequested: summary.cancelRequested,
  createdAt: toTimestamp(summary.createdAt),
  startedAt: timestampOf(summary.startedAt),
  endedAt: timestampOf(summary.endedAt),
  requestId: summary.requestId ?? null,
  traceId: summary.traceId ?? null,
});

export const toExecution = (detail: ExecutionDetail): Execution => ({
  ...toExecutionSummary(detail),
  output: parseJson<Execution['output']>(detail.outputJson, null),
  logs: parseJson<{ level: string; message: string }[]>(detail.logsJson, []),
  actions: detail.actions.map((action) => ({
    id: action.id,
    type: action.type,
    params: parseJson<ActionJson>(action.paramsJson, null),
    status: action.status,
    result: parseJson<ActionJson>(action.resultJson, null),
    error: toError(action.error),
  })),
});

const toError = (error: ExecutionError | undefined) =>
  error === undefined
    ? null
    : {
        code: error.code,
        message: error.message,
        ...(error.line === undefined ? {} : { line: error.line }),
        ...(error.column === undefined ? {} : { column: error.column }),
      };

type ActionJson = Execution['actions'][number]['params'];

/** The journal keeps JSON as text that we wrote. */
const parseJson = <Value>(text: string | undefined, absent: Value): Value =>
  text === undefined ? absent : (JSON.parse(text) as Value);
