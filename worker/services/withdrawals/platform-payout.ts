/** What returns, refills and payouts of unclaimed GAS have in common: the platform's book pays them. */
import { PLATFORM } from '../../core/ledger/book.ts';
import type { ScriptHash } from '../../core/neo/script-hash.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { ReleaseFees } from '../../core/withdrawals/fee.ts';
import { onChainIdOf } from '../../core/withdrawals/on-chain-id.ts';
import { NOT_SENT } from './create.ts';
import type { PayoutDeps } from './deps.ts';
import { findRoute, quoteRoute } from './quote.ts';

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

interface PlatformRelease {
  readonly network: string;
  readonly networkMagic: number;
  readonly withdrawalId: string;
  /** Datoshi. */
  readonly amount: bigint;
  readonly to: ScriptHash;
}

/** By the vault of the network, which is told with what it takes. */
export async function quoteRelease(
  deps: PayoutDeps,
  { network, networkMagic, withdrawalId, amount, to }: PlatformRelease,
): Promise<Result<{ readonly vault: ScriptHash; readonly fees: ReleaseFees }>> {
  const route = await findRoute(deps, { network, networkMagic }, 'vault');
  if (!route.ok) return route;
  if (route.value.name !== 'vault') return err('withdrawals.route_unavailable');
  const vault = route.value.paying.vault.contract;
  const id = onChainIdOf({
    magic: networkMagic,
    vault,
    accountId: PLATFORM,
    payoutId: withdrawalId,
  });
  const payment = { method: 'release', id, to, amount } as const;
  const quote = await quoteRoute(deps, route.value, payment, null);
  return quote.ok ? ok({ vault, fees: quote.value.fees }) : quote;
}
