/** What operators decide where nodes contradict each other; its sender applies it (money rule M5). */

import { parseHash256 } from '../../core/neo/hash256.ts';
import type { VmState } from '../../core/neo/vm/execution.ts';
import type { ResolveCommand } from '../../core/neo-sender/commands.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { commit } from '../../http/commit.ts';
import { closePage, openPage, type PageQuery } from '../../http/pagination.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { senderOf } from './senders.ts';
import { findTransaction, type ListedTransaction, listDisputedRows } from './store.ts';
import { afterTold, toldByView } from './told.ts';
import { toSummary } from './views.ts';

export async function listDisputed({ db }: RequestContext, query: PageQuery) {
  const page = openPage(query);
  if (!page.ok) return page;
  const rows = await listDisputedRows(db, page.value.after, page.value.rows);
  const body = closePage(rows, query.limit, {
    keyOf: ({ transactionId }) => transactionId,
    toItem: toDisputed,
  });
  return ok({ status: 200, body } as const);
}

const toDisputed = (row: ListedTransaction) => ({ ...toSummary(row), accountId: row.accountId });

export interface ResolveRequest {
  readonly resolution: 'observe' | 'expired' | 'included';
  readonly included?:
    | {
        readonly attempt: number;
        readonly blockIndex: number;
        readonly blockHash: string;
        readonly vmState: VmState;
      }
    | undefined;
  readonly reason: string;
}

export async function resolveDisputed(
  context: RequestContext,
  transactionId: string,
  request: ResolveRequest,
) {
  const resolution = parseResolution(request);
  if (!resolution.ok) return resolution;
  const row = await findTransaction(context.db, transactionId);
  if (!row) return err('request.not_found');
  const resolved = await senderOf(context, row).resolve({
    id: transactionId,
    detail: request.reason,
    resolution: resolution.value,
  });
  if (!resolved.ok) return resolved;
  // The row follows by the event that its sender has stored; the answer is ahead of it.
  const told = toldByView(resolved.value);
  return commit(context, {
    statements: [],
    accountId: row.accountId,
    target: { kind: 'transaction', id: transactionId },
    details: { ...request },
    answer: { status: 200, body: toDisputed(afterTold(row, told)) },
  });
}

function parseResolution({
  resolution,
  included,
}: ResolveRequest): Result<ResolveCommand['resolution'], 'request.malformed'> {
  if (resolution !== 'included')
    return included === undefined
      ? ok({ kind: resolution })
      : malformed('/included', 'has no place in this resolution');
  if (included === undefined) return malformed('/included', 'is needed');
  const blockHash = parseHash256(included.blockHash);
  if (blockHash === null) return malformed('/included/blockHash', 'is no hash');
  // Nobody voted: what the operator saw of its notifications is not asked.
  return ok({
    kind: 'included',
    inclusion: { ...included, blockHash, notificationsDigest: '' },
  });
}

const malformed = (pointer: string, detail: string) =>
  err('request.malformed', { fields: [{ pointer, detail }] });
