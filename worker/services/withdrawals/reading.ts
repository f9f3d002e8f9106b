/** Withdrawals as they are read. */
import { err, ok } from '../../core/result.ts';
import type { PayoutStatus } from '../../core/withdrawals/status.ts';
import { closePage, openPage, type PageQuery } from '../../http/pagination.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { listAttemptRows, listPayouts, loadWithdrawal, type WithdrawalPlace } from './store.ts';
import { toAttempt, toSummary, toWithdrawal } from './views.ts';

export async function getWithdrawal({ db }: RequestContext, place: WithdrawalPlace) {
  const known = await loadWithdrawal(db, place);
  return known ? ok({ status: 200, body: toWithdrawal(known) } as const) : err('request.not_found');
}

export async function listWithdrawals(
  { db }: RequestContext,
  accountId: string,
  query: PageQuery & {
    readonly status?: PayoutStatus | undefined;
    readonly gasAccountId?: string | undefined;
    readonly network?: string | undefined;
  },
) {
  const page = openPage(query);
  if (!page.ok) return page;
  const { status, gasAccountId, network } = query;
  const rows = await listPayouts(db, {
    accountId,
    status,
    gasAccountId,
    network,
    before: page.value.after,
    limit: page.value.rows,
  });
  const body = closePage(rows, query.limit, {
    keyOf: ({ withdrawalId }) => withdrawalId,
    toItem: toSummary,
  });
  return ok({ status: 200, body } as const);
}

export async function listAttempts({ db }: RequestContext, place: WithdrawalPlace) {
  const attempts = await listAttemptRows(db, place);
  if (attempts === undefined) return err('request.not_found');
  return ok({ status: 200, body: { items: attempts.map(toAttempt) } } as const);
}
