/**
 * The commands of callers and operators, each within one transaction. Ids are remembered for the
 * life of the wallet: a command that comes again, however late, is answered with what became of it.
 */
import { assert } from '../../worker/core/assert.ts';
import type { ErrorCode } from '../../worker/core/errors.ts';
import {
  checkSend,
  decideReplace,
  decideResolve,
  type ReplaceCommand,
  type ResolveCommand,
} from '../../worker/core/neo-sender/commands.ts';
import { makeIntent, planAttempt } from '../../worker/core/neo-sender/intent.ts';
import type { Dossier } from '../../worker/core/neo-sender/lifecycle.ts';
import { LIMITS } from '../../worker/core/neo-sender/limits.ts';
import { err, ok, type Result } from '../../worker/core/result.ts';
import type { Send, Sent, TransactionView } from './rpc.ts';
import { loadDossier, momentOf, saveDossier, type Turn } from './turn.ts';
import { viewOf } from './view.ts';

export function send(
  turn: Turn,
  { sender, network, command }: Send,
): Result<Sent, 'sender.intent_invalid' | 'sender.intent_conflict' | 'sender.full'> {
  const { records, intents, attempts } = turn.stores;
  const own = records.loadSender()?.identity ?? sender;
  assert(
    own.magic === sender.magic && own.account === sender.account,
    'a transaction was sent to the sender of another wallet or network',
  );
  assert(network.quorum >= 1 && network.msPerBlock > 0, 'a network has a quorum and a pace');
  const checked = checkSend(command, sender);
  if (!checked.ok) return checked;
  const known = records.loadId(command.id);
  if (known !== undefined) {
    if (known.fingerprint !== checked.value) return err('sender.intent_conflict');
    const state = known.removedState ?? intents.load(command.id)?.state;
    assert(state !== undefined, 'a remembered id has a state');
    return ok({ id: command.id, state, isRepeat: true });
  }
  const full = fullness(turn);
  if (full !== null) return err('sender.full', full);
  records.saveSender(sender, network);
  records.addId(command.id, checked.value);
  const { id, purpose, terms } = command;
  const intent = makeIntent({ id, purpose, terms, now: turn.now });
  intents.add(intent, command.template);
  const { networkFeeMax } = terms;
  attempts.add(
    planAttempt({ intentId: id, number: 1, kind: 'original', networkFeeMax, now: turn.now }),
  );
  return ok({ id, state: intent.state, isRepeat: false });
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

export const replace = (turn: Turn, command: ReplaceCommand) =>
  change(turn, command.id, (dossier) => decideReplace(dossier, command, turn.now));

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
