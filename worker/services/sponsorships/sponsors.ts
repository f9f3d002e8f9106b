/**
 * The platform's wallets that pay for others, and which of them pays next: the one with the most
 * GAS that is not spoken for (money rule M8), so that several share the load. A balance is believed
 * when a quorum of nodes says the same at one height. What else a draft needs of the chain comes
 * with the same answers.
 */
import { type FeeReading, readFeesOfEach } from '../../chain/fee-reading.ts';
import { senderName } from '../../chain/sender-steps/sender-name.ts';
import { decideBalance, provenHeight } from '../../core/neo-sender/free-gas.ts';
import type { SenderIdentity } from '../../core/neo-sender/intent.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { RequestContext } from '../../http/request-context.ts';
import type { Network } from '../chain/index.ts';
import type { PlatformWalletRow } from '../vaults/index.ts';
import { LIMITS } from './limits.ts';
import { loadWaiting } from './store.ts';

export type SponsorDeps = Pick<RequestContext, 'env' | 'db' | 'now'>;

export interface Sponsor {
  readonly wallet: PlatformWalletRow;
  /** Datoshi that nothing else needs. */
  readonly free: bigint;
}

/** What the nodes said when the sponsor was chosen. */
export interface Chosen {
  readonly sponsor: Sponsor;
  /** The network has reached it (M5). */
  readonly height: number;
  readonly readings: readonly FeeReading[];
}

/** Of a sponsor, or of a wallet that signs for itself beside one. */
export const senderOf = ({ env }: Pick<RequestContext, 'env'>, sender: SenderIdentity) =>
  env.NEO_SENDER.getByName(senderName(sender));

/**
 * Of the active wallets of the platform. Those that are not booked yet pay nothing: their fees would
 * be no entry of any book (M10).
 */
export async function chooseSponsor(
  deps: SponsorDeps,
  network: Network,
  all: readonly PlatformWalletRow[],
): Promise<Result<Chosen, 'chain.unavailable' | 'sponsorships.no_sponsor_funds'>> {
  const wallets = all.filter((one) => one.purpose === 'sponsor' && one.watchedHeight !== null);
  if (wallets.length === 0) return NO_FUNDS;
  const ids = wallets.map(({ walletId }) => walletId);
  const [fortunes, waiting, reserved] = await Promise.all([
    readFortunes(network, wallets),
    loadWaiting(deps.db, ids, deps.now),
    Promise.all(wallets.map((wallet) => reservedBy(deps, wallet))),
  ]);
  if (fortunes === null) return err('chain.unavailable', { retryAfterSeconds: 1 });
  const { balances, height, readings } = fortunes;
  const sponsors = wallets.map((wallet, index): Sponsor => {
    const taken = (reserved[index] ?? 0n) + (waiting.get(wallet.walletId) ?? 0n);
    return { wallet, free: (balances[index] ?? 0n) - taken };
  });
  const [richest] = sponsors.toSorted((one, other) => (one.free < other.free ? 1 : -1));
  if (richest === undefined || richest.free <= 0n) return NO_FUNDS;
  return ok({ sponsor: richest, height, readings });
}

export const NO_FUNDS = err('sponsorships.no_sponsor_funds', { retryAfterSeconds: 60 });

async function reservedBy(
  deps: SponsorDeps,
  { networkMagic, scriptHash }: PlatformWalletRow,
): Promise<bigint> {
  const sender = senderOf(deps, { magic: networkMagic, account: scriptHash });
  return (await sender.reserved()).value;
}

interface Fortunes extends Pick<Chosen, 'height' | 'readings'> {
  /** In the order of the wallets. */
  readonly balances: readonly bigint[];
}

/**
 * Null where the nodes do not agree about all of them. Asked again while they are a block apart,
 * which they are for a moment with each block.
 */
async function readFortunes(
  network: Network,
  wallets: readonly PlatformWalletRow[],
  tries = 1,
): Promise<Fortunes | null> {
  const accounts = wallets.map(({ scriptHash }) => scriptHash);
  const readings = await readFeesOfEach(network.client, accounts);
  const { quorum } = network.settings;
  const balances = wallets.flatMap((_wallet, index) => {
    const own = readings.map((one) => ({ ...one, datoshi: one.balances[index] ?? 0n }));
    return decideBalance(own, quorum)?.datoshi ?? [];
  });
  const height = provenHeight(readings, quorum);
  if (height !== null && balances.length === wallets.length) return { height, readings, balances };
  if (tries === LIMITS.sponsorReadingsMax.value) return null;
  await new Promise((resolve) => {
    setTimeout(resolve, LIMITS.sponsorReadingPauseMs.value);
  });
  return readFortunes(network, wallets, tries + 1);
}
