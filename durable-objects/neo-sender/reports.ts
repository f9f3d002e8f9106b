/**
 * What the outside reports about a step, each within one transaction that checks the lease again
 * and everything that was read before: the answer may come late, twice, or from somebody thought
 * dead. Bytes are stored in the same transaction as the state that lets them be used.
 */
import { decodeTransaction } from '../../worker/core/neo/transaction/transaction.ts';
import { cut } from '../../worker/core/neo-sender/commands.ts';
import { provenHeight } from '../../worker/core/neo-sender/free-gas.ts';
import { type Attempt, isFollowed } from '../../worker/core/neo-sender/intent.ts';
import { dueAgain, dueBy, holdsLease, retryLater } from '../../worker/core/neo-sender/lease.ts';
import {
  applyOutcome,
  type Dossier,
  replaceAttempt,
  toLive,
  toPrepared,
  toRejected,
  voided,
  type Words,
  withheld,
} from '../../worker/core/neo-sender/lifecycle.ts';
import { type Candidate, decideOutcome, toVotes } from '../../worker/core/neo-sender/outcome.ts';
import { decidePrepared, type Quote } from '../../worker/core/neo-sender/prepare.ts';
import type { StepOutcome, StepReport } from '../../worker/core/neo-sender/steps.ts';
import {
  observeAgainAt,
  rebroadcastMs,
  rebroadcastSoonMs,
} from '../../worker/core/neo-sender/timing.ts';
import { err, ok, type Result } from '../../worker/core/result.ts';
import { loadDossier, momentOf, saveDossier, senderOf, type Turn } from './turn.ts';

export function report(
  turn: Turn,
  { intentId, attempt: number, leaseNumber, outcome }: StepReport,
): Result<null, 'request.not_found' | 'sender.lease_stale'> {
  const dossier = loadDossier(turn, intentId);
  if (dossier === undefined) return err('request.not_found');
  const attempt = dossier.attempts.find((one) => one.number === number);
  const lease = number === null ? dossier.intent.observe : attempt?.work;
  if (lease === undefined || !holdsLease(lease, leaseNumber, turn.now))
    return err('sender.lease_stale');
  const changed =
    attempt === undefined
      ? observed(turn, dossier, outcome)
      : attempted(turn, { dossier, attempt, outcome });
  if (changed === undefined) return err('sender.lease_stale');
  saveDossier(turn, dossier, changed);
  return ok(null);
}

interface Attempted {
  readonly dossier: Dossier;
  readonly attempt: Attempt;
  readonly outcome: StepOutcome;
}

/** Undefined for an outcome of another step than the one that was leased. */
function attempted(turn: Turn, { dossier, attempt, outcome }: Attempted): Dossier | undefined {
  const { state } = attempt;
  switch (outcome.kind) {
    case 'failed':
      return again(dossier, attempt, turn.now);
    case 'quoted':
      return state === 'planned' ? quoted(turn, dossier, { attempt, quote: outcome }) : undefined;
    case 'simulated_fault': {
      const words = { reason: 'simulation_fault', detail: cut(outcome.detail) } as const;
      return state === 'planned' ? refused(turn, dossier, { attempt, words }) : undefined;
    }
    case 'signed':
      return state === 'prepared'
        ? signed(turn, dossier, { attempt, bytes: outcome.signed })
        : undefined;
    case 'withheld': {
      const words = { detail: cut(outcome.detail), now: turn.now };
      return state === 'prepared' ? withheld(dossier, attempt, words) : undefined;
    }
    case 'broadcast':
      return state === 'live'
        ? broadcast(turn, dossier, { attempt, result: outcome.outcome })
        : undefined;
    default:
      return undefined;
  }
}

const again = ({ intent, attempts }: Dossier, attempt: Attempt, now: number): Dossier => ({
  intent,
  attempts: replaceAttempt(attempts, { ...attempt, work: retryLater(attempt.work, now) }),
});

function quoted(
  turn: Turn,
  dossier: Dossier,
  { attempt, quote }: { readonly attempt: Attempt; readonly quote: Quote },
): Dossier {
  const { intents, attempts } = turn.stores;
  const { identity: sender, quorum: required } = senderOf(turn);
  const { intent } = dossier;
  const decision = decidePrepared({
    sender,
    intent,
    attempts: dossier.attempts,
    attempt,
    template: intents.loadTemplate(intent.id),
    quote,
    required,
    reservedAt: (height) => intents.reservedAt(height, intent.id),
    nonce: turn.nonce(),
    now: turn.now,
  });
  if (decision.kind === 'refused') {
    const words = { reason: decision.reason, detail: null };
    return refused(turn, dossier, { attempt, words });
  }
  if (decision.kind === 'wait') {
    const waiting = again(dossier, attempt, turn.now);
    if (intent.state !== 'intended' || decision.reason === null) return waiting;
    return { ...waiting, intent: { ...intent, reason: decision.reason } };
  }
  attempts.savePrepared(attempt, decision.transaction, decision.unsigned);
  return toPrepared(dossier, attempt, decision.transaction, momentOf(turn));
}

/** It ends an intent that was never prepared; of one that was, only this attempt. */
function refused(
  turn: Turn,
  dossier: Dossier,
  { attempt, words }: { readonly attempt: Attempt; readonly words: Words },
): Dossier {
  if (dossier.intent.state === 'intended') return toRejected(dossier, words, turn.now);
  return { ...dossier, attempts: replaceAttempt(dossier.attempts, voided(attempt)) };
}

function signed(
  turn: Turn,
  dossier: Dossier,
  { attempt, bytes }: { readonly attempt: Attempt; readonly bytes: Uint8Array },
): Dossier {
  const unsigned = turn.stores.attempts.loadBytes(attempt, 'unsigned');
  const isOurs = unsigned !== undefined && startsWith(bytes, unsigned);
  if (!isOurs || !decodeTransaction(bytes).ok) return again(dossier, attempt, turn.now);
  turn.stores.attempts.saveSigned(attempt, bytes);
  return toLive(dossier, attempt, momentOf(turn));
}

/** What is signed is what was stored, with its witnesses after it. */
const startsWith = (bytes: Uint8Array, start: Uint8Array): boolean =>
  bytes.length > start.length && start.every((byte, index) => bytes[index] === byte);

/** Steers when to send again and when to look, and nothing else (M4). */
function broadcast(
  turn: Turn,
  { intent, attempts }: Dossier,
  {
    attempt,
    result,
  }: {
    readonly attempt: Attempt;
    readonly result: (StepOutcome & { readonly kind: 'broadcast' })['outcome'];
  },
): Dossier {
  const { now, msPerBlock } = momentOf(turn);
  const waitMs = result === 'pooled' ? rebroadcastMs(msPerBlock) : rebroadcastSoonMs(msPerBlock);
  const work = dueAgain(attempt.work, now + waitMs);
  const observe = result === 'look up' ? dueBy(intent.observe, now) : intent.observe;
  return {
    intent: observe === intent.observe ? intent : { ...intent, observe },
    attempts: replaceAttempt(attempts, { ...attempt, work }),
  };
}

function observed(turn: Turn, dossier: Dossier, outcome: StepOutcome): Dossier | undefined {
  const { intent, attempts } = dossier;
  const { now, msPerBlock } = momentOf(turn);
  const withObserve = (observe: typeof intent.observe) => ({ ...intent, observe });
  if (outcome.kind === 'failed')
    return { intent: withObserve(retryLater(intent.observe, now)), attempts };
  if (outcome.kind !== 'observed' || !isFollowed(intent)) return undefined;
  const { records } = turn.stores;
  const { quorum } = senderOf(turn);
  const candidates = attempts.filter((one): one is Attempt & Candidate => one.transaction !== null);
  for (const vote of toVotes(outcome.sightings, candidates)) records.addVote(intent.id, vote);
  const height = provenHeight(outcome.heights, quorum);
  if (height !== null) records.saveProvenHeight(height);
  const looked: Dossier = {
    intent: withObserve(dueAgain(intent.observe, observeAgainAt(attempts, { now, msPerBlock }))),
    attempts,
  };
  return applyOutcome(looked, decideOutcome(candidates, records.listVotes(intent.id), quorum), now);
}
