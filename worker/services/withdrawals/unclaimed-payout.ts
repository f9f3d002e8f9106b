/**
 * What a deleted account has left, paid out by an operator (money rule M17). It is held in the
 * platform's book and released as a withdrawal is, under the request's own id. A stolen operator
 * token shall not send it anywhere: while wallets are remembered that the owner had verified, one of
 * them is paid; without any, whom the operator names. Who it was and why stays in the audit log.
 */
import { sha256Canonical } from '../../core/canonical-json.ts';
import { PLATFORM, unclaimedOf } from '../../core/ledger/book.ts';
import { parseGas, toStored } from '../../core/money.ts';
import type { ScriptHash } from '../../core/neo/script-hash.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { feeOf } from '../../core/withdrawals/fee.ts';
import { decidePayee, decidePayout } from '../../core/withdrawals/unclaimed.ts';
import { runBatch } from '../../db/batch.ts';
import { failedUnique } from '../../db/guards.ts';
import { creatorOf, newId, type RequestContext } from '../../http/request-context.ts';
import { advanceSoon } from './advance.ts';
import { openingAt } from './create.ts';
import { checkDestination } from './destinations.ts';
import { open } from './opening.ts';
import { OF_PLATFORM, quoteRelease } from './platform-payout.ts';
import { parseDestination } from './quote.ts';
import { type AskedRow, findOrWrite } from './same-request.ts';
import { insertPayout, type PayoutRow } from './store.ts';
import { findUnclaimed, type Unclaimed, type UnclaimedPlace } from './unclaimed.ts';
import { toPayout } from './views.ts';

export interface UnclaimedRequest {
  /** The operator's own, for this account: the same one again is the same payout. */
  readonly id: string;
  readonly to: string;
  /** GAS; what is left after the fee, if absent. */
  readonly amount?: string | undefined;
  readonly reason: string;
}

export async function payUnclaimed(
  context: RequestContext,
  place: UnclaimedPlace,
  request: UnclaimedRequest,
) {
  const unclaimed = await findUnclaimed(context, place);
  if (!unclaimed.ok) return unclaimed;
  const parsed = parse(request);
  if (!parsed.ok) return parsed;
  const { network } = unclaimed.value;
  const { deletedAccountId: accountId } = place;
  const asked = {
    accountId: PLATFORM,
    networkMagic: network.settings.magic,
    requestId: `${accountId}.${request.id}`,
    requestDigest: digestOf(accountId, request, parsed.value),
  };
  const payout = { ...parsed.value, accountId, asked, unclaimed: unclaimed.value };
  const row = await findOrWrite(context.db, asked, () => write(context, payout, request.reason));
  if (!row.ok) return row;
  if (row.value.status !== 'opening')
    return ok({ status: 200, body: toPayout(row.value) } as const);
  const opened = await open(context, row.value, toPayout);
  if (!opened.ok) return opened;
  await advanceSoon(context, opened.value.row);
  return ok({ status: opened.value.status, body: opened.value.body } as const);
}

interface Parsed {
  readonly to: ScriptHash;
  /** Datoshi; null for all that is left. */
  readonly amount: bigint | null;
}

function parse({ to: address, amount: text }: UnclaimedRequest): Result<Parsed> {
  const amount = text === undefined ? ok(null) : parseGas(text, '/amount');
  if (!amount.ok) return amount;
  const to = parseDestination(address);
  return to.ok ? ok({ to: to.value, amount: amount.value }) : to;
}

const digestOf = (
  accountId: string,
  { id, reason }: UnclaimedRequest,
  { to, amount }: Parsed,
): string =>
  sha256Canonical({
    accountId,
    id,
    reason,
    to,
    amount: amount === null ? null : amount.toString(),
  });

interface Payout extends Parsed {
  readonly accountId: string;
  readonly asked: AskedRow;
  readonly unclaimed: Unclaimed;
}

async function write(
  context: RequestContext,
  payout: Payout,
  reason: string,
): Promise<Result<PayoutRow>> {
  const drafted = await draft(context, payout, reason);
  if (!drafted.ok) return drafted;
  try {
    await runBatch(context.env.DB, [insertPayout(context.db, drafted.value).getSQL()]);
    return drafted;
  } catch (thrown) {
    // The same id at the same time, and the other one was first.
    if (failedUnique(thrown) === undefined) throw thrown;
    return err('request.precondition_failed');
  }
}

async function draft(
  context: RequestContext,
  { accountId, asked, to, amount: wanted, unclaimed }: Payout,
  note: string,
): Promise<Result<PayoutRow>> {
  const { id: network, magic: networkMagic } = unclaimed.network.settings;
  const { payees, available: left } = unclaimed;
  const payee = decidePayee(to, payees);
  if (!payee.ok) return payee;
  const payable = await checkDestination(context, { networkMagic, to });
  if (!payable.ok) return payable;
  // Before anybody is asked what it costs: the fee only makes it less.
  const whole = decidePayout({ wanted, left }, 0n);
  if (!whole.ok) return whole;
  const withdrawalId = newId('withdrawal', context.now);
  const release = { network, networkMagic, withdrawalId, amount: whole.value, to };
  const quoted = await quoteRelease(context, release);
  if (!quoted.ok) return quoted;
  const { vault, fees } = quoted.value;
  const amount = decidePayout({ wanted, left }, feeOf(fees));
  if (!amount.ok) return amount;
  const named = { withdrawalId, accountId, amount: amount.value.toString(), to };
  return ok({
    ...OF_PLATFORM,
    ...openingAt(context.now),
    ...asked,
    withdrawalId,
    kind: 'unclaimed',
    fund: unclaimedOf(accountId),
    network,
    vault,
    recipient: to,
    amount: toStored(amount.value),
    systemFeeMax: Number(fees.systemFee),
    networkFeeMax: Number(fees.networkFee),
    intentHash: sha256Canonical(named),
    note,
    createdBy: creatorOf(context.principal),
  });
}
