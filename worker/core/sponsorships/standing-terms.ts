/**
 * Whether the terms of a policy pay for a transaction as it stands (money rules M16, M21). Asked
 * again with the signature of the user: what was tightened since the transaction was prepared counts
 * at once, or whoever prepares early has ten minutes of the terms that a theft has ended.
 */
import { toFact } from '../money.ts';
import type { UnsignedTransaction } from '../neo/transaction/transaction.ts';
import { err, ok, type Result } from '../result.ts';
import type { SponsorshipTerms } from './policy.ts';
import { checkSponsoredScript, checkUserScopes } from './script.ts';

/** Precedence: the script, the scopes of the users, the fees. The sponsor is the first signer. */
export function checkStandingTerms(
  { script, signers, systemFee, networkFee }: UnsignedTransaction,
  { contracts, feeMax }: SponsorshipTerms,
): Result<null> {
  const calls = checkSponsoredScript(script, contracts);
  if (!calls.ok) return calls;
  for (const { scopes } of signers.slice(1)) {
    const reach = checkUserScopes(scopes, contracts);
    if (!reach.ok) return reach;
  }
  return checkCost(systemFee + networkFee, feeMax);
}

export const checkCost = (
  cost: bigint,
  feeMax: bigint,
): Result<null, 'sponsorships.fee_above_policy'> =>
  cost > feeMax
    ? err('sponsorships.fee_above_policy', { limit: toFact(feeMax), observed: toFact(cost) })
    : ok(null);
