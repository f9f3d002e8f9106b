/** The order of effects for executions: asking for them, reading them, cancelling them. */
import type {
  ExecutionSummary,
  ExistingExecutions,
} from '../../../durable-objects/account-journal/rpc.ts';
import { encodeCursor } from '../../core/cursor.ts';
import type { JsonValue } from '../../core/functions-runtime/json-text.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { openPage, type PageQuery } from '../../http/pagination.ts';
import { actorOf, type RequestContext } from '../../http/request-context.ts';
import { checkInputs, checkParams, findRunnable, type Runnable } from '../functions/index.ts';
import { checkAffordable } from '../metering/index.ts';
import { answerOf, readAnswer } from './answers.ts';
import { runLimitsOf } from './attempt.ts';
import { journalOf, type RunDeps } from './deps.ts';
import { enqueue, handOver } from './enqueue.ts';
import { idempotencyOf, type Store } from './order.ts';
import { runNow } from './run-now.ts';
import { toExecution, toExecutionSummary } from './views.ts';

/** A request, with the table of performers it may bring. */
export type RunContext = RequestContext & RunDeps;

export interface FunctionKey {
  readonly accountId: string;
  readonly functionId: string;
}

export async function executeFunction(
  context: RunContext,
  key: FunctionKey,
  request: {
    readonly params?: JsonValue | undefined;
    readonly mode: 'sync' | 'async';
    readonly store: Store;
  },
) {
  const { mode, store } = request;
  const earlier = await findEarlier(context, key.accountId);
  if (!earlier.ok) return earlier;
  if (earlier.value) return readAnswer(context, key.accountId, { existing: earlier.value, mode });
  const runnable = await findRunnable(context.db, key.accountId, key.functionId);
  if (!runnable.ok) return runnable;
  const input = request.params ?? null;
  const valid = await checkParams(runnable.value.version, input);
  if (!valid.ok) return valid;
  if (mode === 'sync') return runNow(context, runnable.value, { input, store });
  const affordable = await checkPayable(context, runnable.value, 1);
  if (!affordable.ok) return affordable;
  const queued = await enqueue(context, runnable.value, { inputs: [input], store });
  if (!queued.ok) return queued;
  if (queued.value.kind === 'existing')
    return readAnswer(context, key.accountId, { existing: queued.value, mode });
  context.defer(handOver(context, key.accountId, queued.value.executions));
  const [summary] = queued.value.executions;
  if (!summary) return err('internal.error');
  return ok(answerOf(key.accountId, toExecutionSummary(summary), 202));
}

export async function executeBatch(
  context: RunContext,
  key: FunctionKey,
  request: { readonly inputs: readonly JsonValue[]; readonly store: Store },
) {
  const earlier = await findEarlier(context, key.accountId);
  if (!earlier.ok) return earlier;
  if (earlier.value) return ok(batchOf(earlier.value));
  const runnable = await findRunnable(context.db, key.accountId, key.functionId);
  if (!runnable.ok) return runnable;
  const { version } = runnable.value;
  const valid = await checkInputs(version, request.inputs, (index) => `/inputs/${index}`);
  if (!valid.ok) return valid;
  const affordable = await checkPayable(context, runnable.value, request.inputs.length);
  if (!affordable.ok) return affordable;
  const queued = await enqueue(context, runnable.value, request);
  if (!queued.ok) return queued;
  if (queued.value.kind === 'queued')
    context.defer(handOver(context, key.accountId, queued.value.executions));
  return ok(batchOf(queued.value));
}

/** What is queued is paid when it starts; who could not pay now is told so now. */
const checkPayable = (context: RunContext, { version }: Runnable, count: number) =>
  checkAffordable(context, {
    accountId: version.accountId,
    fuelMax: runLimitsOf(version).fuel,
    count,
  });

/**
 * The same key again gets the same answer, whatever became of the function, its secrets or the quotas since: so this is
 * asked first. The journal asks it again in the transaction that starts or queues.
 */
async function findEarlier(
  context: RunContext,
  accountId: string,
): Promise<Result<ExistingExecutions | null>> {
  const { idempotency } = idempotencyOf(context);
  return idempotency ? journalOf(context, accountId).findExisting(idempotency) : ok(null);
}

function batchOf({
  kind,
  executions,
}: {
  readonly kind: 'queued' | 'existing';
  readonly executions: readonly ExecutionSummary[];
}) {
  const body = { items: executions.map(toExecutionSummary) };
  const headers: Record<string, string> =
    kind === 'existing' ? { 'idempotency-replayed': 'true' } : {};
  return { status: 202, body, headers } as const;
}

export async function listExecutions(
  context: RequestContext,
  accountId: string,
  query: PageQuery & {
    readonly functionId?: string | undefined;
    readonly status?: ExecutionSummary['status'] | undefined;
    readonly since?: string | undefined;
    readonly until?: string | undefined;
  },
) {
  const page = openPage(query);
  if (!page.ok) return page;
  const listed = await journalOf(context, accountId).listExecutions({
    limit: query.limit,
    ...(page.value.after === undefined ? {} : { beforeId: page.value.after }),
    ...(query.functionId === undefined ? {} : { functionId: query.functionId }),
    ...(query.status === undefined ? {} : { status: query.status }),
    ...(query.since === undefined ? {} : { since: Date.parse(query.since) }),
    ...(query.until === undefined ? {} : { until: Date.parse(query.until) }),
  });
  if (!listed.ok) return listed;
  const { items, nextBeforeId } = listed.value;
  const nextCursor = nextBeforeId === null ? null : encodeCursor(nextBeforeId);
  return ok({ status: 200, body: { items: items.map(toExecutionSummary), nextCursor } } as const);
}

export interface ExecutionKey {
  readonly accountId: string;
  readonly executionId: string;
}

export async function getExecution(context: RequestContext, key: ExecutionKey) {
  const detail = await journalOf(context, key.accountId).getExecution(key.executionId);
  return detail.ok ? ok({ status: 200, body: toExecution(detail.value) } as const) : detail;
}

export async function getLogs(context: RequestContext, key: ExecutionKey) {
  const logs = await journalOf(context, key.accountId).getLogs(key.executionId);
  if (!logs.ok) return logs;
  const items = JSON.parse(logs.value.logsJson ?? '[]') as { level: string; message: string }[];
  return ok({ status: 200, body: { items } } as const);
}

export async function cancelExecution(context: RequestContext, key: ExecutionKey) {
  const journal = journalOf(context, key.accountId);
  const cancelled = await journal.cancelExecution({
    executionId: key.executionId,
    actor: actorOf(context.principal),
    requestId: context.requestId,
    traceId: context.trace.traceId,
  });
  return cancelled.ok ? getExecution(context, key) : cancelled;
}
