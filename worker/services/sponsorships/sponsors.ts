/**
 * The platform's wallets that pay for others, and which of them pays next: the one with the most
 * GAS that is not spoken for (money rule M8), so that several share the load. A balance is believed
 * when a quorum of nodes says the same at one height.
 */
import { readBalancesOfEach } from '../../chain/agreed-reading.ts';
import { senderName } from '../../chain/sender-steps/sender-name.ts';
import { decideBalance } from '../../core/neo-sender/free-gas.ts';
import type { SenderIdentity } from '../../core/neo-sender/intent.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { RequestContext } from '../../http/request-context.ts';
import type { Network } from '../chain/index.ts';
import { listPlatformWallets, type PlatformWalletRow } from '../vaults/index.ts';
import { LIMITS } from './limits.ts';
import { loadWaiting } from './store.ts';

export type SponsorDeps = Pick<RequestContext, 'env' | 'db' | 'now'>;

export interface Sponsor {
  readonly wallet: PlatformWalletRow;
  /** Datoshi that nothing else needs. */
  readonly free: bigint;
}

/** Of a sponsor, or of a wallet that signs for itself beside one. */
export const senderOf = ({ env }: Pick<RequestContext, 'env'>, sender: SenderIdentity) =>
  env.NEO_SENDER.getByName(senderName(sender));

/** Wallets that are not booked yet pay nothing: their fees would be no entry of any book (M10). */
export async function chooseSponsor(
  deps: SponsorDeps,
  network: Network,
): Promise<Result<Sponsor, 'chain.unavailable' | 'sponsorships.no_sponsor_funds'>> {
  const all = await listPlatformWallets(deps.db, network.settings.magic);
  const wallets = all.filter((one) => one.purpose === 'sponsor' && one.watchedHeight !== null);
  if (wallets.length === 0) return NO_FUNDS;
  const balances = await readBalances(network, wallets);
  if (balances === null) return err('chain.unavailable', { retryAfterSeconds: 1 });
  const ids = wallets.map(({ walletId }) => walletId);
  const [waiting, reserved] = await Promise.all([
    loadWaiting(deps.db, ids, deps.now),
    Promise.all(wallets.map((wallet) => reservedBy(deps, wallet))),
  ]);
  const sponsors = wallets.map((wallet, index): Sponsor => {
    const taken = (reserved[index] ?? 0n) + (waiting.get(wallet.walletId) ?? 0n);
    return { wallet, free: (balances[index] ?? 0n) - taken };
  });
  const [richest] = sponsors.toSorted((one, other) => (one.free < other.free ? 1 : -1));
  return richest === undefined || richest.free <= 0n ? NO_FUNDS : ok(richest);
}

export const NO_FUNDS = err('sponsorships.no_sponsor_funds', { retryAfterSeconds: 60 });

async function reservedBy(
  deps: SponsorDeps,
  { networkMagic, scriptHash }: PlatformWalletRow,
): Promise<bigint> {
  const stats = await senderOf(deps, { magic: networkMagic, account: scriptHash }).stats();
  return stats.value.reserved;
}

/**
 * In the order of the wallets; null where the nodes do not agree about all of them. Asked again while
 * they are a block apart, which they are for a moment with each block.
 */
async function readBalances(
  network: Network,
  wallets: readonly PlatformWalletRow[],
  tries = 1,
): Promise<readonly bigint[] | null> {
  const accounts = wallets.map(({ scriptHash }) => scriptHash);
  const readings = await readBalancesOfEach(network.client, accounts);
  const { quorum } = network.settings;
  const balances = wallets.flatMap((_wallet, index) => {
    const own = readings.map((one) => ({ ...one, datoshi: one.datoshi[index] ?? 0n }));
    return decideBalance(own, quorum)?.datoshi ?? [];
  });
  if (balances.length === wallets.length) return balances;
  if (tries === LIMITS.sponsorReadingsMax.value) return null;
  await new Promise((resolve) => {
    setTimeout(resolve, LIMITS.sponsorReadingPauseMs.value);
  });
  return readBalances(network, wallets, tries + 1);
}
