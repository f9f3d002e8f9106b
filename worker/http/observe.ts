/**
 * What is told of every request: one log line and the counters. Ids go to the log only, never into
 * metric labels.
 */
import type { Context } from 'hono';
import type { ErrorCode } from '../core/errors.ts';
import { isId } from '../core/ids.ts';
import { createMetrics, metricsHubs } from './metrics.ts';
import type { Opening } from './open-request.ts';
import { actorOf, randomBytes } from './request-context.ts';

/** The counters of this isolate; other parts count what they do here too. */
export const metrics = createMetrics();

export interface Observed {
  readonly operation: string;
  readonly status: number;
  readonly code: ErrorCode | undefined;
  readonly accountId: string | undefined;
}

export function recordRequest(context: Context, opening: Opening, observed: Observed): void {
  const actor = actorOf(opening.principal());
  const durationMs = Date.now() - opening.now;
  const { operation, status } = observed;
  metrics.recordRequest({ operation, status, durationMs });
  if (observed.code === 'request.rate_limited')
    metrics.count('nsl_rate_limited_total', { policy: opening.rate.policy });
  metrics.flushIfDue(
    { now: opening.now, hubFor: metricsHubs(opening.env), random: randomBytes },
    (work) => context.executionCtx.waitUntil(work),
  );
  opening.log[observed.status >= 500 ? 'error' : 'info']('request', {
    operation: observed.operation,
    status: observed.status,
    outcome: observed.code ?? 'ok',
    durationMs,
    actor: `${actor.kind}:${actor.id}`,
    // Before anybody was asked who they are it is any text of a path, as long as one may be.
    account: isId('account', observed.accountId ?? '') ? observed.accountId : undefined,
  });
}
