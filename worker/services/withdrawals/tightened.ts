/**
 * What leaves by itself leaves under the policy of the moment at which it is sent (money rule M16).
 * The attack: with a key for an hour, withdrawals are scheduled for next month; the owner notices
 * and tightens the policy, and each of them would still go. What members approved they approved as
 * it is, and it goes.
 */
import { decideWithdrawal } from '../../core/withdrawals/policy.ts';
import type { PayoutDeps } from './deps.ts';
import { givenBack, settle } from './ending.ts';
import { loadPolicy } from './policy-store.ts';
import type { PayoutRow } from './store.ts';

/** Of one that nothing was signed or asked for. True where the policy ended it: all comes back. */
export async function endIfTightened(deps: PayoutDeps, row: PayoutRow): Promise<boolean> {
  if (row.kind !== 'withdrawal' || row.threshold !== null) return false;
  const { recipient: to, amount } = row;
  const policy = await loadPolicy(deps.db, row);
  const decided = decideWithdrawal(policy, { to, amount: BigInt(amount), now: deps.now });
  if (decided.ok && !decided.value.needsApprovals) return false;
  const detail = decided.ok ? 'it would need approvals' : (decided.failure.detail ?? null);
  const decision = { status: 'rejected', reason: 'policy_tightened', detail } as const;
  await settle(deps, row, givenBack(row, decision));
  return true;
}
