/**
 * The commands of callers and operators, each within one transaction. Ids are remembered for the
 * life of the wallet: a command that comes again, however late, is answered with what became of it.
 */
import { assert } from '../../worker/core/assert.ts';
import type { ErrorCode } from '../../worker/core/errors.ts';
import type { Verify } from '../../worker/core/neo/transaction/signature-witness.ts';
import { adopted, checkAdopt, fingerprintOfAdopt } from '../../worker/core/neo-sender/adopt.ts';
import {
  checkSend,
  decideReplace,
  decideResolve,
  type ResolveCommand,
} from '../../worker/core/neo-sender/commands.ts';
import { type Authority, makeIntent, planAttempt } from '../../worker/core/neo-sender/intent.ts';
import type { Leave } from '../../worker/core/neo-sender/leave.ts';
import type { Dossier } from '../../worker/core/neo-sender/lifecycle.ts';
import { LIMITS } from '../../worker/core/neo-sender/limits.ts';
import { err, ok, type Result } from '../../worker/core/result.ts';
import type { Adopt, Replace, Send, Sent, TransactionView } from './rpc.ts';
import { askToReplace, askToSend, take } from './spendings.ts';
import { loadDossier, momentOf, saveDossier, type Turn } from './turn.ts';
import { viewOf } from './view.ts';

type TakeCode = 'sender.intent_invalid' | 'sender.intent_conflict' | 'sender.full';
type LeaveCode = 'sender.policy_refused' | 'sender.approvals_required';

export function send(
  turn: Turn,
  { sender, network, command, leave }: Send,
): Result<Sent, TakeCode | LeaveCode> {
  assertOwn(turn, { sender, network });
  const checked = checkSend(command, sender);
  if (!checked.ok) return checked;
  const answered = answerBefore(turn, command.id, checked.value);
  if (answered !== undefined) return answered;
  const asked = askToSend(turn, command, leave);
  if (!asked.ok) return asked;
  const { records, intents, attempts, spendings } = turn.stores;
  const { now } = turn;
  records.saveSender(sender, network);
  records.addId(command.id, checked.value);
  const { id, purpose, terms } = command;
  const { networkFeeMax } = terms;
  const intent = makeIntent({ id, purpose, terms, authority: authorityOf(leave), now });
  intents.add(intent, command.template);
  attempts.add(planAttempt({ intentId: id, number: 1, kind: 'original', networkFeeMax, now }));
  take(spendings, id, asked.value);
  return ok({ id, state: intent.state, isRepeat: false });
}

const authorityOf = (leave: Leave | null): Authority => {
  if (leave === null) return 'purpose';
  return leave.isApproved ? 'approvals' : 'policy';
};

/** Stored with its bytes and live in one turn: it was signed before anybody asked. */
export function adopt(
  turn: Turn,
  { sender, network, command }: Adopt,
  verify?: Verify,
): Result<Sent, TakeCode> {
  assertOwn(turn, { sender, network });
  const fingerprint = fingerprintOfAdopt(command);
  const answered = answerBefore(turn, command.id, fingerprint);
  if (answered !== undefined) return answered;
  const checked = checkAdopt(command, sender, verify);
  if (!checked.ok) return checked;
  const { hash, unsigned } = checked.value;
  const { records, intents, attempts } = turn.stores;
  // One effect under two ids would be told as two.
  if (attempts.intentOf(hash) !== undefined)
    return err('sender.intent_conflict', { detail: 'the transaction has another id' });
  records.saveSender(sender, network);
  records.addId(command.id, fingerprint);
  const { planned, attempt, prepared, live } = adopted(command, checked.value, momentOf(turn));
  intents.add(planned.intent, new Uint8Array());
  attempts.add(attempt);
  attempts.savePrepared(attempt, prepared, unsigned);
  attempts.saveSigned(attempt, command.signed);
  saveDossier(turn, planned, live);
  return ok({ id: command.id, state: live.intent.state, isRepeat: false });
}

function assertOwn(turn: Turn, { sender, network }: Pick<Send, 'sender' | 'network'>): void {
  const own = turn.stores.records.loadSender()?.identity ?? sender;
  assert(
    own.magic === sender.magic && own.account === sender.account,
    'a transaction was sent to the sender of another wallet or network',
  );
  assert(network.quorum >= 1 && network.msPerBlock > 0, 'a network has a quorum and a pace');
}

/** The answer to a command that came before, or for which there is no room; undefined otherwise. */
function answerBefore(
  turn: Turn,
  id: string,
  fingerprint: string,
): Result<Sent, 'sender.intent_conflict' | 'sender.full'> | undefined {
  const { records, intents } = turn.stores;
  const known = records.loadId(id);
  if (known === undefined) {
    const full = fullness(turn);
    return full === null ? undefined : err('sender.full', full);
  }
  if (known.fingerprint !== fingerprint) return err('sender.intent_conflict');
  const state = known.removedState ?? intents.load(id)?.state;
  assert(state !== undefined, 'a remembered id has a state');
  return ok({ id, state, isRepeat: true });
}

/** An outbox that nobody empties stops new intents, so that no verdict is ever dropped from it. */
function fullness({ stores }: Turn): { limit: number; observed: number } | null {
  const bounds: readonly (readonly [number, number])[] = [
    [stores.intents.countOpen(), LIMITS.senderOpenMax.value],
    [stores.records.countEvents(), LIMITS.senderEventsMax.value],
    [stores.records.countIds(), LIMITS.senderIdsMax.value],
  ];
  const met = bounds.find(([observed, limit]) => observed >= limit);
  return met === undefined ? null : { observed: met[0], limit: met[1] };
}

/** The leave is asked for an attempt that is planned by this command, and for no repetition. */
export const replace = (turn: Turn, { command, leave }: Replace) =>
  change(turn, command.id, (dossier): ReturnType<typeof decideReplace> | Refused => {
    const decided = decideReplace(dossier, command, turn.now);
    if (!decided.ok || decided.value === dossier) return decided;
    // Withdrawn: nothing will be signed.
    if (decided.value.intent.endedAt !== null) return decided;
    const asked = askToReplace(turn, dossier, { command, leave });
    if (!asked.ok) return asked;
    take(turn.stores.spendings, command.id, asked.value);
    const isApproved = command.kind === 'replacement' && leave?.isApproved;
    return isApproved ? ok(approved(decided.value)) : decided;
  });

/** A replacement repeats the script of the intent, so whoever approved it has approved that. */
const approved = ({ intent, attempts }: Dossier): Dossier => ({
  intent: { ...intent, authority: 'approvals' },
  attempts,
});

type Refused = Result<never, LeaveCode>;

/** What was taken proves that somebody takes: what is left is delivered at once. */
export function acknowledge({ stores }: Turn, throughSequence: number): number {
  const removed = stores.records.removeEvents(throughSequence);
  if (removed > 0) stores.records.saveDelivery({ tries: 0, after: 0 });
  return removed;
}

export const resolve = (turn: Turn, command: ResolveCommand) =>
  change(turn, command.id, (dossier) => {
    const resolved = decideResolve(dossier, command, momentOf(turn));
    // Votes of endpoints that an operator no longer believes.
    if (resolved.ok && command.resolution.kind === 'observe')
      turn.stores.records.removeVotes(command.id);
    return resolved;
  });

function change<Code extends ErrorCode>(
  turn: Turn,
  id: string,
  decide: (dossier: Dossier) => Result<Dossier, Code>,
): Result<TransactionView, Code | 'request.not_found'> {
  const dossier = loadDossier(turn, id);
  if (dossier === undefined) return err('request.not_found');
  const decided = decide(dossier);
  if (!decided.ok) return decided;
  saveDossier(turn, dossier, decided.value);
  return ok(viewOf(decided.value, momentOf(turn)));
}
