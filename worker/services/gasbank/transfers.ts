/**
 * Transfers between gas accounts of one book. The book decides each, once for its id; the audit line
 * follows it, so a crash between the two loses at most the line until the caller asks again.
 */
import { toTimestamp } from '../../core/clock.ts';
import { formatGas, parseGas } from '../../core/money.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { commit } from '../../http/commit.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { executeCommand } from './books.ts';
import { noteSpending } from './low-balance.ts';
import { type GasAccountRow, loadGasAccount } from './store.ts';
import { termsOf } from './terms.ts';

const OWNER = 'transfers';

export interface TransferRequest {
  readonly id: string;
  readonly fromGasAccountId: string;
  readonly toGasAccountId: string;
  readonly amount: string;
}

export async function createTransfer(
  context: RequestContext,
  accountId: string,
  request: TransferRequest,
) {
  const amount = parseGas(request.amount, '/amount');
  if (!amount.ok) return amount;
  const sides = await loadSides(context, accountId, request);
  if (!sides.ok) return sides;
  const { from, to } = sides.value;
  const book = { magic: from.networkMagic, owner: accountId };
  const done = await executeCommand(context.env, book, {
    kind: 'transfer',
    owner: OWNER,
    id: request.id,
    ...termsOf(from),
    toFund: to.fund,
    amount: amount.value,
  });
  if (!done.ok) return done;
  const { at, lastEntry, available } = done.value;
  context.defer(noteSpending(context, from, available));
  const facts = {
    id: request.id,
    network: from.network,
    fromGasAccountId: from.gasAccountId,
    toGasAccountId: to.gasAccountId,
    amount: formatGas(amount.value),
  };
  return commit(context, {
    statements: [],
    accountId,
    target: { kind: 'gasAccount', id: from.gasAccountId },
    details: facts,
    answer: { status: 201, body: { ...facts, at: toTimestamp(at), sequence: lastEntry } },
  });
}

async function loadSides(
  { db }: RequestContext,
  accountId: string,
  { fromGasAccountId, toGasAccountId }: TransferRequest,
): Promise<
  Result<
    { readonly from: GasAccountRow; readonly to: GasAccountRow },
    'gasbank.fund_not_found' | 'request.malformed'
  >
> {
  const refuse = (detail: string) =>
    err('request.malformed', { fields: [{ pointer: '/toGasAccountId', detail }] });
  if (fromGasAccountId === toGasAccountId) return refuse('is the same gas account');
  const from = await loadGasAccount(db, accountId, fromGasAccountId);
  if (!from) return err('gasbank.fund_not_found', { detail: fromGasAccountId });
  const to = await loadGasAccount(db, accountId, toGasAccountId);
  if (!to) return err('gasbank.fund_not_found', { detail: toGasAccountId });
  if (from.networkMagic !== to.networkMagic) return refuse('is on another network');
  return ok({ from, to });
}
