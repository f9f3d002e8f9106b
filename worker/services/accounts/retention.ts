/**
 * How long an account keeps its executions: its own wish within the operator's maximum, held by its
 * journal.
 */
import { toTimestamp } from '../../core/clock.ts';
import type { RetentionPolicy } from '../../core/executions/retention.ts';
import { ok } from '../../core/result.ts';
import { actorOf, type RequestContext } from '../../http/request-context.ts';

export async function setRetention(
  context: RequestContext,
  accountId: string,
  wanted: Partial<RetentionPolicy>,
) {
  const days = context.settings.RETENTION_DAYS_MAX;
  const bytes = context.settings.RETENTION_BYTES_MAX;
  const journal = context.env.ACCOUNT_JOURNAL.getByName(accountId);
  const decided = await journal.setRetention({
    wanted,
    operatorMaximum: {
      ...(days === undefined ? {} : { journalDays: days, outputDays: days }),
      ...(bytes === undefined ? {} : { journalBytes: bytes, outputBytes: bytes }),
    },
    audit: {
      at: toTimestamp(context.now),
      actor: actorOf(context.principal),
      operation: context.operationId,
      outcome: 'ok',
      target: { kind: 'account', id: accountId },
      requestId: context.requestId,
      traceId: context.trace.traceId,
      details: { ...wanted },
    },
  });
  return decided.ok ? ok({ status: 200, body: { ...decided.value } } as const) : decided;
}
