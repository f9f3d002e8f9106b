/** One execution while its caller waits. */
import type { ExistingExecutions } from '../../../durable-objects/account-journal/rpc.ts';
import type { JsonValue } from '../../core/functions-runtime/json-text.ts';
import { ok, type Result } from '../../core/result.ts';
import { newId, type RequestContext } from '../../http/request-context.ts';
import { type Turn, takeTurn } from '../../http/turns.ts';
import type { Runnable } from '../functions/index.ts';
import { type Meter, openMeter } from '../metering/index.ts';
import { dataKeyOf } from '../secrets/index.ts';
import { answerOf, endStatus, readAnswer } from './answers.ts';
import { type Ended, openSecrets, runLimitsOf, runToEnd, type Subject } from './attempt.ts';
import { journalOf, type RunDeps } from './deps.ts';
import { idempotencyOf, orderOf, RUN_LEASE_MS, type Store, toExecutionQuota } from './order.ts';
import { type Execution, toExecution, toExecutionSummary } from './views.ts';

interface Request {
  readonly input: JsonValue;
  readonly store: Store;
}

export async function runNow(
  context: RequestContext & RunDeps,
  runnable: Runnable,
  { input, store }: Request,
) {
  const { version } = runnable;
  const { accountId } = version;
  const executionId = newId('execution', context.now);
  const order = orderOf(context, version, { executionId, store });
  const { fuelMax } = order;
  const meter = await openMeter(context, { accountId, id: executionId, fuelMax });
  if (!meter.ok) return meter;
  try {
    return await runMetered(context, meter.value, { runnable, order, input });
  } finally {
    await meter.value.close();
  }
}

interface Ordered {
  readonly runnable: Runnable;
  readonly order: ReturnType<typeof orderOf>;
  readonly input: JsonValue;
}

async function runMetered(
  context: RequestContext & RunDeps,
  meter: Meter,
  { runnable, order, input }: Ordered,
) {
  const { version } = runnable;
  const { accountId } = version;
  const subject: Subject = { ...order, accountId, version, input };
  // Nothing starts that could not be sealed in the end.
  const key = await dataKeyOf(context, accountId);
  if (!key.ok) return key;
  const secrets = await openSecrets(context, subject);
  if (!secrets.ok) return secrets;
  const turn = await takeTurn({ accountId, memoryBytes: runLimitsOf(version).memoryBytes });
  if (!turn.ok) return turn;
  const started = await start(context, turn.value, { runnable, order });
  if (!started.ok) return started;
  if (started.value.kind === 'existing')
    return readAnswer(context, accountId, { existing: started.value, mode: 'sync' });
  const ended = await runToEnd(context, subject, {
    turn: turn.value,
    secrets: secrets.value,
    meter,
    leaseToken: started.value.leaseToken,
    store: order.store,
    orderedAt: context.now,
  });
  // The watchdog told the end already: the answer is what it told.
  if (!ended.ok && ended.failure.code !== 'functions.lease_lost') return ended;
  const body = await showEnd(context, subject, ended.ok ? ended.value : undefined);
  return body.ok ? ok(answerOf(accountId, body.value, endStatus(body.value))) : body;
}

interface Started {
  readonly kind: 'started';
  readonly leaseToken: number;
}

/** The turn must not be kept by a run that never starts. */
async function start(
  context: RequestContext,
  turn: Turn,
  { runnable, order }: { readonly runnable: Runnable; readonly order: ReturnType<typeof orderOf> },
): Promise<Result<Started | ExistingExecutions>> {
  let isStarted = false;
  try {
    const started = await journalOf(context, runnable.version.accountId).startExecution({
      order,
      leaseMs: RUN_LEASE_MS,
      quota: toExecutionQuota(runnable.quotas),
      ...idempotencyOf(context),
    });
    isStarted = started.ok && started.value.kind === 'started';
    return started;
  } finally {
    if (!isStarted) turn.end();
  }
}

/** What the journal answers from now on; with `store: receipt` output and logs are shown this once. */
async function showEnd(
  context: RunDeps,
  { accountId, executionId }: Subject,
  ended: Ended | undefined,
): Promise<Result<Execution>> {
  if (ended?.kind === 'settled')
    return ok({ ...toExecutionSummary(ended.summary), ...shownOnce(ended) });
  const detail = await journalOf(context, accountId).getExecution(executionId);
  if (!detail.ok) return detail;
  const stored = toExecution(detail.value);
  const isKept = ended === undefined || detail.value.store === 'full';
  return ok(isKept ? stored : { ...stored, ...shownOnce(ended) });
}

const shownOnce = ({ outcome: { output, logs } }: Ended): Pick<Execution, 'output' | 'logs'> => ({
  // JSON either way; the wire's type only lacks `readonly`.
  output: output as Execution['output'],
  logs: logs.map((line) => ({ ...line })),
});
