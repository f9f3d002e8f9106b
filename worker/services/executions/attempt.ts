/**
 * The one attempt to run an execution's code, the same for a request and for the queue's runner. Whatever can refuse
 * (secrets, slots, quotas) comes before the record says `running`; from then on the execution ends by what stands here,
 * or by the journal's watchdog when this runner dies: never by nothing.
 */
import type { ExecutionSummary } from '../../../durable-objects/account-journal/rpc.ts';
import type { AuditActor } from '../../core/audit/entry.ts';
import { toTimestamp } from '../../core/clock.ts';
import type { RunResult, SecretVersion } from '../../core/functions-runtime/execute.ts';
import type { JsonValue } from '../../core/functions-runtime/json-text.ts';
import { DEFAULT_RUN_LIMITS, type RunLimits } from '../../core/functions-runtime/limits.ts';
import { type Permissions, readPermissions } from '../../core/functions-runtime/permissions.ts';
import type { RecordedOutcome } from '../../core/functions-runtime/recorded-outcome.ts';
import { ok, type Result } from '../../core/result.ts';
import { errorFields } from '../../http/log.ts';
import { randomBytes } from '../../http/request-context.ts';
import type { Turn } from '../../http/turns.ts';
import type { VersionRow } from '../functions/index.ts';
import type { Meter } from '../metering/index.ts';
import { openSecretsForFunction } from '../secrets/index.ts';
import { conclude } from './conclude.ts';
import { CURRENT_RUNTIME, journalOf, type RunDeps } from './deps.ts';
import { createHost } from './host.ts';
import { dueActions, performActions } from './perform-actions.ts';
import { runInTurn } from './run.ts';

export interface Subject {
  readonly accountId: string;
  readonly executionId: string;
  readonly version: VersionRow;
  readonly input: JsonValue;
  readonly actor: AuditActor;
  readonly requestId?: string | undefined;
  readonly traceId?: string | undefined;
}

export interface Ran {
  readonly result: RunResult;
  readonly secrets: readonly SecretVersion[];
  readonly salt: Uint8Array;
  readonly durationMs: number;
  /** From the order to the start of the code. */
  readonly waitedMs: number;
}

/** The version's own limits within the product's; the schema of functions bounds them. */
export const runLimitsOf = (version: VersionRow): RunLimits => ({
  fuel: version.limits.fuel ?? DEFAULT_RUN_LIMITS.fuel,
  memoryBytes: version.limits.memoryBytes ?? DEFAULT_RUN_LIMITS.memoryBytes,
});

export const permissionsOf = ({ permissions }: VersionRow): Permissions =>
  readPermissions(permissions);

/** Secrets that the version names; each use and each refused use is in the audit log before the code starts. */
export async function openSecrets(
  deps: RunDeps,
  subject: Subject,
): Promise<Result<readonly SecretVersion[]>> {
  const { accountId, version } = subject;
  const use = await openSecretsForFunction(deps, {
    accountId,
    functionId: version.functionId,
    names: version.secrets,
  });
  for (const note of use.notes) {
    await journalOf(deps, accountId).appendAudit({
      ...note,
      at: toTimestamp(Date.now()),
      actor: subject.actor,
      ...(subject.requestId === undefined ? {} : { requestId: subject.requestId }),
      ...(subject.traceId === undefined ? {} : { traceId: subject.traceId }),
    });
  }
  if (!use.opened.ok) return use.opened;
  return ok(
    use.opened.value.map(({ name, value, versionId }) => ({
      name,
      value,
      versionId: `${versionId.name}@${versionId.version}`,
    })),
  );
}

export interface Attempt {
  readonly turn: Turn;
  readonly secrets: readonly SecretVersion[];
  /** What the run may cost is put aside; whoever opened it closes it. */
  readonly meter: Meter;
  readonly leaseToken: number;
  readonly store: 'full' | 'receipt';
  readonly orderedAt: number;
}

/** The end of an attempt. Without actions all of it is known here; with them the journal has to be asked. */
export type Ended =
  | {
      readonly kind: 'settled';
      readonly summary: ExecutionSummary;
      readonly outcome: Pick<RecordedOutcome, 'output' | 'logs'>;
    }
  | { readonly kind: 'stored'; readonly outcome: Pick<RecordedOutcome, 'output' | 'logs'> };

/** Runs the code, stores its end, and carries out its actions. The attempt's turn is given back in any case. */
export async function runToEnd(
  deps: RunDeps,
  subject: Subject,
  attempt: Attempt,
): Promise<Result<Ended>> {
  const { accountId, executionId } = subject;
  const { leaseToken } = attempt;
  const ran = await runCode(deps, subject, attempt);
  const actions = dueActions(ran.result, ran.secrets);
  const concluded = await conclude(deps, subject, { ...attempt, ran, actions });
  if (!concluded.ok) return concluded;
  const { finished, outcome, isProved } = concluded.value;
  // A run that nothing vouches for gave its owner nothing.
  if (isProved) await attempt.meter.charge(ran.result.fuelUsed);
  if (finished.pendingActions === 0)
    return ok({ kind: 'settled', summary: finished.summary, outcome });
  try {
    await performActions(deps, { accountId, executionId, leaseToken }, actions);
  } catch (thrown) {
    // Still owed: when this runner's lease ends, the journal hands them to another one.
    deps.log.error('actions.failed', { executionId, ...errorFields(thrown) });
  }
  return ok({ kind: 'stored', outcome });
}

async function runCode(
  deps: RunDeps,
  subject: Subject,
  { turn, secrets, orderedAt }: Attempt,
): Promise<Ran> {
  const { accountId, executionId, version } = subject;
  const startedAt = Date.now();
  const permissions = permissionsOf(version);
  const result = await runInTurn(turn, {
    accountId,
    runtime: CURRENT_RUNTIME,
    source: version.source,
    entryForm: version.entryForm,
    params: subject.input,
    secrets,
    seed: randomBytes(32),
    clockMs: startedAt,
    limits: runLimitsOf(version),
    permissions,
    context: { functionId: version.functionId, accountId },
    host: createHost(deps, { permissions, secrets }),
    isCancelled: async () => {
      const asked = await journalOf(deps, accountId).isCancelRequested(executionId);
      return asked.ok && asked.value;
    },
  });
  return {
    result,
    secrets,
    salt: randomBytes(32),
    durationMs: Date.now() - startedAt,
    waitedMs: Math.max(0, startedAt - orderedAt),
  };
}
