/**
 * The platform's wallets that pay for others, and which of them pays next: the one with the most
 * GAS that is not spoken for (money rule M8), so that several share the load. A balance is believed
 * when a quorum of nodes says the same at one height.
 */
import { rpcSenderEndpoint } from '../../chain/sender-steps/rpc-endpoint.ts';
import { senderName } from '../../chain/sender-steps/sender-name.ts';
import type { ScriptHash } from '../../core/neo/script-hash.ts';
import { type BalanceReading, decideBalance } from '../../core/neo-sender/free-gas.ts';
import type { SenderIdentity } from '../../core/neo-sender/intent.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { RequestContext } from '../../http/request-context.ts';
import type { Network } from '../chain/index.ts';
import { listPlatformWallets, type PlatformWalletRow } from '../vaults/index.ts';
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
  const ids = wallets.map(({ walletId }) => walletId);
  const [waiting, balances] = await Promise.all([
    loadWaiting(deps.db, ids, deps.now),
    Promise.all(wallets.map((wallet) => freeBySender(deps, network, wallet))),
  ]);
  const sponsors = wallets
    .map(
      (wallet, index): Sponsor => ({
        wallet,
        free: (balances[index] ?? 0n) - (waiting.get(wallet.walletId) ?? 0n),
      }),
    )
    .toSorted((one, other) => (one.free < other.free ? 1 : -1));
  const [richest] = sponsors;
  return richest === undefined || richest.free <= 0n ? NO_FUNDS : ok(richest);
}

export const NO_FUNDS = err('sponsorships.no_sponsor_funds', { retryAfterSeconds: 60 });

/** Null where the nodes do not agree: another wallet pays, or nobody. */
async function freeBySender(
  deps: SponsorDeps,
  network: Network,
  { networkMagic, scriptHash }: PlatformWalletRow,
): Promise<bigint | null> {
  const [readings, stats] = await Promise.all([
    readBalances(network, scriptHash),
    senderOf(deps, { magic: networkMagic, account: scriptHash }).stats(),
  ]);
  const balance = decideBalance(readings, network.settings.quorum);
  return balance === null || !stats.ok ? null : balance.datoshi - stats.value.reserved;
}

async function readBalances(
  { client }: Network,
  account: ScriptHash,
): Promise<readonly BalanceReading[]> {
  const readings = await Promise.all(
    client.endpoints.map(async (name) => {
      const endpoint = rpcSenderEndpoint(client, name);
      const height = await endpoint.height();
      const datoshi = await endpoint.gasBalance(account);
      const isStill = height !== null && height === (await endpoint.height());
      return isStill && datoshi !== null ? { endpoint: name, height, datoshi } : null;
    }),
  );
  return readings.flatMap((reading) => reading ?? []);
}
