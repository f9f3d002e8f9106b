/**
 * GAS that moved, as the events of one follower's stream say it. A payment into the vault is read
 * with the `Deposit` that the vault raised for it: GAS notifies the transfer, then calls the vault,
 * which raises its event and nothing in between, so among what concerns the vault each belongs to
 * the transfer right before it. An event of that name of any other contract is nobody's deposit.
 */
import type { ChainEvent } from '../chain-follower/event.ts';
import { NATIVE_CONTRACTS } from '../neo/native-contracts.ts';
import type { ScriptHash } from '../neo/script-hash.ts';
import { toTokenTransfer } from '../neo/vm/notification.ts';
import type { StackItem } from '../neo/vm/stack-item.ts';
import { decodeStackItem } from '../neo/vm/stack-item-bytes.ts';
import { asBigInt, asHash160, asList, isNull } from '../neo/vm/stack-item-values.ts';

export interface GasMove {
  readonly event: ChainEvent;
  /** Null for what was minted. */
  readonly from: ScriptHash | null;
  /** Null for what was burned. */
  readonly to: ScriptHash | null;
  readonly amount: bigint;
  /** What the vault says of it; null for any other move, and where it says nothing. */
  readonly deposit: Deposit | null;
}

export interface Deposit {
  readonly from: ScriptHash | null;
  readonly amount: bigint;
  readonly data: Uint8Array | null;
}

export type GasMoves =
  | { readonly ok: true; readonly moves: readonly GasMove[] }
  /** A transfer of GAS that cannot be read: to leave it out would be to lose money. */
  | { readonly ok: false; readonly eventId: string };

const GAS = NATIVE_CONTRACTS.GasToken.hash;

export function readGasMoves(events: readonly ChainEvent[], vault: ScriptHash): GasMoves {
  const moves: GasMove[] = [];
  /** Of the payment into the vault that still waits for its event. */
  let open: number | null = null;
  for (const event of events) {
    if (isDeposit(event, vault)) {
      const paid = open === null ? undefined : moves[open];
      if (open !== null && paid?.event.transaction === event.transaction)
        moves[open] = { ...paid, deposit: agreeing(paid, readDeposit(event)) };
      open = null;
    } else if (event.contract === GAS && event.eventName === 'Transfer') {
      const transfer = toTokenTransfer({ ...event, state: stateOf(event) });
      if (transfer === null) return { ok: false, eventId: event.id };
      const { from, to, amount } = transfer;
      moves.push({ event, from, to, amount, deposit: null });
      if (to === vault) open = moves.length - 1;
    }
  }
  return { ok: true, moves };
}

/**
 * How many of these events can be read by themselves, while more are to come: what belongs together
 * is in one transaction, and a payment stays with what the vault will say of it.
 */
export function countWhole(events: readonly ChainEvent[], vault: ScriptHash): number {
  const last = events.at(-1);
  if (last === undefined) return 0;
  const start = events.findLastIndex((event) => !isSameContainer(event, last)) + 1;
  if (start > 0) return start;
  // One transaction with more events than a page has.
  const isPaid = isPaymentTo(last, vault);
  return isPaid && events.length > 1 ? events.length - 1 : events.length;
}

const isSameContainer = (one: ChainEvent, other: ChainEvent): boolean =>
  one.blockHash === other.blockHash &&
  one.transaction === other.transaction &&
  one.trigger === other.trigger;

const isDeposit = ({ contract, eventName }: ChainEvent, vault: ScriptHash): boolean =>
  contract === vault && eventName === 'Deposit';

const isPaymentTo = (event: ChainEvent, vault: ScriptHash): boolean =>
  event.contract === GAS && toTokenTransfer({ ...event, state: stateOf(event) })?.to === vault;

/** The attack: an event of the vault that is not of this payment lends it its data. */
const agreeing = (paid: GasMove, deposit: Deposit | null): Deposit | null =>
  deposit?.from === paid.from && deposit.amount === paid.amount ? deposit : null;

function readDeposit(event: ChainEvent): Deposit | null {
  const [fromItem, amountItem, dataItem, ...more] = stateOf(event) ?? [];
  if (!fromItem || !amountItem || !dataItem || more.length > 0) return null;
  const from = asHash160(fromItem);
  const amount = asBigInt(amountItem);
  if (amount === null || (from === null && !isNull(fromItem))) return null;
  if (isNull(dataItem)) return { from, amount, data: null };
  return dataItem.type === 'ByteString' ? { from, amount, data: dataItem.value } : null;
}

function stateOf({ state }: ChainEvent): readonly StackItem[] | null {
  const decoded = state && decodeStackItem(state);
  return decoded?.ok ? asList(decoded.value) : null;
}
