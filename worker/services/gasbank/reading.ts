/** What is in a gas account, or was, and the entries of its book that moved it. */
import type { EntryPage } from '../../../durable-objects/account-ledger/rpc.ts';
import { toTimestamp } from '../../core/clock.ts';
import { formatGas } from '../../core/money.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { PageQuery } from '../../http/pagination.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { encodeSequenceCursor, parseSequenceCursor } from '../../http/sequence-cursor.ts';
import { balancesOf, ownBookOf, partsOf } from './balances.ts';
import type { GasAccountPlace } from './service.ts';
import { type GasAccountRow, loadGasAccount } from './store.ts';
import { toBalances, toEntry } from './views.ts';

export async function findPlaced(
  { db }: RequestContext,
  { accountId, gasAccountId }: GasAccountPlace,
): Promise<Result<GasAccountRow, 'request.not_found'>> {
  const row = await loadGasAccount(db, accountId, gasAccountId);
  return row ? ok(row) : err('request.not_found');
}

/** Its form was checked; years that no clock of ours has shown are taken for the first. */
export const timeOf = (text: string): number => Math.max(0, Date.parse(text));

export async function getBalance(
  context: RequestContext,
  place: GasAccountPlace,
  at: string | undefined,
) {
  const found = await findPlaced(context, place);
  if (!found.ok) return found;
  const row = found.value;
  const time = at === undefined ? undefined : timeOf(at);
  const isPast = time !== undefined && time < context.now;
  const balances = await balancesOf(context.env, row, isPast ? time : undefined);
  const body = {
    gasAccountId: row.gasAccountId,
    network: row.network,
    at: toTimestamp(isPast ? time : context.now),
    sequence: balances.entry,
    ...toBalances(balances),
    credits: {
      available: formatGas(balances.creditsAvailable),
      reserved: formatGas(balances.creditsReserved),
    },
  };
  return ok({ status: 200, body } as const);
}

export async function listEntries(
  context: RequestContext,
  place: GasAccountPlace,
  { cursor, limit }: PageQuery,
) {
  const before = parseSequenceCursor(cursor);
  if (!before.ok) return before;
  const found = await findPlaced(context, place);
  if (!found.ok) return found;
  const page = await readEntries(context, found.value, { before: before.value, limit });
  const items = page.items.map((entry) => toEntry(found.value, entry));
  const body = { items, nextCursor: encodeSequenceCursor(page.nextBefore) };
  return ok({ status: 200, body } as const);
}

export interface EntryQuery {
  readonly before: number | undefined;
  readonly limit: number;
}

export async function readEntries(
  { env }: RequestContext,
  row: GasAccountRow,
  { before, limit }: EntryQuery,
): Promise<EntryPage> {
  const page = await ownBookOf(env, row).entries({
    accounts: partsOf(row),
    limit,
    ...(before === undefined ? {} : { before }),
  });
  return page.value;
}
