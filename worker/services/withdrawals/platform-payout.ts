/** What returns, refills and payouts of unclaimed GAS have in common: the platform's book pays them. */
import { PLATFORM } from '../../core/ledger/book.ts';
import type { ScriptHash } from '../../core/neo/script-hash.ts';
import { ok, type Result } from '../../core/result.ts';
import type { ReleaseFees } from '../../core/withdrawals/fee.ts';
import { onChainIdOf } from '../../core/withdrawals/on-chain-id.ts';
import { NOT_SENT } from './create.ts';
import type { PayoutDeps } from './deps.ts';
import { quoteRoute, type Route } from './quote.ts';

/** Nobody approves it, nothing schedules it, and the vault alone pays it. */
export const OF_PLATFORM = {
  ...NOT_SENT,
  accountId: PLATFORM,
  gasAccountId: null,
  route: 'vault',
  threshold: null,
  approvers: [],
  expiresAt: null,
  scheduledAt: null,
  etaAt: null,
} as const;

export interface PlatformRelease {
  readonly route: Extract<Route, { readonly name: 'vault' }>;
  readonly withdrawalId: string;
  /** Datoshi. */
  readonly amount: bigint;
  readonly to: ScriptHash;
}

export async function quoteRelease(
  deps: PayoutDeps,
  { route, withdrawalId, amount, to }: PlatformRelease,
): Promise<Result<ReleaseFees>> {
  const { network, paying } = route;
  const id = onChainIdOf({
    magic: network.settings.magic,
    vault: paying.vault.contract,
    accountId: PLATFORM,
    payoutId: withdrawalId,
  });
  const quote = await quoteRoute(deps, route, { method: 'release', id, to, amount }, null);
  return quote.ok ? ok(quote.value.fees) : quote;
}
