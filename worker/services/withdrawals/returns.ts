/**
 * A deposit in suspense, sent back to whoever it came from (money rule M2). It is held in the
 * platform's own book and released as a withdrawal is; its fee comes off the amount. The row of the
 * deposit says `returning` in the batch that writes the return, so that it cannot be assigned too.
 */
import { sql } from 'drizzle-orm';
import { sha256Canonical } from '../../core/canonical-json.ts';
import { suspenseOf } from '../../core/ledger/book.ts';
import { toStored } from '../../core/money.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { decideRest, feeOf } from '../../core/withdrawals/fee.ts';
import { runBatch } from '../../db/batch.ts';
import { failedGuard, guard } from '../../db/guards.ts';
import { creatorOf, newId, type RequestContext } from '../../http/request-context.ts';
import { type DepositRow, findDeposit } from '../vaults/index.ts';
import { advanceSoon } from './advance.ts';
import { openingAt } from './create.ts';
import { checkDestination } from './destinations.ts';
import { open } from './opening.ts';
import { OF_PLATFORM, quoteRelease } from './platform-payout.ts';
import { feesOfReturns, insertPayout, type PayoutRow } from './store.ts';
import { toPayout } from './views.ts';

export async function returnDeposit(context: RequestContext, depositId: string, reason: string) {
  const deposit = await findDeposit(context.db, depositId);
  if (!deposit) return err('request.not_found');
  if (deposit.status !== 'suspense') return err('gasbank.not_in_suspense');
  const drafted = await draft(context, deposit, reason);
  if (!drafted.ok) return drafted;
  const written = await write(context, deposit, drafted.value);
  if (!written.ok) return written;
  const opened = await open(context, drafted.value, toPayout);
  if (!opened.ok) return opened;
  await advanceSoon(context, opened.value.row);
  return ok({ status: 201, body: opened.value.body } as const);
}

async function draft(
  context: RequestContext,
  deposit: DepositRow,
  reason: string,
): Promise<Result<PayoutRow>> {
  const { network, networkMagic, fromScriptHash: to } = deposit;
  if (to === null) return err('withdrawals.destination_refused', { detail: 'nobody sent it' });
  const payable = await checkDestination(context, { networkMagic, to });
  if (!payable.ok) return payable;
  const withdrawalId = newId('withdrawal', context.now);
  const whole = BigInt(deposit.amount) - (await feesOfReturns(context.db, deposit.depositId));
  // For the whole of it: what it costs does not fall with the amount.
  const release = { network, networkMagic, withdrawalId, amount: whole, to };
  const quoted = await quoteRelease(context, release);
  if (!quoted.ok) return quoted;
  const { vault, fees } = quoted.value;
  const rest = decideRest({ left: whole, least: 1n }, feeOf(fees));
  if (!rest.ok) return rest;
  const amount = rest.value;
  const named = { depositId: deposit.depositId, amount: amount.toString(), to };
  return ok({
    ...OF_PLATFORM,
    ...openingAt(context.now),
    withdrawalId,
    kind: 'return',
    requestId: `${deposit.depositId}.${String(deposit.revision)}`,
    requestDigest: sha256Canonical(named),
    depositId: deposit.depositId,
    fund: suspenseOf(deposit.chainKey),
    network,
    networkMagic,
    vault,
    recipient: to,
    amount: toStored(amount),
    systemFeeMax: Number(fees.systemFee),
    networkFeeMax: Number(fees.networkFee),
    intentHash: sha256Canonical({ ...named, withdrawalId }),
    note: reason,
    createdBy: creatorOf(context.principal),
  });
}

async function write(
  { env, db, now }: RequestContext,
  { depositId, revision }: DepositRow,
  row: PayoutRow,
): Promise<Result<null, 'gasbank.not_in_suspense'>> {
  try {
    await runBatch(env.DB, [
      guard(
        'state',
        sql`EXISTS (SELECT 1 FROM gasbank_deposits WHERE deposit_id = ${depositId}
          AND status = 'suspense' AND revision = ${revision})`,
      ),
      insertPayout(db, row).getSQL(),
      sql`UPDATE gasbank_deposits SET status = 'returning',
        revision = revision + 1, updated_at = ${now} WHERE deposit_id = ${depositId}`,
    ]);
    return ok(null);
  } catch (thrown) {
    if (failedGuard(thrown) !== 'state') throw thrown;
    return err('gasbank.not_in_suspense');
  }
}
