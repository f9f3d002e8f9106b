/**
 * Begins to book the addresses of a network: the vault and every wallet of the platform (money rule
 * M10). First the follower is told, then what lies on each address is read at one height behind
 * that, so no event falls between; the reading is stored before the book is told of it, so a crash
 * repeats the very same command and no balance is opened twice. Every step can be done again; a
 * request begins it, the feed and the sweep go on with it.
 */
import { isNull } from 'drizzle-orm';
import { readAgreedBalance } from '../../chain/agreed-reading.ts';
import { assert } from '../../core/assert.ts';
import { PLATFORM } from '../../core/ledger/book.ts';
import { fromStored, toStored } from '../../core/money.ts';
import { NATIVE_CONTRACTS } from '../../core/neo/native-contracts.ts';
import type { ScriptHash } from '../../core/neo/script-hash.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { findBoundNetwork } from '../chain/index.ts';
import { executeCommand } from '../gasbank/index.ts';
import {
  listAllWallets,
  loadPlatformWallet,
  loadVault,
  type PlatformWalletRow,
  updatePlatformWallet,
  updateVault,
  type VaultRow,
} from './store.ts';
import { platformWallets, vaults } from './tables.ts';

/** What books the chain: a request has it, and so have the sweep and the follower's push. */
export type FeedDeps = Pick<RequestContext, 'env' | 'db' | 'settings' | 'log' | 'now'>;

export const SUBSCRIBER = 'gasbank';

/** Whether a follower's stream is the one that is booked here. */
export const isBooking = (subscriberId: string): boolean => subscriberId === SUBSCRIBER;

/** Everything of ours on a network, as it is booked now. */
export interface Watched {
  readonly vault: VaultRow;
  readonly wallets: readonly PlatformWalletRow[];
}

type Waiting = 'chain.network_unknown' | 'chain.unavailable' | 'follower.not_configured';

/** Ok when all of them are booked; a failure says what is waited for. */
export async function watchAll(deps: FeedDeps, magic: number): Promise<Result<Watched>> {
  const known = await loadOwn(deps, magic);
  if (known === undefined) return err('request.not_found');
  if (isComplete(known)) return ok(known);
  const { vault, wallets } = known;
  const from = await subscribe(deps, vault);
  if (!from.ok) return from;
  for (const place of [placeOfVault(deps, vault), ...wallets.map((row) => placeOf(deps, row))]) {
    const watched = await watchOne(deps, vault, place, from.value);
    if (!watched.ok) return watched;
  }
  const complete = await loadOwn(deps, magic);
  // A wallet that was made in between is the next run's.
  return complete && isComplete(complete) ? ok(complete) : err('chain.unavailable');
}

async function loadOwn({ db }: FeedDeps, magic: number): Promise<Watched | undefined> {
  const vault = await loadVault(db, magic);
  return vault && { vault, wallets: await listAllWallets(db, magic) };
}

const isComplete = ({ vault, wallets }: Watched): boolean =>
  vault.watchedHeight !== null && wallets.every(({ watchedHeight }) => watchedHeight !== null);

/**
 * From the block before the stream's end, so that both come in one stream from the beginning. Each
 * twice: the answer to the second is where the stream itself has it, behind any re-scan.
 */
async function subscribe(
  { env }: FeedDeps,
  { network, contract }: VaultRow,
): Promise<Result<number, Waiting>> {
  const follower = env.CHAIN_FOLLOWER.getByName(network);
  const status = await follower.status();
  if (!status.ok) return err('follower.not_configured');
  const { deliveredHeight } = status.value;
  let streamFrom = 0;
  for (const [source, eventName] of [
    [NATIVE_CONTRACTS.GasToken.hash, 'Transfer'],
    [contract, null],
  ] as const) {
    const wish = { subscriberId: SUBSCRIBER, contract: source, eventName };
    const before = await follower.subscribe({ ...wish, fromHeight: deliveredHeight });
    // Nothing was delivered since the checkpoint.
    if (!before.ok) await follower.subscribe({ ...wish, fromHeight: null });
    const stands = await follower.subscribe({ ...wish, fromHeight: null });
    if (!stands.ok) return err('chain.unavailable');
    streamFrom = Math.max(streamFrom, stands.value.fromHeight);
  }
  return ok(streamFrom);
}

interface Opening {
  readonly openingHeight: number | null;
  readonly opening: number | null;
  readonly watchedHeight: number | null;
}

/** An address whose row is one of two tables. */
interface Place {
  readonly account: ScriptHash;
  readonly row: Opening;
  /** Only where there is none yet; answers what stands then. */
  readonly saveOpening: (opening: Opening) => Promise<Opening | undefined>;
  readonly saveWatched: (height: number) => Promise<unknown>;
}

const placeOfVault = ({ db, now }: FeedDeps, row: VaultRow): Place => ({
  account: row.contract,
  row,
  saveOpening: async ({ opening, openingHeight }) => {
    const changes = { opening, openingHeight, updatedAt: now };
    await updateVault(db, row.networkMagic, changes, isNull(vaults.opening));
    return loadVault(db, row.networkMagic);
  },
  saveWatched: async (watchedHeight) =>
    updateVault(db, row.networkMagic, { watchedHeight, updatedAt: now }),
});

const placeOf = ({ db, now }: FeedDeps, row: PlatformWalletRow): Place => ({
  account: row.scriptHash,
  row,
  saveOpening: async ({ opening, openingHeight }) => {
    const changes = { opening, openingHeight, updatedAt: now };
    await updatePlatformWallet(db, row.walletId, changes, isNull(platformWallets.opening));
    return loadPlatformWallet(db, row.walletId);
  },
  saveWatched: async (watchedHeight) =>
    updatePlatformWallet(db, row.walletId, { watchedHeight, updatedAt: now }),
});

async function watchOne(
  deps: FeedDeps,
  vault: VaultRow,
  place: Place,
  streamFrom: number,
): Promise<Result<null>> {
  if (place.row.watchedHeight !== null) return ok(null);
  const opening = await openingOf(deps, vault, place, streamFrom);
  if (!opening.ok) return opening;
  const { height, datoshi } = opening.value;
  const book = { magic: vault.networkMagic, owner: PLATFORM };
  const booked = await executeCommand(deps.env, book, {
    kind: 'watch',
    id: `watch:${place.account}`,
    owner: 'chain',
    address: place.account,
    height,
    opening: datoshi,
  });
  if (!booked.ok) return booked;
  await place.saveWatched(height);
  return ok(null);
}

/** The first reading that is behind the beginning of the stream; never read again. */
async function openingOf(
  { settings }: FeedDeps,
  vault: VaultRow,
  { account, row, saveOpening }: Place,
  streamFrom: number,
): Promise<Result<{ readonly height: number; readonly datoshi: bigint }>> {
  let stored: Opening | undefined = row;
  if (row.opening === null) {
    const network = findBoundNetwork(settings, vault);
    if (!network.ok) return network;
    const { client, settings: facts } = network.value;
    const read = await readAgreedBalance({ client, quorum: facts.quorum }, account);
    if (read === null || read.height + 1 < streamFrom) return err('chain.unavailable');
    const opening = toStored(read.datoshi);
    stored = await saveOpening({ openingHeight: read.height, opening, watchedHeight: null });
  }
  const { openingHeight, opening } = stored ?? row;
  assert(openingHeight !== null && opening !== null, 'an opening balance has its height');
  return ok({ height: openingHeight, datoshi: fromStored(opening) });
}

/** After the answer; what fails or is not yet possible then, the feed and the sweep do. */
export function watchLater(context: RequestContext, magic: number): void {
  context.defer(watchAll(context, magic));
}
