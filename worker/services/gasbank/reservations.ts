/**
 * Reservations of the public operations: timed holds that end by capture, release or their time. The
 * book decides each step, once for its id; the audit line follows, so a crash between the two loses
 * at most the line until the caller asks again.
 */
import { toTimestamp } from '../../core/clock.ts';
import { encodeCursor, parseCursor } from '../../core/cursor.ts';
import type { Hold } from '../../core/ledger/hold.ts';
import { formatGas, parseGas } from '../../core/money.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { commit } from '../../http/commit.ts';
import type { PageQuery } from '../../http/pagination.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { findNetwork } from '../chain/index.ts';
import { bookOf, executeCommand } from './books.ts';
import { noteSpending } from './low-balance.ts';
import { listGasAccountsOf, loadGasAccount } from './store.ts';
import { termsOf } from './terms.ts';
import { toReservation } from './views.ts';

/** No service makes holds under it, and these operations name no other's (M7). */
const OWNER = 'reservations';

export interface ReservationRequest {
  readonly id: string;
  readonly gasAccountId: string;
  readonly amount: string;
  readonly purpose: string;
  readonly expiresInSeconds: number;
}

export async function createReservation(
  context: RequestContext,
  accountId: string,
  request: ReservationRequest,
) {
  const amount = parseGas(request.amount, '/amount');
  if (!amount.ok) return amount;
  const row = await loadGasAccount(context.db, accountId, request.gasAccountId);
  if (!row) return err('gasbank.fund_not_found', { detail: request.gasAccountId });
  const book = { magic: row.networkMagic, owner: accountId };
  const purpose = `${OWNER}.${request.purpose}`;
  const made = await executeCommand(context.env, book, {
    kind: 'reserve',
    owner: OWNER,
    id: request.id,
    ...termsOf(row),
    amount: amount.value,
    source: 'gas',
    until: { kind: 'timed', forMs: request.expiresInSeconds * 1_000 },
    purpose,
  });
  if (!made.ok) return made;
  const { at, expiresAt, available } = made.value;
  context.defer(noteSpending(context, row, available));
  const { gasAccountId, network } = row;
  const facts = { id: request.id, gasAccountId, amount: formatGas(amount.value), purpose };
  const body = {
    ...facts,
    service: OWNER,
    network,
    credits: '0',
    state: 'held' as const,
    createdAt: toTimestamp(at),
    expiresAt: expiresAt === null ? null : toTimestamp(expiresAt),
    endedAt: null,
  };
  return commit(context, {
    statements: [],
    accountId,
    target: { kind: 'gasAccount', id: gasAccountId },
    details: facts,
    answer: { status: 201, body },
  });
}

export async function listReservations(
  context: RequestContext,
  accountId: string,
  { network: id, cursor, limit }: PageQuery & { readonly network: string },
) {
  const after = cursor === undefined ? ok(undefined) : parseCursor(cursor);
  if (!after.ok) return after;
  const network = findNetwork(context.settings, id);
  if (!network.ok) return network;
  const { magic } = network.value.settings;
  const { value: page } = await bookOf(context.env, { magic, owner: accountId }).openHolds({
    limit,
    ...(after.value === undefined ? {} : { after: after.value }),
  });
  const names = await gasAccountsByFund(context, accountId, magic);
  const items = page.items.map((hold) =>
    toReservation(hold, {
      network: id,
      gasAccountId: names.get(hold.fund) ?? null,
      now: context.now,
    }),
  );
  const nextCursor = page.nextAfter === null ? null : encodeCursor(page.nextAfter);
  return ok({ status: 200, body: { items, nextCursor } } as const);
}

async function gasAccountsByFund({ db }: RequestContext, accountId: string, magic: number) {
  const rows = await listGasAccountsOf(db, accountId);
  const here = rows.filter(({ networkMagic }) => networkMagic === magic);
  return new Map(here.map(({ fund, gasAccountId }) => [fund, gasAccountId]));
}

export interface ReservationPlace {
  readonly accountId: string;
  readonly network: string;
  readonly reservationId: string;
}

interface Found {
  readonly magic: number;
  readonly hold: Hold;
  readonly gasAccountId: string | null;
}

async function findReservation(
  context: RequestContext,
  { accountId, network: id, reservationId }: ReservationPlace,
): Promise<Result<Found, 'chain.network_unknown' | 'request.not_found'>> {
  const network = findNetwork(context.settings, id);
  if (!network.ok) return network;
  const { magic } = network.value.settings;
  const book = bookOf(context.env, { magic, owner: accountId });
  const hold = await book.hold(OWNER, reservationId);
  if (!hold.ok) return err('request.not_found');
  const names = await gasAccountsByFund(context, accountId, magic);
  return ok({ magic, hold: hold.value, gasAccountId: names.get(hold.value.fund) ?? null });
}

export async function getReservation(context: RequestContext, place: ReservationPlace) {
  const found = await findReservation(context, place);
  if (!found.ok) return found;
  const { hold, gasAccountId } = found.value;
  const body = toReservation(hold, { network: place.network, gasAccountId, now: context.now });
  return ok({ status: 200, body } as const);
}

export async function captureReservation(
  context: RequestContext,
  place: ReservationPlace,
  request: { readonly amount?: string | undefined },
) {
  const amount = request.amount === undefined ? ok(undefined) : parseGas(request.amount, '/amount');
  if (!amount.ok) return amount;
  const found = await findReservation(context, place);
  if (!found.ok) return found;
  // What was held does not change, so the default is the same for every repetition.
  const taken = amount.value ?? found.value.hold.gas;
  return endReservation(context, place, { ...found.value, taken });
}

export async function releaseReservation(context: RequestContext, place: ReservationPlace) {
  const found = await findReservation(context, place);
  return found.ok ? endReservation(context, place, { ...found.value, taken: null }) : found;
}

interface Ending extends Found {
  /** Null gives all back. */
  readonly taken: bigint | null;
}

async function endReservation(
  context: RequestContext,
  { accountId, network, reservationId }: ReservationPlace,
  { magic, hold, gasAccountId, taken }: Ending,
) {
  const command = { owner: OWNER, hold: reservationId } as const;
  // No reservation has such an id: its form has no colon.
  const ended = await executeCommand(
    context.env,
    { magic, owner: accountId },
    taken === null
      ? { ...command, kind: 'release', id: `release:${reservationId}` }
      : { ...command, kind: 'capture', id: `capture:${reservationId}`, amount: taken },
  );
  if (!ended.ok) return ended;
  const state = taken === null ? 'released' : 'captured';
  const endedHold = { ...hold, state, endedAt: ended.value.at } as const;
  const body = toReservation(endedHold, { network, gasAccountId, now: context.now });
  return commit(context, {
    statements: [],
    accountId,
    target: { kind: 'gasAccount', id: gasAccountId ?? '' },
    details: { id: reservationId, network, state, amount: formatGas(taken ?? 0n) },
    answer: { status: 200, body },
  });
}
