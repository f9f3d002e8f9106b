/**
 * What the alarm does: frees what dead holders had, ends what lasted too long, removes what was
 * kept long enough, and leases the next steps. Every call touches a bounded number of rows;
 * `nextAlarmAt` says when to come again, at once when rows were left over.
 */
import { assert } from '../../worker/core/assert.ts';
import { deliverAgain } from '../../worker/core/neo-sender/delivery.ts';
import { draftAttempt } from '../../worker/core/neo-sender/draft.ts';
import {
  type Attempt,
  type Intent,
  isFollowed,
  mayBeIncluded,
} from '../../worker/core/neo-sender/intent.ts';
import { noMore, retryLater, takeLease } from '../../worker/core/neo-sender/lease.ts';
import { decideOverdue, toRejected, voided } from '../../worker/core/neo-sender/lifecycle.ts';
import { LIMITS } from '../../worker/core/neo-sender/limits.ts';
import { networkFeeAbove } from '../../worker/core/neo-sender/prepare.ts';
import type { SenderStep } from '../../worker/core/neo-sender/steps.ts';
import { loadDossier, type Stores, saveDossier, senderOf, type Turn } from './turn.ts';

const ROWS = LIMITS.senderSweepRowsMax.value;

export interface Dispatched {
  readonly steps: readonly SenderStep[];
  /** Events wait, and are to be delivered now. */
  readonly isDelivering: boolean;
  readonly isIdle: boolean;
}

/** One alarm, within one transaction; what it leased is handed over after it. */
export function dispatch(turn: Turn): Dispatched {
  const swept = sweep(turn);
  const steps = leaseSteps(turn);
  const isDelivering = takeDelivery(turn);
  return { steps, isDelivering, isIdle: swept === 0 && steps.length === 0 && !isDelivering };
}

/** Moves what is stuck and what has lasted too long; answers how many rows. */
function sweep(turn: Turn): number {
  const { intents, attempts } = turn.stores;
  const { now } = turn;
  const overdue = isDue(intents.nextDeadline(), now) ? intents.listOverdue(now, ROWS) : [];
  for (const { id } of overdue) {
    const dossier = loadDossier(turn, id);
    const moved = dossier && decideOverdue(dossier, now);
    if (dossier && moved) saveDossier(turn, dossier, moved);
  }
  const deadReads = isDue(intents.nextLeaseEnd(), now) ? intents.listLeaseDead(now, ROWS) : [];
  for (const intent of deadReads)
    intents.save({ ...intent, observe: retryLater(intent.observe, now) });
  const deadWork = isDue(attempts.nextLeaseEnd(), now) ? attempts.listLeaseDead(now, ROWS) : [];
  for (const attempt of deadWork)
    attempts.save({ ...attempt, work: retryLater(attempt.work, now) });
  return overdue.length + deadReads.length + deadWork.length + sweepEnded(turn);
}

/** Asked first, since most alarms come for one thing only. */
const isDue = (at: number | null, now: number): boolean => at !== null && at <= now;

/** What ended long ago, and the oldest of too many, leave their id and state behind. */
function sweepEnded({ stores, now }: Turn): number {
  const { intents, attempts, records } = stores;
  const endedBefore = now - LIMITS.senderEndedKeepMs.value;
  const surplus = countSurplus(stores);
  const old = isDue(intents.firstEnded(), endedBefore) ? intents.listEnded(endedBefore, ROWS) : [];
  const removed = old.length === 0 && surplus > 0 ? intents.listEnded(now, surplus) : old;
  for (const { id, state, ended_at: endedAt } of removed) {
    records.saveRemoved(id, state, endedAt);
    records.removeVotes(id);
    attempts.removeOf(id);
    intents.remove(id);
  }
  return removed.length;
}

/** Counted from ids ever taken and ever removed: a count of the rows would read them all. */
function countSurplus({ intents, records }: Stores): number {
  const kept = records.countIds() - records.countRemoved();
  if (kept <= LIMITS.senderEndedMax.value) return 0;
  return Math.min(ROWS, Math.max(0, kept - intents.countOpen() - LIMITS.senderEndedMax.value));
}

/** Leases what is due, longest waiting first; work and reading of one intent go side by side. */
function leaseSteps(turn: Turn): readonly SenderStep[] {
  const { intents, attempts } = turn.stores;
  const free = LIMITS.senderLeasesMax.value - countLeased(turn.stores);
  if (free <= 0) return [];
  const work = isDue(attempts.nextDue(), turn.now) ? attempts.listDue(turn.now, free) : [];
  const reads = isDue(intents.nextDue(), turn.now) ? intents.listDue(turn.now, free) : [];
  const due = [
    ...work.map((attempt) => ({
      dueAt: attempt.work.dueAt ?? 0,
      lease: () => leaseAttempt(turn, attempt),
    })),
    ...reads.map((intent) => ({
      dueAt: intent.observe.dueAt ?? 0,
      lease: () => leaseObserve(turn, intent),
    })),
  ].toSorted((one, other) => one.dueAt - other.dueAt);
  return due.slice(0, free).flatMap(({ lease }) => lease() ?? []);
}

function leaseObserve(turn: Turn, intent: Intent): SenderStep {
  assert(isFollowed(intent), 'the chain is read for what is bound to it');
  const observe = takeLease(intent.observe, turn.now);
  turn.stores.intents.save({ ...intent, observe });
  const candidates = turn.stores.attempts.list(intent.id).filter(mayBeIncluded);
  return {
    kind: 'observe',
    sender: senderOf(turn).identity,
    intentId: intent.id,
    leaseNumber: observe.leaseNumber,
    attempts: candidates.map(({ number, transaction }) => ({ number, hash: transaction.hash })),
  };
}

function leaseAttempt(turn: Turn, attempt: Attempt): SenderStep | undefined {
  const { attempts } = turn.stores;
  const { identity: sender, provenHeight } = senderOf(turn);
  if (attempt.transaction !== null && provenHeight >= attempt.transaction.validUntilBlock) {
    // Its last block is there: no signature and no broadcast can bring it in any more.
    attempts.save({ ...attempt, work: noMore(attempt.work) });
    return undefined;
  }
  const work = takeLease(attempt.work, turn.now);
  const named = {
    sender,
    intentId: attempt.intentId,
    attempt: attempt.number,
    leaseNumber: work.leaseNumber,
  };
  const step = attempt.state === 'planned' ? prepareStep(turn, attempt) : bytesStep(turn, attempt);
  if (step === undefined) return undefined;
  attempts.save({ ...attempt, work });
  return { ...step, ...named };
}

function bytesStep({ stores }: Turn, attempt: Attempt) {
  const kind = attempt.state === 'prepared' ? 'sign' : 'broadcast';
  const bytes = stores.attempts.loadBytes(attempt, kind === 'sign' ? 'unsigned' : 'signed');
  assert(bytes !== undefined, 'an attempt has the bytes of its state');
  if (kind === 'broadcast') return { kind, signed: bytes } as const;
  return { kind, unsigned: bytes, ...questionOf(stores, attempt) } as const;
}

/** What the policy of the moment is asked with before the bridge is. */
function questionOf({ intents, attempts }: Stores, { intentId, number, kind }: Attempt) {
  const others = attempts.list(intentId).filter((other) => other.number !== number);
  return {
    isApproved: intents.load(intentId)?.authority === 'approvals',
    isCancel: kind === 'cancel',
    replaces: others.flatMap(({ transaction }) => transaction?.hash ?? []),
  };
}

function prepareStep(turn: Turn, attempt: Attempt) {
  const dossier = loadDossier(turn, attempt.intentId);
  assert(dossier !== undefined, 'an attempt belongs to an intent');
  const draft = draftAttempt({
    sender: senderOf(turn).identity,
    kind: attempt.kind,
    template: turn.stores.intents.loadTemplate(attempt.intentId),
    conflicts: dossier.attempts.filter(mayBeIncluded).map(({ transaction }) => transaction.hash),
  });
  const above = networkFeeAbove(dossier.attempts);
  if (draft !== null) return { kind: 'prepare', draft, networkFeeAbove: above } as const;
  const words = { reason: 'transaction_malformed', detail: null } as const;
  const ended =
    dossier.intent.state === 'intended'
      ? toRejected(dossier, words, turn.now)
      : {
          ...dossier,
          attempts: dossier.attempts.map((one) =>
            one.number === attempt.number ? voided(one) : one,
          ),
        };
  saveDossier(turn, dossier, ended);
  return undefined;
}

/** The next time is set before anybody is called: who dies with the events is followed by another. */
function takeDelivery({ stores, now }: Turn): boolean {
  const delivery = stores.records.loadDelivery();
  if (delivery === null || delivery.after > now) return false;
  stores.records.saveDelivery(deliverAgain(delivery.tries, now));
  return true;
}

const countLeased = ({ intents, attempts }: Stores): number =>
  intents.countLeased() + attempts.countLeased();

/** When something is to be done next; null when nothing is stored that could need it. */
export function nextAlarmAt({ alarms }: Stores): number | null {
  const { leased, due, fixed, firstEnded } = alarms.loadTimes();
  const isBusy = leased >= LIMITS.senderLeasesMax.value;
  const times = [
    ...(isBusy ? [] : due),
    ...fixed,
    firstEnded === null ? null : firstEnded + LIMITS.senderEndedKeepMs.value,
  ].filter((time) => time !== null);
  return times.length === 0 ? null : Math.min(...times);
}
