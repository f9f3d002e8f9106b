/**
 * What an account lets leave by itself (money rule M16): an amount above which members approve, a
 * most of the day, and a list of destinations. Loosening needs the approvals of what is loosened,
 * and with a list it also takes its time: a destination that is added, a list that is lifted and a
 * delay that is shortened count only after the delay that stood before, so that whoever holds a key
 * for an hour cannot name himself and be paid.
 */
import type { ScriptHash } from '../neo/script-hash.ts';
import { err, ok, type Result } from '../result.ts';

export interface Destination {
  readonly account: ScriptHash;
  readonly label: string | null;
  /** From when on it counts. */
  readonly activeAt: number;
}

export interface WithdrawalPolicy {
  /** Datoshi; what is above needs approvals. Null for none. */
  readonly approvalsAbove: bigint | null;
  /** Datoshi of a UTC day; null for no limit. */
  readonly perDay: bigint | null;
  /** Null: any. */
  readonly destinations: readonly Destination[] | null;
  /** When the list ends that is being lifted. */
  readonly openAt: number | null;
  readonly delayMs: number;
  /** The longer delay that still holds, and until when. */
  readonly delayBefore: { readonly delayMs: number; readonly until: number } | null;
}

/** Of an account that has set none. */
export const OPEN_POLICY: WithdrawalPolicy = {
  approvalsAbove: null,
  perDay: null,
  destinations: null,
  openAt: null,
  delayMs: 0,
  delayBefore: null,
};

export interface PolicyWish {
  readonly approvalsAbove: bigint | null;
  readonly perDay: bigint | null;
  readonly destinations:
    | readonly { readonly account: ScriptHash; readonly label: string | null }[]
    | null;
  readonly delayMs: number;
}

/** The destinations that count at this moment; null: any. */
export const destinationsAt = (
  { destinations, openAt }: WithdrawalPolicy,
  now: number,
): readonly Destination[] | null => (openAt !== null && openAt <= now ? null : destinations);

const delayAt = ({ delayMs, delayBefore }: WithdrawalPolicy, now: number): number =>
  delayBefore !== null && delayBefore.until > now
    ? Math.max(delayMs, delayBefore.delayMs)
    : delayMs;

/** The policy after a change. */
export function applyPolicy(
  current: WithdrawalPolicy,
  wish: PolicyWish,
  now: number,
): WithdrawalPolicy {
  const delay = delayAt(current, now);
  const listed = destinationsAt(current, now);
  const isShorter = wish.delayMs < delay;
  return {
    approvalsAbove: wish.approvalsAbove,
    perDay: wish.perDay,
    ...listAfter({ current, listed, wish, activeAt: now + Math.max(delay, wish.delayMs) }),
    delayMs: wish.delayMs,
    delayBefore: isShorter ? { delayMs: delay, until: now + delay } : null,
  };
}

interface ListChange {
  readonly current: WithdrawalPolicy;
  readonly listed: readonly Destination[] | null;
  readonly wish: PolicyWish;
  readonly activeAt: number;
}

function listAfter({ current, listed, wish, activeAt }: ListChange) {
  // No list restricted anything, so none of the new one has to wait.
  if (listed === null)
    return {
      destinations: wish.destinations?.map((one) => ({ ...one, activeAt: 0 })) ?? null,
      openAt: null,
    };
  if (wish.destinations === null)
    return { destinations: listed, openAt: current.openAt ?? activeAt };
  return {
    destinations: wish.destinations.map((one) => ({
      ...one,
      activeAt: listed.find(({ account }) => account === one.account)?.activeAt ?? activeAt,
    })),
    openAt: null,
  };
}

export type PolicyPart = 'approvalsAbove' | 'perDay' | 'destinations' | 'delayHours';

/** The parts that let more pass than before. */
export function loosenedParts(
  current: WithdrawalPolicy,
  wish: PolicyWish,
  now: number,
): readonly PolicyPart[] {
  const listed = destinationsAt(current, now);
  const isNamed = (account: ScriptHash) => listed?.some((one) => one.account === account) ?? true;
  const loosened: readonly (readonly [PolicyPart, boolean])[] = [
    ['approvalsAbove', isLooser(current.approvalsAbove, wish.approvalsAbove)],
    ['perDay', isLooser(current.perDay, wish.perDay)],
    [
      'destinations',
      listed !== null && (wish.destinations?.some(({ account }) => !isNamed(account)) ?? true),
    ],
    ['delayHours', wish.delayMs < delayAt(current, now)],
  ];
  return loosened.flatMap(([part, isLoosened]) => (isLoosened ? [part] : []));
}

const isLooser = (current: bigint | null, next: bigint | null): boolean =>
  current !== null && (next === null || next > current);

/** Whether it may leave, and whether members have to approve it. */
export function decideWithdrawal(
  policy: WithdrawalPolicy,
  { to, amount, now }: { readonly to: ScriptHash; readonly amount: bigint; readonly now: number },
): Result<{ readonly needsApprovals: boolean }, 'withdrawals.destination_refused'> {
  const listed = destinationsAt(policy, now);
  const named = listed?.find(({ account }) => account === to);
  if (listed !== null && named === undefined)
    return err('withdrawals.destination_refused', { detail: 'it is not in the list' });
  if (named !== undefined && named.activeAt > now)
    return err('withdrawals.destination_refused', {
      detail: 'it was added lately',
      retryAfterSeconds: Math.ceil((named.activeAt - now) / 1_000),
    });
  const { approvalsAbove } = policy;
  return ok({ needsApprovals: approvalsAbove !== null && amount > approvalsAbove });
}
