/** The order of effects for executions. */
import type { ExecutionOrder, QueuedOrder } from '../../../durable-objects/account-journal/rpc.ts';
import type { ExecutionQuota } from '../../core/executions/quota.ts';
import type { JsonValue } from '../../core/functions-runtime/json-text.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { closePage, openPage, type PageQuery } from '../../http/pagination.ts';
import { actorOf, newId, type RequestContext } from '../../http/request-context.ts';
import { type Turn, takeTurn } from '../../http/turns.ts';
import type { Quotas } from '../accounts/index.ts';
import { findRunnable, type Runnable, validateInput } from '../functions/index.ts';
import { dataKeyOf } from '../secrets/index.ts';
import { performActions } from './actions.ts';
import { openSecrets, runCode, runLimitsOf, type Subject } from './attempt.ts';
import { conclude } from './conclude.ts';
import { journalOf, type RunDeps } from './deps.ts';
import { inputContext } from './journal-file.ts';
import { toExecution, toExecutionSummary } from './views.ts';

/** A run may wait 30 s for the world, compute for a second, and be concluded: the lease covers all with room. */
export const RUN_LEASE_MS = 90_000;

export interface FunctionKey {
  readonly accountId: string;
  readonly functionId: string;
}

type Store = 'full' | 'receipt';

export const toExecutionQuota = (quotas: Quotas): ExecutionQuota => ({
  executionsPerMonth: quotas.monthlyExecutions,
  fuelPerMonth: quotas.monthlyFuel,
  concurrentExecutions: quotas.concurrentExecutions,
});

export async function executeFunction(
  context: RequestContext,
  key: FunctionKey,
  request: {
    readonly params?: JsonValue | undefined;
    readonly mode: 'sync' | 'async';
    readonly store: Store;
  },
) {
  const runnable = await findRunnable(context.db, key.accountId, key.functionId);
  if (!runnable.ok) return runnable;
  const input = request.params ?? null;
  const valid = await validateInput(runnable.value.version.inputSchema, input);
  if (!valid.ok) return valid;
  if (request.mode === 'async') {
    const queued = await enqueue(context, runnable.value, {
      inputs: [input],
      store: request.store,
    });
    if (!queued.ok) return queued;
    const [body] = queued.value;
    return body ? ok({ status: 202, body } as const) : err('internal.error');
  }
  return runNow(context, runnable.value, { input, store: request.store });
}

export async function executeBatch(
  context: RequestContext,
  key: FunctionKey,
  request: { readonly inputs: readonly JsonValue[]; readonly store: Store },
) {
  const runnable = await findRunnable(context.db, key.accountId, key.functionId);
  if (!runnable.ok) return runnable;
  for (const input of request.inputs) {
    const valid = await validateInput(runnable.value.version.inputSchema, input);
    if (!valid.ok) return valid;
  }
  const queued = await enqueue(context, runnable.value, request);
  if (!queued.ok) return queued;
  const body = { items: queued.value };
  return ok({ status: 202, body } as const);
}

function orderOf(
  context: RequestContext,
  { version }: Runnable,
  { executionId, store }: { readonly executionId: string; readonly store: Store },
): ExecutionOrder {
  return {
    executionId,
    functionId: version.functionId,
    versionId: version.versionId,
    store,
    actor: actorOf(context.principal),
    fuelMax: runLimitsOf(version).fuel,
    requestId: context.requestId,
    traceId: context.trace.traceId,
  };
}

async function runNow(
  context: RequestContext,
  runnable: Runnable,
  { input, store }: { readonly input: JsonValue; readonly store: Store },
) {
  const { version, quotas } = runnable;
  const { accountId } = version;
  const executionId = newId('execution', context.now);
  const order = orderOf(context, runnable, { executionId, store });
  const subject: Subject = { ...order, accountId, version, input };
  const key = await dataKeyOf(context, accountId);
  if (!key.ok) return key;
  const secrets = await openSecrets(context, subject);
  if (!secrets.ok) return secrets;
  const turn = await takeTurn({ accountId, memoryBytes: runLimitsOf(version).memoryBytes });
  if (!turn.ok) return turn;
  const journal = journalOf(context, accountId);
  const started = await giveBackOnRefusal(turn.value, () =>
    journal.startExecution({
      order,
      leaseMs: RUN_LEASE_MS,
      quota: toExecutionQuota(quotas),
      ...idempotencyOf(context),
    }),
  );
  if (!started.ok) return started;
  if (started.value.kind === 'existing')
    return readFirst(context, accountId, started.value.executionIds);
  const { leaseToken } = started.value;
  const ran = await runCode(context, subject, { turn: turn.value, secrets: secrets.value });
  const concluded = await conclude(context, subject, { ran, leaseToken, store });
  if (!concluded.ok) return concluded;
  const actions = ran.result.actions.map(({ type, params }, n) => ({ n, type, params }));
  await performActions(context, { accountId, executionId, leaseToken }, actions);
  return readExecution(context, accountId, { executionId, kept: concluded.value.outcome });
}

/** The turn must not be kept by a run that never starts. */
async function giveBackOnRefusal<Value extends { readonly kind: string }>(
  turn: Turn,
  start: () => Promise<Result<Value>>,
): Promise<Result<Value>> {
  let isStarted = false;
  try {
    const started = await start();
    isStarted = started.ok && started.value.kind === 'started';
    return started;
  } finally {
    if (!isStarted) turn.end();
  }
}

const idempotencyOf = ({ claim }: RequestContext) =>
  claim === undefined
    ? {}
    : { idempotency: { recordId: claim.recordId, fingerprint: claim.fingerprint } };

/** The answer is what the journal says now; with `store: receipt` it kept neither output nor logs, so they are added. */
async function readExecution(
  context: RequestContext,
  accountId: string,
  { executionId, kept }: { readonly executionId: string; readonly kept: Kept },
) {
  const detail = await journalOf(context, accountId).getExecution(executionId);
  if (!detail.ok) return detail;
  const body = toExecution(detail.value);
  const shown = detail.value.store === 'full' ? body : { ...body, ...shownOnce(kept) };
  return ok({ status: 201, body: shown, headers: locationOf(accountId, executionId) } as const);
}

interface Kept {
  readonly output: unknown;
  readonly logs: readonly { readonly level: string; readonly message: string }[];
}

const shownOnce = ({ output, logs }: Kept) => ({
  output: output as Record<string, never> | null,
  logs: logs.map((line) => ({ ...line })),
});

const locationOf = (accountId: string, executionId: string) => ({
  location: `/accounts/${accountId}/executions/${executionId}`,
});

/** The same key again: the answer is rebuilt from the execution the first request made. */
async function readFirst(
  context: RequestContext,
  accountId: string,
  executionIds: readonly string[],
) {
  const [executionId] = executionIds;
  if (executionId === undefined) return err('internal.error');
  const detail = await journalOf(context, accountId).getExecution(executionId);
  if (!detail.ok) return detail;
  const headers = { ...locationOf(accountId, executionId), 'idempotency-replayed': 'true' };
  return ok({ status: 201, body: toExecution(detail.value), headers } as const);
}

async function enqueue(
  context: RequestContext,
  runnable: Runnable,
  { inputs, store }: { readonly inputs: readonly JsonValue[]; readonly store: Store },
) {
  const { accountId } = runnable.version;
  const orders = inputs.map((input) => ({
    input,
    order: orderOf(context, runnable, {
      executionId: newId('execution', context.now),
      store,
    }),
  }));
  const sealed = await sealInputs(context, accountId, orders);
  if (!sealed.ok) return sealed;
  const journal = journalOf(context, accountId);
  const queued = await journal.enqueueExecutions({
    orders: sealed.value,
    quota: toExecutionQuota(runnable.quotas),
    ...idempotencyOf(context),
  });
  if (!queued.ok) return queued;
  if (queued.value.kind === 'queued') context.defer(handOver(context, accountId, sealed.value));
  return readAll(context, accountId, queued.value.executionIds);
}

async function sealInputs(
  context: RequestContext,
  accountId: string,
  orders: readonly { readonly input: JsonValue; readonly order: ExecutionOrder }[],
): Promise<Result<readonly QueuedOrder[]>> {
  const wrapped = await dataKeyOf(context, accountId);
  if (!wrapped.ok) return wrapped;
  const encoder = new TextEncoder();
  const sealed = await context.env.BRIDGE.seal({
    accountId,
    wrappedKey: wrapped.value,
    items: orders.map(({ input, order }) => ({
      context: inputContext(order.executionId),
      plaintext: encoder.encode(JSON.stringify(input)),
    })),
  });
  if (!sealed.ok) return sealed;
  return ok(
    orders.map(({ order }, index) => ({
      ...order,
      sealedInput: sealed.value[index] ?? new Uint8Array(),
    })),
  );
}

/** At once; when this dies on the way, the journal's alarm hands the same items over. */
async function handOver(
  context: RunDeps,
  accountId: string,
  orders: readonly QueuedOrder[],
): Promise<void> {
  const taken = await context.env.ACCOUNT_SCHEDULER.getByName(accountId).enqueue({
    accountId,
    items: orders.map(({ executionId }) => ({
      id: executionId,
      kind: 'execution.run',
      fingerprint: executionId,
      payload: new Uint8Array(),
    })),
  });
  if (!taken.ok) return;
  const ids = taken.value.items.map(({ id }) => id);
  await journalOf(context, accountId).confirmEnqueued(ids);
}

async function readAll(context: RunDeps, accountId: string, executionIds: readonly string[]) {
  const journal = journalOf(context, accountId);
  const details = await Promise.all(executionIds.map((id) => journal.getExecution(id)));
  const refused = details.find((detail) => !detail.ok);
  if (refused && !refused.ok) return refused;
  return ok(details.flatMap((detail) => (detail.ok ? [toExecution(detail.value)] : [])));
}

export async function listExecutions(
  context: RequestContext,
  accountId: string,
  query: PageQuery & {
    readonly functionId?: string | undefined;
    readonly status?: ReturnType<typeof toExecution>['status'] | undefined;
    readonly since?: string | undefined;
    readonly until?: string | undefined;
  },
) {
  const page = openPage(query);
  if (!page.ok) return page;
  const listed = await journalOf(context, accountId).listExecutions({
    limit: page.value.rows,
    ...(page.value.after === undefined ? {} : { beforeId: page.value.after }),
    ...(query.functionId === undefined ? {} : { functionId: query.functionId }),
    ...(query.status === undefined ? {} : { status: query.status }),
    ...(query.since === undefined ? {} : { since: Date.parse(query.since) }),
    ...(query.until === undefined ? {} : { until: Date.parse(query.until) }),
  });
  if (!listed.ok) return listed;
  const body = closePage(listed.value.items, query.limit, {
    keyOf: (summary) => summary.id,
    toItem: toExecutionSummary,
  });
  return ok({ status: 200, body } as const);
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
