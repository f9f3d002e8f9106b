/** What every execution is ordered with, whether it runs at once or is queued. */
import type {
  ExecutionOrder,
  IdempotencyClaim,
} from '../../../durable-objects/account-journal/rpc.ts';
import type { ExecutionQuota } from '../../core/executions/quota.ts';
import { actorOf, type RequestContext } from '../../http/request-context.ts';
import type { Quotas } from '../accounts/index.ts';
import type { VersionRow } from '../functions/index.ts';
import { runLimitsOf } from './attempt.ts';

/** A run may wait 30 s for the world, compute for a second, and be concluded: the lease covers all with room. */
export const RUN_LEASE_MS = 90_000;

export type Store = 'full' | 'receipt';

export const toExecutionQuota = (quotas: Quotas): ExecutionQuota => ({
  executionsPerMonth: quotas.monthlyExecutions,
  fuelPerMonth: quotas.monthlyFuel,
  concurrentExecutions: quotas.concurrentExecutions,
});

export const orderOf = (
  context: RequestContext,
  version: VersionRow,
  { executionId, store }: { readonly executionId: string; readonly store: Store },
): ExecutionOrder => ({
  executionId,
  functionId: version.functionId,
  versionId: version.versionId,
  store,
  actor: actorOf(context.principal),
  fuelMax: runLimitsOf(version).fuel,
  requestId: context.requestId,
  traceId: context.trace.traceId,
});

export const idempotencyOf = ({
  claim,
}: RequestContext): { readonly idempotency?: IdempotencyClaim } =>
  claim === undefined
    ? {}
    : { idempotency: { recordId: claim.recordId, fingerprint: claim.fingerprint } };
