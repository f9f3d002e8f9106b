/**
 * Items of the durable queue: queued executions, and actions that a runner left over when it died. The journal's claim
 * decides whether code may start, once and for all; the scheduler's lease only decides who tries. So a second delivery
 * of an item finds the execution started and does nothing.
 */
import type { ClaimedExecution } from '../../../durable-objects/account-journal/rpc.ts';
import type { JsonValue } from '../../core/functions-runtime/json-text.ts';
import type { LeasedWork } from '../../core/ports.ts';
import type { Outcome } from '../../core/queue/item.ts';
import type { Failure } from '../../core/result.ts';
import { ok, type Result } from '../../core/result.ts';
import type { Turn } from '../../http/turns.ts';
import { takeTurn } from '../../http/turns.ts';
import { findRunnable, findVersion, type VersionRow } from '../functions/index.ts';
import { dataKeyOf } from '../secrets/index.ts';
import { openActions, performActions } from './actions.ts';
import { openSecrets, runCode, runLimitsOf, type Subject } from './attempt.ts';
import { conclude } from './conclude.ts';
import { journalOf, type RunDeps } from './deps.ts';
import { inputContext } from './journal-file.ts';
import { RUN_LEASE_MS, toExecutionQuota } from './service.ts';

interface Report {
  readonly outcome: Outcome;
  readonly reason?: string;
}

const DONE: Report = { outcome: 'done' };
const retry = (failure: Failure): Report => ({ outcome: 'retry', reason: failure.code });

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
  const executionId = item.id;
  const journal = journalOf(deps, accountId);
  const detail = await journal.getExecution(executionId);
  if (!detail.ok) return { outcome: 'dead', reason: detail.failure.code };
  if (detail.value.status !== 'queued') return DONE;
  const { functionId, versionId } = detail.value;
  const runnable = await findRunnable(deps.db, accountId, functionId);
  const version = await findVersion(deps.db, accountId, versionId);
  if (!version) return { outcome: 'dead', reason: 'functions.not_deployed' };
  const turn = await takeTurn({ accountId, memoryBytes: runLimitsOf(version).memoryBytes });
  if (!turn.ok) return retry(turn.failure);
  const claimed = await claim(deps, { accountId, executionId, turn: turn.value, runnable });
  if (!claimed.ok) return afterClaim(claimed.failure);
  await deps.env.ACCOUNT_SCHEDULER.getByName(accountId).reportStarted({
    id: item.id,
    leaseNumber: item.leaseNumber,
  });
  await runClaimed(deps, {
    accountId,
    version,
    turn: turn.value,
    claimed: claimed.value,
    refused: runnable.ok ? undefined : runnable.failure,
  });
  return DONE;
}

interface Claim {
  readonly accountId: string;
  readonly executionId: string;
  readonly turn: Turn;
  readonly runnable: Awaited<ReturnType<typeof findRunnable>>;
}

/** A deleted function's execution is claimed too: it has to end, and say why. */
async function claim(
  deps: RunDeps,
  { accountId, executionId, turn, runnable }: Claim,
): Promise<Result<ClaimedExecution>> {
  const quotas = runnable.ok ? runnable.value.quotas : undefined;
  const unlimited = Number.MAX_SAFE_INTEGER;
  const claimed = await journalOf(deps, accountId).claimQueued({
    executionId,
    leaseMs: RUN_LEASE_MS,
    quota: quotas
      ? toExecutionQuota(quotas)
      : {
          executionsPerMonth: unlimited,
          fuelPerMonth: unlimited,
          concurrentExecutions: unlimited,
        },
  });
  if (!claimed.ok) turn.end();
  return claimed;
}

/** Started or ended already: another delivery's business. Anything else may pass with time. */
function afterClaim(failure: Failure): Report {
  const over = ['functions.execution_started', 'functions.execution_ended', 'request.not_found'];
  return over.includes(failure.code) ? DONE : retry(failure);
}

interface ClaimedRun {
  readonly accountId: string;
  readonly version: VersionRow;
  readonly turn: Turn;
  readonly claimed: ClaimedExecution;
  /** Why it must not run although it was claimed. */
  readonly refused: Failure | undefined;
}

async function runClaimed(deps: RunDeps, run: ClaimedRun): Promise<void> {
  const { accountId, version, turn, claimed } = run;
  const { order, leaseToken } = claimed;
  const { executionId } = order;
  const ready = run.refused
    ? ({ ok: false, failure: run.refused } as const)
    : await prepare(deps, run);
  if (!ready.ok) {
    turn.end();
    await failUnrun(deps, run, ready.failure);
    return;
  }
  const { subject, secrets } = ready.value;
  const ran = await runCode(deps, subject, { turn, secrets });
  const concluded = await conclude(deps, subject, { ran, leaseToken, store: order.store });
  if (!concluded.ok) {
    deps.log.error('execution.unconcluded', { executionId, code: concluded.failure.code });
    return;
  }
  const actions = ran.result.actions.map(({ type, params }, n) => ({ n, type, params }));
  await performActions(deps, { accountId, executionId, leaseToken }, actions);
  deps.log.info('execution.ended', { executionId, function: version.functionId });
}

async function prepare(deps: RunDeps, { accountId, version, claimed }: ClaimedRun) {
  const { order } = claimed;
  const input = await openInput(deps, accountId, order);
  if (!input.ok) return input;
  const subject: Subject = { ...order, accountId, version, input: input.value };
  const secrets = await openSecrets(deps, subject);
  return secrets.ok ? ok({ subject, secrets: secrets.value }) : secrets;
}

async function openInput(
  deps: RunDeps,
  accountId: string,
  { executionId, sealedInput }: ClaimedExecution['order'],
): Promise<Result<JsonValue>> {
  const wrapped = await dataKeyOf(deps, accountId);
  if (!wrapped.ok) return wrapped;
  const opened = await deps.env.BRIDGE.open({
    accountId,
    wrappedKey: wrapped.value,
    items: [{ context: inputContext(executionId), sealed: sealedInput }],
  });
  if (!opened.ok) return opened;
  return ok(JSON.parse(new TextDecoder().decode(opened.value[0])) as JsonValue);
}

/** No code ran, so there is nothing to sign: the execution ends with the reason. */
async function failUnrun(
  deps: RunDeps,
  { accountId, claimed }: ClaimedRun,
  failure: Failure,
): Promise<void> {
  const { order, leaseToken } = claimed;
  await journalOf(deps, accountId).finishExecution({
    executionId: order.executionId,
    leaseToken,
    outcome: 'failed',
    error: { code: failure.code, message: failure.detail ?? failure.code },
    sealedJournal: [],
    fuel: 0,
    durationMs: 0,
    actions: [],
    actionLeaseMs: RUN_LEASE_MS,
  });
}

async function resumeActions(deps: RunDeps, accountId: string, item: LeasedWork): Promise<Report> {
  const executionId = executionOf(item.id);
  const claimed = await journalOf(deps, accountId).claimActions({
    executionId,
    leaseMs: RUN_LEASE_MS,
  });
  if (!claimed.ok)
    return claimed.failure.code === 'functions.lease_lost' ? retry(claimed.failure) : DONE;
  await deps.env.ACCOUNT_SCHEDULER.getByName(accountId).reportStarted({
    id: item.id,
    leaseNumber: item.leaseNumber,
  });
  const { leaseToken, actions } = claimed.value;
  const run = { accountId, executionId, leaseToken };
  const opened = await openActions(deps, run, actions);
  if (!opened.ok) return retry(opened.failure);
  const performed = await performActions(deps, run, opened.value);
  return performed.ok ? DONE : retry(performed.failure);
}

/** The item of an execution's actions is named after the execution. */
const executionOf = (itemId: string): string => itemId.split(':')[0] ?? itemId;
