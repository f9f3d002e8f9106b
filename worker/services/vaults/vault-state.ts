/** What operators read of vaults: the row, the chain by the word of one node, and the book. */
import { gas } from '../../chain/contracts/gas.ts';
import { gasVault } from '../../chain/contracts/gas-vault.ts';
import { readAll } from '../../chain/invoker.ts';
import {
  available,
  CLEARING,
  chainOf,
  DEPOSITS,
  EQUITY,
  inTransit,
  PLATFORM,
} from '../../core/ledger/book.ts';
import { formatGas } from '../../core/money.ts';
import { err, ok } from '../../core/result.ts';
import { toEtag } from '../../http/etag.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { findBoundNetwork, findNetwork } from '../chain/index.ts';
import { bookOf } from '../gasbank/index.ts';
import { listVaultRows, loadVault, type VaultRow } from './store.ts';
import { toVault } from './views.ts';
import { SUBSCRIBER } from './watching.ts';

export async function listVaults({ db }: RequestContext) {
  const rows = await listVaultRows(db);
  return ok({ status: 200, body: { items: rows.map(toVault) } } as const);
}

export async function getVault(context: RequestContext, networkId: string) {
  const network = findNetwork(context.settings, networkId);
  if (!network.ok) return network;
  const row = await loadVault(context.db, network.value.settings.magic);
  if (!row) return err('request.not_found');
  const [chain, book, followed] = await Promise.all([
    readChain(context, row),
    readBook(context, row),
    readFollowed(context, row),
  ]);
  const body = { ...toVault(row), ...followed, chain, book };
  return ok({ status: 200 as const, body, etag: toEtag(row.revision) });
}

async function readChain({ settings }: RequestContext, row: VaultRow) {
  const network = findBoundNetwork(settings, row);
  if (!network.ok) return null;
  const vault = gasVault(row.contract);
  const read = await readAll<readonly [boolean, bigint, bigint, bigint, bigint, bigint]>(
    network.value.client,
    [
      vault.isPaused(),
      vault.releaseCap(),
      vault.releasedToday(),
      vault.refillCap(),
      vault.refilledToday(),
      gas.balanceOf(row.contract),
    ],
  );
  if (read.kind !== 'value') return null;
  const [isPaused, releaseCap, releasedToday, refillCap, refilledToday, balance] = read.value;
  return {
    isPaused,
    releaseCap: formatGas(releaseCap),
    releasedToday: formatGas(releasedToday),
    refillCap: formatGas(refillCap),
    refilledToday: formatGas(refilledToday),
    balance: formatGas(balance),
  };
}

async function readBook({ env }: RequestContext, { networkMagic, contract }: VaultRow) {
  const accounts = [
    chainOf(contract),
    available(EQUITY),
    available(CLEARING),
    inTransit(DEPOSITS),
  ] as const;
  const book = bookOf(env, { magic: networkMagic, owner: PLATFORM });
  const read = await book.balances({ accounts, limit: accounts.length });
  const [vault, equity, clearing, deposits] = read.value.items;
  return {
    // The chain's side of the book: less than nothing is what lies there.
    vault: formatGas(-(vault?.balance ?? 0n)),
    equity: formatGas(equity?.balance ?? 0n),
    clearing: formatGas(clearing?.balance ?? 0n),
    deposits: formatGas(deposits?.balance ?? 0n),
  };
}

async function readFollowed({ env }: RequestContext, { network }: VaultRow) {
  const follower = env.CHAIN_FOLLOWER.getByName(network);
  const [status, stream] = await Promise.all([follower.status(), follower.subscriber(SUBSCRIBER)]);
  return {
    followedHeight: status.ok ? status.value.deliveredHeight : null,
    pendingEvents: stream.ok ? stream.value.pending : null,
  };
}
