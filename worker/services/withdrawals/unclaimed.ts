/**
 * GAS that deleted accounts have left (money rule M17): it lies in the platform's book, by account,
 * and is its owners' still.
 */
import { encodeCursor } from '../../core/cursor.ts';
import { available, PLATFORM, reserved, unclaimedOf } from '../../core/ledger/book.ts';
import { formatGas } from '../../core/money.ts';
import { encodeAddress, parseAddress } from '../../core/neo/address.ts';
import type { ScriptHash } from '../../core/neo/script-hash.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { openPage, type PageQuery } from '../../http/pagination.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { findNetwork, type Network } from '../chain/index.ts';
import { bookOf } from '../gasbank/index.ts';
import { listVerifiedNeo } from '../workspace-wallets/index.ts';

type Reading = Pick<RequestContext, 'env' | 'db' | 'settings'>;

export interface UnclaimedPlace {
  readonly network: string;
  readonly deletedAccountId: string;
}

/** What stands before the id of the account in the names of their funds. */
const FUNDS = available(unclaimedOf(''));

const platformBook = ({ env }: Pick<Reading, 'env'>, { settings }: Network) =>
  bookOf(env, { magic: settings.magic, owner: PLATFORM });

export async function listUnclaimed(
  context: Reading,
  query: PageQuery & { readonly network: string },
) {
  const network = findNetwork(context.settings, query.network);
  if (!network.ok) return network;
  const page = openPage(query);
  if (!page.ok) return page;
  const { value: read } = await platformBook(context, network.value).balances({
    after: `${FUNDS}${page.value.after ?? ''}`,
    limit: query.limit,
  });
  const found = read.items.filter(({ account }) => account.startsWith(FUNDS));
  const items = found.map(({ account, balance }) => ({
    id: account.slice(FUNDS.length),
    ...placeOf(network.value),
    available: formatGas(balance),
  }));
  const last = items.at(-1);
  // They are in the order of their names: one of another kind ends them.
  const isWhole = read.nextAfter === null || found.length < read.items.length;
  const nextCursor = isWhole || last === undefined ? null : encodeCursor(last.id);
  return ok({ status: 200, body: { items, nextCursor } } as const);
}

const placeOf = ({ settings }: Network) => ({ network: settings.id, networkMagic: settings.magic });

export interface Unclaimed {
  readonly network: Network;
  /** Datoshi. */
  readonly available: bigint;
  /** Held for payouts under way. */
  readonly reserved: bigint;
  /** Accounts whose wallets the owner had verified: only they are paid, while there are any. */
  readonly payees: readonly ScriptHash[];
}

export async function findUnclaimed(
  context: Reading,
  { network: id, deletedAccountId }: UnclaimedPlace,
): Promise<Result<Unclaimed, 'chain.network_unknown' | 'request.not_found'>> {
  const network = findNetwork(context.settings, id);
  if (!network.ok) return network;
  const book = platformBook(context, network.value);
  const fund = unclaimedOf(deletedAccountId);
  const accounts = [available(fund), reserved(fund)];
  const [entries, balances, addresses] = await Promise.all([
    book.entries({ accounts, limit: 1 }),
    book.balances({ accounts, limit: accounts.length }),
    listVerifiedNeo(context.db, deletedAccountId),
  ]);
  if (entries.value.items.length === 0) return err('request.not_found');
  const [left, held] = balances.value.items;
  return ok({
    network: network.value,
    available: left?.balance ?? 0n,
    reserved: held?.balance ?? 0n,
    payees: addresses.flatMap((address) => parseAddress(address) ?? []),
  });
}

export async function getUnclaimed(context: Reading, place: UnclaimedPlace) {
  const found = await findUnclaimed(context, place);
  if (!found.ok) return found;
  const { network, available: left, reserved: held, payees } = found.value;
  const body = {
    id: place.deletedAccountId,
    ...placeOf(network),
    available: formatGas(left),
    reserved: formatGas(held),
    payees: payees.map(encodeAddress),
  };
  return ok({ status: 200, body } as const);
}
