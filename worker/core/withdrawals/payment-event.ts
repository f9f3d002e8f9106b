/**
 * What the vault said it paid (money rule M3): one event of the very contract, equal in id, account
 * and amount. Another contract may raise an event of any name, and a recipient's code runs inside
 * of the transaction; a run that faulted paid nothing, whatever it lists.
 */
import type { ScriptHash } from '../neo/script-hash.ts';
import { effectiveNotifications, type RunOutcome } from '../neo/vm/execution.ts';
import type { Notification } from '../neo/vm/notification.ts';
import { asBigInt, asBytes, asHash160 } from '../neo/vm/stack-item-values.ts';

export interface ExpectedPayment {
  readonly vault: ScriptHash;
  readonly method: 'release' | 'refill';
  readonly id: Uint8Array;
  readonly to: ScriptHash;
  readonly amount: bigint;
}

const EVENT_OF = { release: 'Released', refill: 'Refilled' } as const;
const EVENTS: ReadonlySet<string> = new Set(Object.values(EVENT_OF));

/** `differs`: the vault paid something else, more than once, or nothing. */
export function judgePayment(run: RunOutcome, expected: ExpectedPayment): 'equal' | 'differs' {
  const payments = effectiveNotifications(run).filter(
    ({ contract, eventName }) => contract === expected.vault && EVENTS.has(eventName),
  );
  const [payment, ...more] = payments;
  const isEqual = payment !== undefined && more.length === 0 && isSame(payment, expected);
  return isEqual ? 'equal' : 'differs';
}

function isSame({ eventName, state }: Notification, expected: ExpectedPayment): boolean {
  const [id, to, amount, ...more] = state ?? [];
  if (!id || !to || !amount || more.length > 0) return false;
  return (
    eventName === EVENT_OF[expected.method] &&
    sameBytes(asBytes(id), expected.id) &&
    asHash160(to) === expected.to &&
    asBigInt(amount) === expected.amount
  );
}

const sameBytes = (one: Uint8Array | null, other: Uint8Array): boolean =>
  one?.length === other.length && other.every((byte, index) => byte === one[index]);
