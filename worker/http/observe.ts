/** What is told of every request: one log line and the counters. Ids go to the log only, never into metric labels. */
import type { Context } from 'hono';
import type { ErrorCode } from '../core/errors.ts';
import type { Opening } from './open-request.ts';
import { actorOf } from './request-context.ts';

export interface Observed {
  readonly operation: string;
  readonly status: number;
  readonly code: ErrorCode | undefined;
  readonly accountId: string | undefined;
}

export function recordRequest(_context: Context, opening: Opening, observed: Observed): void {
  const actor = actorOf(opening.principal());
  const durationMs = Date.now() - opening.now;
  opening.log[observed.status >= 500 ? 'error' : 'info']('request', {
    operation: observed.operation,
    status: observed.status,
    outcome: observed.code ?? 'ok',
    durationMs,
    actor: `${actor.kind}:${actor.id}`,
    account: observed.accountId,
  });
}
