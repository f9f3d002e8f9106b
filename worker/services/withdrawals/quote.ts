/**
 * What a withdrawal would cost and which way it would go, before anything is written. The fee is
 * simulated by a quorum with the very payment, since the recipient's code sets it (money rule M14).
 */
import type { VaultPayment } from '../../chain/contracts/gas-vault.ts';
import { toTimestamp } from '../../core/clock.ts';
import { formatGas, parseGas, toFact } from '../../core/money.ts';
import { parseAddress } from '../../core/neo/address.ts';
import { encodeHex } from '../../core/neo/hex.ts';
import type { ScriptHash } from '../../core/neo/script-hash.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { decideTurn } from '../../core/withdrawals/day-cap.ts';
import { decideFees, decideRest, feeOf, type ReleaseFees } from '../../core/withdrawals/fee.ts';
import { LIMITS } from '../../core/withdrawals/limits.ts';
import { onChainIdOf } from '../../core/withdrawals/on-chain-id.ts';
import { randomBytes } from '../../http/request-context.ts';
import { findBoundNetwork, type Network } from '../chain/index.ts';
import { type GasAccountRow, loadGasAccount } from '../gasbank/index.ts';
import type { PayoutDeps } from './deps.ts';
import { checkDestination } from './destinations.ts';
import { resolverOf } from './resolver-door.ts';
import { findPayingVault, type PayingVault, quotePayment, readVaultDay } from './vault-state.ts';

export type RouteName = 'vault' | 'resolver';

export interface AskedWithdrawal {
  readonly gasAccountId: string;
  readonly amount: string;
  readonly to: string;
  readonly route?: RouteName | undefined;
  readonly feeMax?: string | undefined;
}

export interface ParsedWithdrawal {
  readonly amount: bigint;
  readonly to: ScriptHash;
  readonly feeMax: bigint | null;
}

export function parseWithdrawal(
  asked: AskedWithdrawal,
): Result<ParsedWithdrawal, 'request.malformed' | 'withdrawals.amount_too_small'> {
  const amount = parseGas(asked.amount, '/amount');
  if (!amount.ok) return amount;
  const feeMax = asked.feeMax === undefined ? ok(null) : parseGas(asked.feeMax, '/feeMax');
  if (!feeMax.ok) return feeMax;
  const to = parseDestination(asked.to);
  if (!to.ok) return to;
  const enough = decideRest({ left: amount.value, least: BigInt(LIMITS.withdrawalMin.value) }, 0n);
  if (!enough.ok) return enough;
  return ok({ amount: enough.value, to: to.value, feeMax: feeMax.value });
}

export function parseDestination(address: string): Result<ScriptHash, 'request.malformed'> {
  const to = parseAddress(address);
  return to === null
    ? err('request.malformed', {
        fields: [{ pointer: '/to', detail: 'is not an address of Neo N3' }],
      })
    : ok(to);
}

/** M9: which pays, and for a vault which one; both are fixed with the row. */
export type Route =
  | { readonly name: 'vault'; readonly paying: PayingVault; readonly network: Network }
  | { readonly name: 'resolver'; readonly feeMax: bigint };

export async function findRoute(
  { db, settings }: PayoutDeps,
  bound: Pick<GasAccountRow, 'network' | 'networkMagic'>,
  wanted: RouteName | undefined,
): Promise<Result<Route>> {
  const network = findBoundNetwork(settings, bound);
  if (!network.ok) return network;
  const paying = await findPayingVault(db, bound.networkMagic);
  if (paying && wanted !== 'resolver') return ok({ name: 'vault', paying, network: network.value });
  const resolver = resolverOf(settings);
  return resolver && wanted !== 'vault'
    ? ok({ name: 'resolver', feeMax: resolver.feeMax })
    : err('withdrawals.route_unavailable');
}

export interface Quote {
  /** The most of each; together what is held beside the amount. */
  readonly fees: ReleaseFees;
  /** Null while it could be sent at once. */
  readonly etaAt: number | null;
}

export async function quoteRoute(
  deps: PayoutDeps,
  route: Route,
  payment: VaultPayment,
  feeMax: bigint | null,
): Promise<Result<Quote>> {
  if (route.name === 'resolver') return quoteResolver(route.feeMax, feeMax);
  const { network, paying } = route;
  const day = await readVaultDay(network, paying.vault.contract, payment.method);
  if (day === null) return err('chain.unavailable', { retryAfterSeconds: 1 });
  const { amount } = payment;
  if (amount > day.cap) return err('withdrawals.above_cap', { limit: toFact(day.cap) });
  const turn = decideTurn({ ...day, sending: 0n }, { ahead: 0n, amount, now: deps.now });
  const isNow = turn.kind === 'now' && !day.isPaused;
  const needed = isNow ? await quotePayment(network, paying, payment) : ok(null);
  if (!needed.ok) return needed;
  const fees = decideFees(needed.value, feeMax);
  if (!fees.ok) return fees;
  return ok({ fees: fees.value, etaAt: turn.kind === 'later' ? turn.etaAt : null });
}

/** What a resolver takes, it takes of this; the rest comes back. */
function quoteResolver(held: bigint, feeMax: bigint | null): Result<Quote> {
  if (feeMax !== null && held > feeMax)
    return err('withdrawals.fee_too_high', { limit: toFact(feeMax), observed: toFact(held) });
  return ok({ fees: { systemFee: held, networkFee: 0n }, etaAt: null });
}

/** Nothing is written: the id is of no withdrawal. */
export async function quoteWithdrawal(
  deps: PayoutDeps,
  accountId: string,
  asked: AskedWithdrawal,
): Promise<Result<{ readonly status: 200; readonly body: QuoteBody }>> {
  const parsed = parseWithdrawal(asked);
  if (!parsed.ok) return parsed;
  const { amount, to, feeMax } = parsed.value;
  const account = await loadGasAccount(deps.db, accountId, asked.gasAccountId);
  if (account?.status !== 'open') return err('gasbank.fund_not_found');
  const { network, networkMagic } = account;
  const allowed = await checkDestination(deps, { networkMagic, to });
  if (!allowed.ok) return allowed;
  const route = await findRoute(deps, account, asked.route);
  if (!route.ok) return route;
  const id = onChainIdOf({
    magic: networkMagic,
    vault: null,
    accountId,
    payoutId: encodeHex(randomBytes(16)),
  });
  const quote = await quoteRoute(deps, route.value, { method: 'release', id, to, amount }, feeMax);
  if (!quote.ok) return quote;
  const fee = feeOf(quote.value.fees);
  const { etaAt } = quote.value;
  const body = {
    network,
    networkMagic,
    route: route.value.name,
    amount: formatGas(amount),
    feeMax: formatGas(fee),
    total: formatGas(amount + fee),
    expectedAt: etaAt === null ? null : toTimestamp(etaAt),
  };
  return ok({ status: 200, body } as const);
}

export interface QuoteBody {
  readonly network: string;
  readonly networkMagic: number;
  readonly route: RouteName;
  readonly amount: string;
  readonly feeMax: string;
  readonly total: string;
  readonly expectedAt: string | null;
}
