/**
 * The chain's way into the platform's book: the follower's stream in its order, whole transactions,
 * one entry for every move of GAS that touches an address of ours (money rule M10). What is booked
 * is then told in D1, by what the book decided and not by what would be decided today (M2), and
 * only then acknowledged; so a crash anywhere repeats and changes nothing. What the book refuses
 * stops the feed, seen by operators: nothing is ever skipped.
 */
import { isNull, lte, or } from 'drizzle-orm';
import type {
  DeliveredEvent,
  SubscriberView,
} from '../../../durable-objects/chain-follower/rpc.ts';
import { assertNever } from '../../core/assert.ts';
import { LIMITS as FOLLOWER } from '../../core/chain-follower/limits.ts';
import { PLATFORM } from '../../core/ledger/book.ts';
import type { ChainEntry, Destination } from '../../core/ledger/commands.ts';
import type { Failure } from '../../core/result.ts';
import { type Booking, bookingOf, type SuspenseReason } from '../../core/vaults/bookings.ts';
import { countWhole, type GasMove, readGasMoves } from '../../core/vaults/gas-moves.ts';
import { executeCommand } from '../gasbank/index.ts';
import { decideClaim } from './claims.ts';
import { recordDeposit } from './deposit-records.ts';
import { LIMITS } from './limits.ts';
import { listVaultRows, updateVault, type VaultRow } from './store.ts';
import { vaults } from './tables.ts';
import { type FeedDeps, SUBSCRIBER, type Watched, watchAll } from './watching.ts';

/** One bounded run for the vault of a network; the next one goes on. */
export async function bookChainEvents(deps: FeedDeps, networkId: string): Promise<void> {
  const rows = (await listVaultRows(deps.db)).filter(({ network }) => network === networkId);
  for (const vault of rows) await bookVault(deps, vault);
}

async function bookVault(deps: FeedDeps, { network, networkMagic }: VaultRow): Promise<void> {
  const follower = deps.env.CHAIN_FOLLOWER.getByName(network);
  // First what is to come, then whether it is all there: later blocks cannot be taken for it.
  const status = await follower.status();
  const stream = await follower.subscriber(SUBSCRIBER);
  const isDrained = await drain(deps, network, networkMagic);
  if (!isDrained || !status.ok || !stream.ok) return;
  const height = givenHeight(stream.value, status.value.deliveredHeight);
  if (height !== null) await noteBooked(deps, networkMagic, height);
}

/** Up to which the stream had all there is; null while a re-scan may still bring something. */
function givenHeight({ openScans, catchUpHeight }: SubscriberView, delivered: number) {
  if (catchUpHeight === null) return openScans === 0 ? delivered : null;
  return openScans === 1 ? Math.min(delivered, catchUpHeight - 1) : null;
}

/** True when nothing that was there is left. */
async function drain(deps: FeedDeps, network: string, magic: number): Promise<boolean> {
  const follower = deps.env.CHAIN_FOLLOWER.getByName(network);
  for (let page = 0; page < LIMITS.feedPagesMax.value; page += 1) {
    const read = await follower.readEvents({
      subscriberId: SUBSCRIBER,
      limit: FOLLOWER.followerPageEventsMax.value,
    });
    // After the page: an address that is not known by now was of nobody's knowledge in its blocks.
    const watched = await watchAll(deps, magic);
    if (!watched.ok) {
      deps.log.warn('gasbank.feed_waits', { network, code: watched.failure.code });
      return false;
    }
    if (!read.ok) return false;
    const { events, hasMore } = read.value;
    const { contract } = watched.value.vault;
    const whole = hasMore ? events.slice(0, countWhole(events, contract)) : events;
    if (!(await bookAll(deps, watched.value, whole))) return false;
    const last = whole.at(-1);
    if (last) await follower.acknowledge({ subscriberId: SUBSCRIBER, position: last.position });
    if (!hasMore) return true;
  }
  return false;
}

async function bookAll(
  deps: FeedDeps,
  own: Watched,
  events: readonly DeliveredEvent[],
): Promise<boolean> {
  const { vault, wallets } = own;
  const read = readGasMoves(events, vault.contract);
  if (!read.ok) {
    deps.log.error('gasbank.feed_stopped', { network: vault.network, event: read.eventId });
    return false;
  }
  const places = {
    vault: vault.contract,
    watched: new Map([
      [vault.contract, vault.watchedHeight ?? 0],
      ...wallets.map(({ scriptHash, watchedHeight }) => [scriptHash, watchedHeight ?? 0] as const),
    ]),
    funding: new Set(vault.funding),
  };
  for (const move of read.moves) {
    const booking = bookingOf(move, places);
    if (booking === null) continue;
    const failure = await book(deps, vault, move, booking);
    if (failure === null) continue;
    const { id } = move.event;
    const { code, detail } = failure;
    deps.log.error('gasbank.feed_stopped', { network: vault.network, event: id, code, detail });
    return false;
  }
  return true;
}

interface Placed {
  readonly destination: Destination | null;
  readonly reason: SuspenseReason | null;
}

/** Why it could not be booked; null when it is. */
async function book(
  deps: FeedDeps,
  vault: VaultRow,
  move: GasMove,
  booking: Booking,
): Promise<Failure | null> {
  const { event, amount } = move;
  const { direction, address, counterparty } = booking;
  const { destination, reason } = await placeOf(deps, vault, move, booking);
  const entry: ChainEntry = {
    kind: 'chain_entry',
    id: event.id,
    owner: 'chain',
    height: event.height,
    address,
    direction,
    counterparty,
    amount,
    destination,
    ...(reason === null ? {} : { note: reason }),
  };
  const platform = { magic: vault.networkMagic, owner: PLATFORM };
  const booked = await executeCommand(deps.env, platform, entry);
  // It is in the opening balance.
  if (!booked.ok) return booked.failure.code === 'gasbank.before_watch' ? null : booked.failure;
  const decided = booked.value.destination;
  if (direction === 'in' && decided !== null && decided !== 'equity')
    await recordDeposit(deps, { vault, move, decided, reason });
  return null;
}

async function placeOf(
  { db }: FeedDeps,
  { networkMagic: magic }: VaultRow,
  { event }: GasMove,
  booking: Booking,
): Promise<Placed> {
  switch (booking.kind) {
    case 'decided':
      return {
        destination: booking.destination === null ? null : { kind: booking.destination },
        reason: null,
      };
    case 'suspense':
      return { destination: { kind: 'suspense' }, reason: booking.reason };
    case 'claimed':
      return {
        reason: null,
        ...(await decideClaim(db, { claim: booking.claim, magic, time: event.blockTimeMs })),
      };
    default:
      return assertNever(booking);
  }
}

/** A checkpoint at a height has to know every address as it was then. */
async function noteBooked(deps: FeedDeps, magic: number, height: number): Promise<void> {
  const watched = await watchAll(deps, magic);
  if (!watched.ok) return;
  const { vault, wallets } = watched.value;
  const since = [vault, ...wallets].map(({ watchedHeight }) => watchedHeight ?? 0);
  if (height < Math.max(vault.bookedHeight ?? 0, ...since)) return;
  await updateVault(
    deps.db,
    magic,
    { bookedHeight: height, updatedAt: deps.now },
    notBeyond(height),
  );
}

/** Two runs may end in either order. */
const notBeyond = (height: number) =>
  or(isNull(vaults.bookedHeight), lte(vaults.bookedHeight, height));
