/**
 * Loosening what binds a gas account is governed by the account's wallet policy (money rule M16).
 * That the policy is the one decided under is a condition of the batch, so that one which becomes
 * active is not passed by.
 */
import type { SQL } from 'drizzle-orm';
import { formatGasTerms, type GasTerms } from '../../core/ledger/gas-terms.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { guard } from '../../db/guards.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { deleteApprovals, requireGovernance } from '../workspace-wallets/index.ts';
import type { GasAccountRow } from './store.ts';

interface Change {
  readonly terms: GasTerms;
  readonly loosened: readonly (keyof GasTerms)[];
}

/**
 * What the batch of a change holds besides it. Every change takes the approvals of the account away:
 * one that was given before a theft was noticed must not undo the tightening that answered it.
 */
export async function decideLoosening(
  context: RequestContext,
  { accountId, gasAccountId }: GasAccountRow,
  { terms, loosened }: Change,
): Promise<Result<readonly SQL[], 'wallets.approvals_required'>> {
  if (loosened.length === 0) return ok([deleteApprovals(accountId)]);
  const governed = await requireGovernance(context, accountId, {
    operation: 'gasbank.loosenGasAccount',
    gasAccountId,
    terms: formatGasTerms(terms),
  });
  if (governed.ok) return ok([guard('state', governed.value.still), ...governed.value.statements]);
  const fields = loosened.map((part) => ({ pointer: `/${part}`, detail: 'lets more leave' }));
  return err('wallets.approvals_required', { ...governed.failure, fields });
}
