/** Transactions as they are read: the row, and what the sender knows beyond it. */

import { err, ok } from '../../core/result.ts';
import type { TransactionStatus } from '../../core/transactions/status.ts';
import { closePage, openPage, type PageQuery } from '../../http/pagination.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { viewOf } from './senders.ts';
import { listTransactionRows, loadTransaction, type TransactionPlace } from './store.ts';
import { toSummary, toTransaction } from './views.ts';

export async function getTransaction(context: RequestContext, place: TransactionPlace) {
  const known = await loadTransaction(context.db, place);
  if (!known) return err('request.not_found');
  const body = toTransaction(known, await viewOf(context, known.row));
  return ok({ status: 200, body } as const);
}

export async function listTransactions(
  context: RequestContext,
  accountId: string,
  query: PageQuery & {
    readonly status?: TransactionStatus | undefined;
    readonly walletId?: string | undefined;
    readonly network?: string | undefined;
  },
) {
  const page = openPage(query);
  if (!page.ok) return page;
  const rows = await listTransactionRows(context.db, {
    accountId,
    status: query.status,
    walletId: query.walletId,
    network: query.network,
    before: page.value.after,
    limit: page.value.rows,
  });
  const body = closePage(rows, query.limit, {
    keyOf: ({ transactionId }) => transactionId,
    toItem: toSummary,
  });
  return ok({ status: 200, body } as const);
}
