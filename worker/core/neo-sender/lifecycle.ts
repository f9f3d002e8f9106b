/**
 * Every change of an intent and its attempts, decided without asking anyone: what was stored and
 * what was heard in, what is to be stored out. The object applies each in one transaction. An
 * intent that ended never changes again, and one that is disputed only by an operator.
 */
import { assert } from '../assert.ts';
import { costOf } from './free-gas.ts';
import {
  type Attempt,
  type Inclusion,
  type Intent,
  type IntentReason,
  type IntentState,
  isFollowed,
  mayBeIncluded,
  type PreparedTransaction,
} from './intent.ts';
import { dueAgain, dueBy, noMore, retryLater } from './lease.ts';
import type { Outcome } from './outcome.ts';
import { gasSentBy } from './prepare.ts';
import { followedUntil, windowEndsAt } from './timing.ts';

/** An intent with all its attempts, by number. */
export interface Dossier {
  readonly intent: Intent;
  readonly attempts: readonly Attempt[];
}

export interface Moment {
  readonly now: number;
  readonly msPerBlock: number;
}

const NO_WORDS = { reason: null, detail: null } as const;

export const replaceAttempt = (attempts: readonly Attempt[], changed: Attempt) =>
  attempts.map((attempt) => (attempt.number === changed.number ? changed : attempt));

/** The unsigned bytes are stored with it, before the bridge hears of them. */
export function toPrepared(
  { intent, attempts }: Dossier,
  attempt: Attempt,
  transaction: PreparedTransaction,
  { now, msPerBlock }: Moment,
): Dossier {
  assert(attempt.state === 'planned', 'an attempt is prepared once');
  const { windowBlocks } = intent.terms;
  const cost = costOf({ ...transaction, gasSent: gasSentBy(attempt, intent) });
  const until = followedUntil(now, windowBlocks, msPerBlock);
  const isFirst = intent.state === 'intended';
  const prepared: Attempt = {
    ...attempt,
    state: 'prepared',
    transaction,
    work: dueAgain(attempt.work, now),
  };
  return {
    intent: {
      ...(isFirst ? moved(intent, 'prepared', now) : intent),
      reserved: cost > intent.reserved ? cost : intent.reserved,
      deadlineAt: Math.max(until, isFirst ? 0 : (intent.deadlineAt ?? 0)),
      // Unsigned it is not on any chain as far as anyone knows, so its end is looked for first.
      observe: dueBy(intent.observe, windowEndsAt(now, windowBlocks, msPerBlock)),
    },
    attempts: replaceAttempt(attempts, prepared),
  };
}

/** The signed bytes are stored with it, before anybody sees them; the attempts before it rest. */
export function toLive(
  { intent, attempts }: Dossier,
  attempt: Attempt,
  { now, msPerBlock }: Moment,
): Dossier {
  assert(attempt.state === 'prepared', 'what is signed was prepared');
  const live: Attempt = { ...attempt, state: 'live', work: dueAgain(attempt.work, now) };
  const resting = attempts.map((other) =>
    other.state === 'live' ? { ...other, work: noMore(other.work) } : other,
  );
  return {
    intent: {
      ...(intent.state === 'prepared' ? moved(intent, 'live', now) : intent),
      ...NO_WORDS,
      observe: dueBy(intent.observe, now + msPerBlock),
    },
    attempts: replaceAttempt(resting, live),
  };
}

/** What the votes decided; the same dossier when they decided nothing. */
export function applyOutcome(dossier: Dossier, outcome: Outcome, now: number): Dossier {
  if (outcome.kind === 'included') return included(dossier, outcome.inclusion, now);
  if (outcome.kind === 'disputed') {
    const numbers = outcome.attempts.join(', ');
    return toDisputed(
      dossier,
      { reason: 'contradicting_votes', detail: `attempts ${numbers}` },
      now,
    );
  }
  const proven = new Set(outcome.expired);
  const isFresh = (attempt: Attempt) => mayBeIncluded(attempt) && proven.has(attempt.number);
  if (!dossier.attempts.some(isFresh)) return dossier;
  const attempts = dossier.attempts.map(
    (attempt): Attempt =>
      isFresh(attempt) ? { ...attempt, state: 'expired', work: noMore(attempt.work) } : attempt,
  );
  if (attempts.some(mayBeIncluded)) return { intent: dossier.intent, attempts };
  return expired({ intent: dossier.intent, attempts }, now);
}

/** The chain took one of the attempts, so it never takes another. */
export function included(
  { intent, attempts }: Dossier,
  inclusion: Inclusion,
  now: number,
): Dossier {
  const winner = attempts.find(({ number }) => number === inclusion.attempt);
  assert(winner?.transaction, 'what is on the chain was prepared');
  const state = winner.kind === 'cancel' ? 'cancelled' : stateOf(inclusion);
  return {
    intent: {
      ...ended(intent, { state, now }),
      inclusion,
      reserved: costOf({ ...winner.transaction, gasSent: gasSentBy(winner, intent) }),
    },
    attempts: attempts.map((attempt): Attempt => {
      const work = noMore(attempt.work);
      if (attempt.number === winner.number) return { ...attempt, state: 'included', work };
      return attempt.state === 'expired' ? attempt : { ...attempt, state: 'void', work };
    }),
  };
}

const stateOf = ({ vmState }: Inclusion): IntentState =>
  vmState === 'HALT' ? 'confirmed' : 'faulted';

/** Not signed under the policy of now; it is asked again until it expires, and says why. */
export const withheld = (
  { intent, attempts }: Dossier,
  attempt: Attempt,
  { detail, now }: { readonly detail: string; readonly now: number },
): Dossier => ({
  intent: { ...intent, reason: 'policy_refused', detail },
  attempts: replaceAttempt(attempts, { ...attempt, work: retryLater(attempt.work, now) }),
});

/** What expired without ever being signed, because of the policy. */
const wordsOfExpiry = ({ state, reason, detail }: Intent) =>
  state === 'prepared' && reason === 'policy_refused' ? { reason, detail } : NO_WORDS;

/** All that was prepared is past its last block and on no chain; what was only planned is void. */
export const expired = ({ intent, attempts }: Dossier, now: number): Dossier => ({
  intent: {
    ...ended(intent, { state: 'expired', now }),
    ...wordsOfExpiry(intent),
    reserved: 0n,
  },
  attempts: attempts.map((attempt): Attempt => {
    const work = noMore(attempt.work);
    if (attempt.state === 'planned') return { ...attempt, state: 'void', work };
    return attempt.state === 'void' ? attempt : { ...attempt, state: 'expired', work };
  }),
});

export interface Words {
  readonly reason: IntentReason;
  readonly detail: string | null;
}

/** Before anything was prepared, and never after. */
export function toRejected({ intent, attempts }: Dossier, words: Words, now: number): Dossier {
  assert(intent.state === 'intended', 'what was prepared is bound to the chain');
  return {
    intent: { ...ended(intent, { state: 'rejected', now }), ...words },
    attempts: attempts.map((attempt) => voided(attempt)),
  };
}

/** Money stays held, and everything rests until an operator has decided. */
export function toDisputed({ intent, attempts }: Dossier, words: Words, now: number): Dossier {
  assert(isFollowed(intent), 'only what is followed can be disputed');
  return {
    intent: {
      ...moved(intent, 'disputed', now),
      ...words,
      deadlineAt: null,
      observe: noMore(intent.observe),
    },
    attempts: attempts.map((attempt) =>
      attempt.state === 'planned' ? voided(attempt) : { ...attempt, work: noMore(attempt.work) },
    ),
  };
}

/** A state that lasted too long; undefined when its time has not come. */
export function decideOverdue(dossier: Dossier, now: number): Dossier | undefined {
  const { deadlineAt, state, reason } = dossier.intent;
  if (deadlineAt === null || now < deadlineAt) return undefined;
  if (state === 'intended')
    return toRejected(dossier, { reason: reason ?? 'not_prepared_in_time', detail: null }, now);
  return toDisputed(dossier, { reason: 'unresolved', detail: null }, now);
}

export const voided = (attempt: Attempt): Attempt => ({
  ...attempt,
  state: 'void',
  work: noMore(attempt.work),
});

export const moved = (intent: Intent, state: IntentState, now: number): Intent => ({
  ...intent,
  state,
  stateSince: now,
  changes: intent.changes + 1,
  ...NO_WORDS,
});

const ended = (
  intent: Intent,
  { state, now }: { readonly state: IntentState; readonly now: number },
): Intent => ({
  ...moved(intent, state, now),
  deadlineAt: null,
  observe: noMore(intent.observe),
  endedAt: now,
});
