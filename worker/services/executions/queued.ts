/**
 * Items of the durable queue: queued executions, and actions that a runner left over when it died. The journal's claim
 * decides whether code may start, once and for all; the scheduler's lease only decides who tries. So a second delivery
 * of an item finds the execution started and does nothing.
 *
 * All that can fail comes before the claim, where it can be tried again. What can never succeed, or was tried as often
 * as the queue allows, ends the execution with that reason; so does an account that cannot pay for the run.
 */
import type {
  QueuedOrder,
  WaitingExecution,
} from '../../../durable-objects/account-journal/rpc.ts';
import { ERRORS } from '../../core/errors.ts';
import type { SecretVersion } from '../../core/functions-runtime/execute.ts';
import type { JsonValue } from '../../core/functions-runtime/json-text.ts';
import type { LeasedWork } from '../../core/ports.ts';
import type { Outcome } from '../../core/queue/item.ts';
import { KINDS } from '../../core/queue/kinds.ts';
import { err, type Failure, ok, type Result } from '../../core/result.ts';
import { errorFields } from '../../http/log.ts';
import { type Turn, takeTurn } from '../../http/turns.ts';
import { loadStanding } from '../accounts/index.ts';
import { findRunnable, findVersion, type Runnable } from '../functions/index.ts';
import { type Meter, openMeter } from '../metering/index.ts';
import { dataKeyOf } from '../secrets/index.ts';
import { openSecrets, runLimitsOf, runToEnd, type Subject } from './attempt.ts';
import { journalOf, type RunDeps } from './deps.ts';
import { inputContext } from './journal-file.ts';
import { RUN_LEASE_MS, toExecutionQuota } from './order.ts';
import { openActions, performActions } from './perform-actions.ts';

interface Report {
  readonly outcome: Outcome;
  readonly reason?: string;
}

const DONE: Report = { outcome: 'done' };

export async function runQueuedItem(
  deps: RunDeps,
  accountId: string,
  item: LeasedWork,
): Promise<void> {
  const report =
    item.kind === 'execution.run'
      ? await runQueued(deps, accountId, item)
      : await resumeActions(deps, accountId, item);
  await deps.env.ACCOUNT_SCHEDULER.getByName(accountId).report({
    id: item.id,
    leaseNumber: item.leaseNumber,
    ...report,
  });
}

async function runQueued(deps: RunDeps, accountId: string, item: LeasedWork): Promise<Report> {
  const ready = await getReady(deps, accountId, item);
  if (!ready.ok) return afterRefusal(deps, { accountId, item, failure: ready.failure });
  const { subject, order } = ready.value;
  await tellStarted(deps, accountId, item);
  const ended = await runToEnd(deps, subject, { ...ready.value, store: order.store });
  await ready.value.meter.close();
  if (ended.ok) deps.log.info('execution.ended', { executionId: item.id });
  // From here on the journal's lease answers for the execution; the item has done what it could.
  else deps.log.error('execution.unconcluded', { executionId: item.id, code: ended.failure.code });
  return DONE;
}

interface Claimed {
  readonly subject: Subject;
  readonly order: QueuedOrder;
  readonly orderedAt: number;
  readonly secrets: readonly SecretVersion[];
  readonly meter: Meter;
  readonly turn: Turn;
  readonly leaseToken: number;
}

/** Takes a slot, puts aside what the run may cost, opens what it needs, and claims the execution, in this order. */
async function getReady(
  deps: RunDeps,
  accountId: string,
  { id: executionId, leaseNumber }: LeasedWork,
): Promise<Result<Claimed>> {
  const found = await unlessThrown(deps, () => findWaiting(deps, accountId, executionId));
  if (!found.ok) return found;
  const { runnable } = found.value;
  const { memoryBytes } = runLimitsOf(runnable.version);
  const turn = await takeTurn({ accountId, memoryBytes });
  if (!turn.ok) return turn;
  // A second delivery has a hold of its own, and gives it back when the claim refuses it.
  const { fuelMax } = found.value.order;
  const id = `${executionId}:${String(leaseNumber)}`;
  const meter = await unlessThrown(deps, () => openMeter(deps, { accountId, id, fuelMax }));
  const claimed = meter.ok
    ? await unlessThrown(deps, () => claim(deps, accountId, found.value, meter.value))
    : meter;
  if (claimed.ok) return ok({ ...claimed.value, turn: turn.value });
  turn.value.end();
  if (meter.ok) await meter.value.close();
  return claimed;
}

async function claim(
  deps: RunDeps,
  accountId: string,
  found: Found,
  meter: Meter,
): Promise<Result<Omit<Claimed, 'turn'>>> {
  const prepared = await prepare(deps, accountId, found);
  if (!prepared.ok) return prepared;
  const started = await journalOf(deps, accountId).claimQueued({
    executionId: found.order.executionId,
    leaseMs: RUN_LEASE_MS,
    quota: toExecutionQuota(found.runnable.quotas),
  });
  if (!started.ok) return started;
  return ok({ ...prepared.value, meter, leaseToken: started.value.leaseToken });
}

/** A part of the platform that does not answer is a reason to try again, not a dead runner. */
async function unlessThrown<Value>(
  deps: RunDeps,
  work: () => Promise<Result<Value>>,
): Promise<Result<Value>> {
  try {
    return await work();
  } catch (thrown) {
    deps.log.error('execution.not_ready', errorFields(thrown));
    return err('upstream.unavailable');
  }
}

interface Found extends WaitingExecution {
  readonly runnable: Runnable;
}

async function findWaiting(
  deps: RunDeps,
  accountId: string,
  executionId: string,
): Promise<Result<Found>> {
  const journal = journalOf(deps, accountId);
  const detail = await journal.getExecution(executionId);
  if (!detail.ok) return detail;
  const runnable = await findOrdered(deps, { accountId, ...detail.value });
  if (!runnable.ok) return runnable;
  const quota = toExecutionQuota(runnable.value.quotas);
  const waiting = await journal.peekQueued({ executionId, quota });
  return waiting.ok ? ok({ ...waiting.value, runnable: runnable.value }) : waiting;
}

/** The version that was active when it was ordered, if account and function still stand (delivery rule D15). */
async function findOrdered(
  deps: RunDeps,
  ordered: { readonly accountId: string; readonly functionId: string; readonly versionId: string },
): Promise<Result<Runnable>> {
  const { accountId, functionId, versionId } = ordered;
  const status = (await loadStanding(deps.db, accountId))?.status;
  if (status === 'suspended') return err('account.suspended');
  const runnable = await findRunnable(deps.db, accountId, functionId);
  const version = await findVersion(deps.db, accountId, versionId);
  if (status !== 'active' || !runnable.ok || !version)
    return err('functions.not_deployed', {
      detail: 'The function was deleted before the execution started.',
    });
  return ok({ version, quotas: runnable.value.quotas });
}

async function prepare(
  deps: RunDeps,
  accountId: string,
  { order, createdAt, runnable }: Found,
): Promise<Result<Omit<Claimed, 'turn' | 'meter' | 'leaseToken'>>> {
  const input = await openInput(deps, accountId, order);
  if (!input.ok) return input;
  const subject: Subject = { ...order, accountId, version: runnable.version, input: input.value };
  const secrets = await openSecrets(deps, subject);
  if (!secrets.ok) return secrets;
  return ok({ subject, order, orderedAt: createdAt, secrets: secrets.value });
}

async function openInput(
  deps: RunDeps,
  accountId: string,
  { executionId, sealedInput }: QueuedOrder,
): Promise<Result<JsonValue>> {
  const wrapped = await dataKeyOf(deps, accountId);
  if (!wrapped.ok) return wrapped;
  const opened = await deps.env.BRIDGE.open({
    accountId,
    wrappedKey: wrapped.value,
    items: [{ context: inputContext(executionId), sealed: sealedInput }],
  });
  if (!opened.ok) return opened;
  // Written from a parsed request; its seal vouches for it.
  return ok(JSON.parse(new TextDecoder().decode(opened.value[0])) as JsonValue);
}

/** Another delivery's business, for good. */
const OVER = ['functions.execution_started', 'functions.execution_ended', 'request.not_found'];
/** Passes with time and says nothing about the execution, so it costs no attempt. */
const BUSY = ['functions.capacity', 'quota.exceeded'];

interface Refused {
  readonly accountId: string;
  readonly item: LeasedWork;
  readonly failure: Failure;
}

async function afterRefusal(deps: RunDeps, { accountId, item, failure }: Refused): Promise<Report> {
  const { code, detail } = failure;
  if (OVER.includes(code)) return DONE;
  if (BUSY.includes(code)) return { outcome: 'released', reason: code };
  const isLast = item.attempt >= KINDS[item.kind].attemptsMax;
  if (ERRORS[code].retryable && !isLast) return { outcome: 'retry', reason: code };
  const error = { code, message: detail ?? ERRORS[code].title };
  await journalOf(deps, accountId).refuseQueued({ executionId: item.id, error });
  return DONE;
}

/** The claim has decided; what the queue believes meanwhile must not stop the run. */
async function tellStarted(deps: RunDeps, accountId: string, item: LeasedWork): Promise<void> {
  const { id, leaseNumber } = item;
  try {
    await deps.env.ACCOUNT_SCHEDULER.getByName(accountId).reportStarted({ id, leaseNumber });
  } catch (thrown) {
    deps.log.error('work.start_untold', { item: id, ...errorFields(thrown) });
  }
}

async function resumeActions(deps: RunDeps, accountId: string, item: LeasedWork): Promise<Report> {
  const executionId = executionOf(item.id);
  const retry = ({ code }: Failure): Report => ({ outcome: 'retry', reason: code });
  const claimed = await journalOf(deps, accountId).claimActions({
    executionId,
    leaseMs: RUN_LEASE_MS,
  });
  if (!claimed.ok)
    return claimed.failure.code === 'functions.lease_lost' ? retry(claimed.failure) : DONE;
  await tellStarted(deps, accountId, item);
  const { leaseToken, actions } = claimed.value;
  const run = { accountId, executionId, leaseToken };
  const opened = await openActions(deps, run, actions);
  if (!opened.ok) return retry(opened.failure);
  const performed = await performActions(deps, run, opened.value);
  return performed.ok ? DONE : retry(performed.failure);
}

/** The item of an execution's actions is named after the execution. */
const executionOf = (itemId: string): string => itemId.split(':')[0] ?? itemId;
