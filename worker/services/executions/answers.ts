/**
 * The answer to who asked for one execution: 201 with an ended one, 202 with one to poll. The same key again gets the
 * execution that the first request made, read as it is now.
 */
import type { ExistingExecutions } from '../../../durable-objects/account-journal/rpc.ts';
import { err, ok } from '../../core/result.ts';
import { journalOf, type RunDeps } from './deps.ts';
import { type Execution, toExecution } from './views.ts';

export const answerOf = (
  accountId: string,
  body: Execution,
  status: 201 | 202,
  headers: Readonly<Record<string, string>> = {},
) => {
  const location = `/accounts/${accountId}/executions/${body.id}`;
  return { status, body, headers: { location, ...headers } } as const;
};

/** An execution whose actions are still under way has not ended. */
export const endStatus = ({ endedAt }: Execution): 201 | 202 => (endedAt === null ? 202 : 201);

export async function readAnswer(
  context: RunDeps,
  accountId: string,
  { existing, mode }: { readonly existing: ExistingExecutions; readonly mode: 'sync' | 'async' },
) {
  const [first] = existing.executions;
  if (!first) return err('internal.error');
  const detail = await journalOf(context, accountId).getExecution(first.id);
  if (!detail.ok) return detail;
  const body = toExecution(detail.value);
  const status = mode === 'async' ? 202 : endStatus(body);
  return ok(answerOf(accountId, body, status, { 'idempotency-replayed': 'true' }));
}
