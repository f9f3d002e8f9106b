/**
 * The one attempt to run an execution's code, the same for a request and for the queue's runner: open the secrets, start
 * the record, run, conclude. The order matters: whatever can refuse comes before the record says `running`, and from
 * then on the execution ends by `finishExecution` or by the journal's watchdog, never by nothing.
 */
import type { AuditActor } from '../../core/audit/entry.ts';
import { toTimestamp } from '../../core/clock.ts';
import type { RunResult, SecretVersion } from '../../core/functions-runtime/execute.ts';
import type { JsonValue } from '../../core/functions-runtime/json-text.ts';
import { DEFAULT_RUN_LIMITS, type RunLimits } from '../../core/functions-runtime/limits.ts';
import { DEFAULT_PERMISSIONS, type Permissions } from '../../core/functions-runtime/permissions.ts';
import { ok, type Result } from '../../core/result.ts';
import { randomBytes } from '../../http/request-context.ts';
import type { Turn } from '../../http/turns.ts';
import type { VersionRow } from '../functions/index.ts';
import { openSecretsForFunction } from '../secrets/index.ts';
import { CURRENT_RUNTIME, journalOf, type RunDeps } from './deps.ts';
import { createHost, egressPolicy } from './host.ts';
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
}

/** The version's own limits within the product's; the schema of functions bounds them. */
export const runLimitsOf = (version: VersionRow): RunLimits => ({
  fuel: version.limits.fuel ?? DEFAULT_RUN_LIMITS.fuel,
  memoryBytes: version.limits.memoryBytes ?? DEFAULT_RUN_LIMITS.memoryBytes,
});

export const permissionsOf = (version: VersionRow): Permissions => ({
  modules: (version.permissions.modules ?? DEFAULT_PERMISSIONS.modules) as Permissions['modules'],
  httpHosts: version.permissions.httpHosts ?? DEFAULT_PERMISSIONS.httpHosts,
});

/** Values of the secrets the version names; each use and each refused use is in the audit log before the code starts. */
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

export async function runCode(
  deps: RunDeps,
  subject: Subject,
  { turn, secrets }: { readonly turn: Turn; readonly secrets: readonly SecretVersion[] },
): Promise<Ran> {
  const { accountId, executionId, version } = subject;
  const startedAt = Date.now();
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
    permissions: permissionsOf(version),
    context: { functionId: version.functionId, accountId },
    host: createHost(egressPolicy(deps.settings), secrets),
    isCancelled: async () => {
      const asked = await journalOf(deps, accountId).isCancelRequested(executionId);
      return asked.ok && asked.value;
    },
  });
  return { result, secrets, salt: randomBytes(32), durationMs: Date.now() - startedAt };
}
