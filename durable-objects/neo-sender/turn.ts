/**
 * One command's view of a sender: its stores and one reading of clock and chance. A turn lives
 * inside one transaction and awaits nothing. It runs over any SQLite with the statements of
 * `BoundedSql`, so the simulation drives the very code the object runs.
 */
import { assert } from '../../worker/core/assert.ts';
import type { Intent, IntentState } from '../../worker/core/neo-sender/intent.ts';
import type { Dossier } from '../../worker/core/neo-sender/lifecycle.ts';
import type { BoundedSql } from '../bounded-sql.ts';
import { alarmStore } from './alarm-sql.ts';
import { attemptStore } from './attempts-sql.ts';
import { intentStore } from './intents-sql.ts';
import { recordStore, type Sender } from './records-sql.ts';
import { release } from './spendings.ts';
import { spendingStore } from './spendings-sql.ts';

export const senderStores = (sql: BoundedSql) => ({
  intents: intentStore(sql),
  attempts: attemptStore(sql),
  records: recordStore(sql),
  spendings: spendingStore(sql),
  alarms: alarmStore(sql),
});
export type Stores = ReturnType<typeof senderStores>;

export interface Turn {
  readonly stores: Stores;
  readonly now: number;
  /** 32 random bits. */
  readonly nonce: () => number;
}

export function senderOf({ stores }: Turn): Sender {
  const sender = stores.records.loadSender();
  assert(sender !== undefined, 'a sender with intents knows who it is');
  return sender;
}

export const momentOf = (turn: Turn) => ({
  now: turn.now,
  msPerBlock: senderOf(turn).msPerBlock,
});

export function loadDossier({ stores }: Turn, id: string): Dossier | undefined {
  const intent = stores.intents.load(id);
  return intent && { intent, attempts: stores.attempts.list(id) };
}

/** Writes what changed and, with a change of state, its event: one transaction, so neither is lost. */
export function saveDossier(turn: Turn, before: Dossier, after: Dossier): void {
  const { stores } = turn;
  const known = new Set(before.attempts.map(({ number }) => number));
  for (const attempt of after.attempts) {
    if (!known.has(attempt.number)) stores.attempts.add(attempt);
    else if (!before.attempts.includes(attempt)) stores.attempts.save(attempt);
  }
  if (before.intent !== after.intent) stores.intents.save(after.intent);
  if (after.intent.endedAt !== null) {
    stores.attempts.eraseBytes(after.intent.id);
    release(stores.spendings, after);
  }
  if (before.intent.changes !== after.intent.changes) addEvent(turn, after);
}

/** States that others act on; an intent that is sent changes nothing for them yet. */
const TOLD: ReadonlySet<IntentState> = new Set([
  'confirmed',
  'faulted',
  'expired',
  'cancelled',
  'rejected',
  'disputed',
]);

function addEvent(turn: Turn, dossier: Dossier): void {
  const { intent } = dossier;
  if (!TOLD.has(intent.state)) return;
  const { magic, account } = senderOf(turn).identity;
  turn.stores.records.addEvent({
    id: [magic, account, intent.id, intent.changes].join(':'),
    type: `transaction.${intent.state}`,
    subject: intent.id,
    time: turn.now,
    dataJson: JSON.stringify({ magic, sender: account, ...factsOf(intent, dossier) }),
  });
}

function factsOf(intent: Intent, { attempts }: Dossier) {
  const { inclusion } = intent;
  const winner = attempts.find(({ number }) => number === inclusion?.attempt)?.transaction;
  return {
    purpose: intent.purpose,
    reason: intent.reason,
    detail: intent.detail,
    attempts: attempts.flatMap(({ number, kind, state, transaction }) =>
      transaction === null ? [] : [{ number, kind, state, hash: transaction.hash }],
    ),
    ...(inclusion && winner
      ? {
          inclusion: { ...inclusion, hash: winner.hash },
          systemFee: winner.systemFee.toString(),
          networkFee: winner.networkFee.toString(),
        }
      : {}),
  };
}
