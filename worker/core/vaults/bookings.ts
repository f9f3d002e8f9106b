/**
 * Where every datoshi goes that touches an address of ours (money rule M10): the one entry that a
 * move makes in the platform's book. Moves between two of ours change hands and no owner; a fee is
 * burned from the operator's own; what comes to the vault belongs to whom its data names, and what
 * names nobody lies in suspense, as does what nodes contradict each other about (M5).
 */

import { isId } from '../ids.ts';
import type { ChainEntry } from '../ledger/commands.ts';
import type { ScriptHash } from '../neo/script-hash.ts';
import type { GasMove } from './gas-moves.ts';

export interface OwnPlaces {
  readonly vault: ScriptHash;
  /** All of ours with the block whose end their opening balance is of. */
  readonly watched: ReadonlyMap<ScriptHash, number>;
  /** Whose GAS to a wallet of ours is the operator's own. */
  readonly funding: ReadonlySet<ScriptHash>;
}

/** Why a deposit lies in suspense; a word for programs. */
export type SuspenseReason =
  | 'contradicted'
  | 'no_event_of_the_vault'
  | 'sender_unknown'
  | 'account_unknown'
  | 'account_of_another_network'
  | 'account_closed'
  | 'wallet_payment';

/** Whom a payment into the vault is for: still to be looked up. */
export type Claim =
  | { readonly kind: 'gas account'; readonly gasAccountId: string }
  /** Without data: of whoever has verified this wallet (M18). */
  | { readonly kind: 'wallet'; readonly account: ScriptHash };

type Sides = Pick<ChainEntry, 'direction' | 'address' | 'counterparty'>;

export type Booking =
  | (Sides & { readonly kind: 'decided'; readonly destination: 'equity' | 'clearing' | null })
  | (Sides & { readonly kind: 'suspense'; readonly reason: SuspenseReason })
  | (Sides & { readonly kind: 'claimed'; readonly claim: Claim });

/** Null for a move that changes nothing of ours. */
export function bookingOf(move: GasMove, places: OwnPlaces): Booking | null {
  const { from, to, amount } = move;
  if (amount === 0n || from === to) return null;
  const isFrom = isBooked(move, places, from);
  const isTo = isBooked(move, places, to);
  if (from !== null && isFrom)
    return isTo
      ? decided({ direction: 'internal', address: from, counterparty: to }, null)
      : outgoing({ direction: 'out', address: from, counterparty: to }, places);
  return to !== null && isTo ? incoming(move, { address: to, from }, places) : null;
}

/** What came up to the block of its opening balance is in that. */
function isBooked({ event }: GasMove, { watched }: OwnPlaces, account: ScriptHash | null): boolean {
  const since = account === null ? undefined : watched.get(account);
  return since !== undefined && event.height > since;
}

const decided = (sides: Sides, destination: 'equity' | 'clearing' | null): Booking => ({
  kind: 'decided',
  ...sides,
  destination,
});

/** What the vault pays to strangers are withdrawals; wallets pay fees, and for the operator. */
function outgoing(sides: Sides, { vault, watched }: OwnPlaces): Booking {
  const { address, counterparty } = sides;
  const isOwn = counterparty === null || watched.has(counterparty as ScriptHash);
  return decided(sides, address === vault && !isOwn ? 'clearing' : 'equity');
}

function incoming(
  move: GasMove,
  { address, from }: { readonly address: ScriptHash; readonly from: ScriptHash | null },
  { vault, watched, funding }: OwnPlaces,
): Booking {
  const sides = { direction: 'in', address, counterparty: from } as const;
  const suspense = (reason: SuspenseReason): Booking => ({ kind: 'suspense', ...sides, reason });
  if (move.event.isContradicted) return suspense('contradicted');
  // Of ours, and not booked by then: the opening balance of the one is what the other still had.
  if (from !== null && watched.has(from)) return decided(sides, 'equity');
  if (address !== vault)
    return from !== null && funding.has(from)
      ? decided(sides, 'equity')
      : suspense('wallet_payment');
  if (move.deposit === null) return suspense('no_event_of_the_vault');
  const { data } = move.deposit;
  if (data === null)
    return from === null
      ? suspense('sender_unknown')
      : { kind: 'claimed', ...sides, claim: { kind: 'wallet', account: from } };
  const gasAccountId = toGasAccountId(data);
  return gasAccountId === null
    ? suspense('account_unknown')
    : { kind: 'claimed', ...sides, claim: { kind: 'gas account', gasAccountId } };
}

function toGasAccountId(data: Uint8Array): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data);
    return isId('gasAccount', text) ? text : null;
  } catch {
    return null; // The decoder's only error is: not UTF-8.
  }
}
