/**
 * What a wallet moves in a transaction that somebody else pays for and sends. It counts in the days
 * of the wallet like its own, in the same turn, so that no limit is passed beside it (money rule
 * M16); fees are the other's. It ends when the other's sender has told what became of it.
 */
import { assert } from '../../worker/core/assert.ts';
import { decodeUnsigned } from '../../worker/core/neo/transaction/transaction.ts';
import { decideLeave } from '../../worker/core/neo-sender/leave.ts';
import { ok, type Result } from '../../worker/core/result.ts';
import { dayOf } from '../../worker/core/wallets/wallet-policy.ts';
import type { EndBeside, SpendBeside } from './rpc.ts';
import { take } from './spendings.ts';
import type { Turn } from './turn.ts';

/** Once for an id; a wallet that moves nothing is asked for its leave each time. */
export function spendBeside(
  { stores: { spendings }, now }: Turn,
  { id, wallet, transaction, leave }: SpendBeside,
): Result<null, 'sender.policy_refused' | 'sender.approvals_required'> {
  if (spendings.listOf(id).length > 0) return ok(null);
  const decoded = decodeUnsigned(transaction);
  assert(decoded.ok, 'a transaction that its service made');
  const spent = spendings.loadDay(dayOf(now));
  const spends = decideLeave({ leave, wallet, transaction: decoded.value, spent, now });
  if (!spends.ok) return spends;
  const { day, amounts } = spends.value;
  const rows = [...amounts].map(
    ([token, amount]) => ({ day, token, part: 'amount', amount }) as const,
  );
  take(
    spendings,
    id,
    rows.filter(({ amount }) => amount > 0n),
  );
  return ok(null);
}

/** The rows go with what they give back, so it is given back once. */
export function endBeside({ stores: { spendings } }: Turn, { id, isMoved }: EndBeside): void {
  if (!isMoved) for (const spending of spendings.listOf(id)) spendings.subtract(spending);
  spendings.removeOf(id);
}
