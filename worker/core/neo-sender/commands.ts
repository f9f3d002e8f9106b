/**
 * What callers may ask of a sender: to send, to replace, to cancel, and what only operators may: to
 * end a dispute. Every command names what it makes (the intent's id, the attempt's number), so that
 * the same command again gives the same answer and nothing happens twice.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { sha256Canonical } from '../canonical-json.ts';
import { encodeHex } from '../neo/hex.ts';
import { err, ok, type Result } from '../result.ts';
import { faultOfTemplate } from './draft.ts';
import {
  type Attempt,
  type AttemptKind,
  type Inclusion,
  isFollowed,
  mayBeIncluded,
  planAttempt,
  type SenderIdentity,
  type Terms,
} from './intent.ts';
import { dueAgain } from './lease.ts';
import { type Dossier, expired, included, moved, toRejected, voided } from './lifecycle.ts';
import { LIMITS } from './limits.ts';
import { followedUntil } from './timing.ts';

export interface SendCommand {
  /** Made by the caller; what makes the effect happen once. */
  readonly id: string;
  readonly purpose: string;
  /** `encodeUnsigned` of signers, attributes and script, with all numbers 0. */
  readonly template: Uint8Array;
  readonly terms: Terms;
}

const ID = /^[A-Za-z0-9_.:-]{1,100}$/;
const PURPOSE = /^[a-z0-9_.:-]{1,100}$/;

/** The fingerprint of a sound command. */
export function checkSend(
  command: SendCommand,
  sender: SenderIdentity,
): Result<string, 'sender.intent_invalid'> {
  const fault = faultOfSend(command, sender);
  return fault === null
    ? ok(fingerprintOf(command))
    : err('sender.intent_invalid', { detail: fault });
}

export function faultOfName({ id, purpose }: Pick<SendCommand, 'id' | 'purpose'>): string | null {
  if (!ID.test(id)) return 'an id has 1 to 100 plain characters';
  return PURPOSE.test(purpose) ? null : 'a purpose has 1 to 100 plain lower-case characters';
}

function faultOfSend(command: SendCommand, sender: SenderIdentity): string | null {
  const name = faultOfName(command);
  if (name !== null) return name;
  const { template, terms } = command;
  const { systemFeeMax, networkFeeMax, gasSent, windowBlocks } = terms;
  const within = (amount: bigint, max: number) => amount >= 0n && amount <= BigInt(max);
  if (!within(systemFeeMax, LIMITS.senderFeeMax.value))
    return 'the system fee is out of its bounds';
  if (!within(networkFeeMax, LIMITS.senderFeeMax.value))
    return 'the network fee is out of its bounds';
  if (!within(gasSent, LIMITS.senderGasSentMax.value)) return 'the GAS sent is out of its bounds';
  const isWindow =
    Number.isInteger(windowBlocks) &&
    windowBlocks >= LIMITS.senderWindowBlocksMin.value &&
    windowBlocks <= LIMITS.senderWindowBlocksMax.value;
  return isWindow ? faultOfTemplate(template, sender) : 'the window is out of its bounds';
}

const fingerprintOf = ({ purpose, template, terms }: SendCommand): string =>
  sha256Canonical({
    purpose,
    template: encodeHex(sha256(template)),
    systemFeeMax: terms.systemFeeMax.toString(),
    networkFeeMax: terms.networkFeeMax.toString(),
    gasSent: terms.gasSent.toString(),
    windowBlocks: terms.windowBlocks,
  });

export interface ReplaceCommand {
  readonly id: string;
  /** The number it will have: one above the last. */
  readonly attempt: number;
  readonly kind: Exclude<AttemptKind, 'original'>;
  readonly networkFeeMax: bigint;
}

type ReplaceCode = 'sender.not_replaceable' | 'sender.attempt_conflict' | 'sender.intent_invalid';

/** A planned attempt that the chain may take in place of all before it. */
export function decideReplace(
  dossier: Dossier,
  command: ReplaceCommand,
  now: number,
): Result<Dossier, ReplaceCode> {
  const { intent, attempts } = dossier;
  // Its signers' bytes: no other attempt of ours could be signed.
  if (intent.authority === 'elsewhere')
    return err('sender.not_replaceable', { detail: 'signed elsewhere' });
  const known = attempts.find(({ number }) => number === command.attempt);
  if (known !== undefined)
    return isSame(known, command) ? ok(dossier) : err('sender.attempt_conflict');
  if (command.networkFeeMax < 0n || command.networkFeeMax > BigInt(LIMITS.senderFeeMax.value))
    return err('sender.intent_invalid', { detail: 'the network fee is out of its bounds' });
  if (command.attempt !== attempts.length + 1) return err('sender.attempt_conflict');
  if (command.attempt > LIMITS.senderAttemptsMax.value)
    return err('sender.not_replaceable', { limit: LIMITS.senderAttemptsMax.value });
  if (intent.state === 'intended' && command.kind === 'cancel')
    return ok(withdraw(dossier, command, now));
  if (!isFollowed(intent)) return err('sender.not_replaceable', { detail: intent.state });
  const isPending = attempts.some(({ state }) => state === 'planned');
  // Who cancelled must not find the transaction executed because somebody raised its fee.
  const isCancelling = attempts.some(({ kind, state }) => kind === 'cancel' && state !== 'void');
  if (command.kind === 'replacement' && (isPending || isCancelling))
    return err('sender.not_replaceable', { detail: isPending ? 'pending' : 'cancelling' });
  const settled = attempts.map((one) => (one.state === 'planned' ? voided(one) : one));
  return ok({ intent, attempts: [...settled, plan(command, now)] });
}

const plan = ({ id, attempt, kind, networkFeeMax }: ReplaceCommand, now: number): Attempt =>
  planAttempt({ intentId: id, number: attempt, kind, networkFeeMax, now });

const isSame = (known: Attempt, { kind, networkFeeMax }: ReplaceCommand): boolean =>
  known.kind === kind && known.networkFeeMax === networkFeeMax;

/** Nothing was prepared, so nothing has to be replaced; the void attempt remembers the command. */
function withdraw(dossier: Dossier, command: ReplaceCommand, now: number): Dossier {
  const ended = toRejected(dossier, { reason: 'withdrawn', detail: null }, now);
  return { ...ended, attempts: [...ended.attempts, voided(plan(command, now))] };
}

export interface ResolveCommand {
  readonly id: string;
  /** Words of the operator: why it is known. */
  readonly detail: string;
  readonly resolution:
    | { readonly kind: 'included'; readonly inclusion: Inclusion }
    | { readonly kind: 'expired' }
    /** To look at the chain again with fresh votes: endpoints were mended or replaced. */
    | { readonly kind: 'observe' };
}

type ResolveCode = 'sender.not_disputed' | 'sender.intent_invalid';

export function decideResolve(
  dossier: Dossier,
  { detail, resolution }: ResolveCommand,
  { now, msPerBlock }: { readonly now: number; readonly msPerBlock: number },
): Result<Dossier, ResolveCode> {
  const { intent, attempts } = dossier;
  if (intent.state !== 'disputed') return err('sender.not_disputed', { detail: intent.state });
  const words = { reason: 'resolved_by_operator', detail: cut(detail) } as const;
  if (resolution.kind === 'expired') return ok(withWords(expired(dossier, now), words));
  if (resolution.kind === 'observe') return ok(observeAgain(dossier, now, msPerBlock));
  const { inclusion } = resolution;
  const isKnown = attempts.some((one) => one.number === inclusion.attempt && one.transaction);
  if (!isKnown) return err('sender.intent_invalid', { detail: 'no such attempt was prepared' });
  return ok(withWords(included(dossier, inclusion, now), words));
}

function observeAgain({ intent, attempts }: Dossier, now: number, msPerBlock: number): Dossier {
  const isLive = attempts.some(({ state }) => state === 'live');
  const last = attempts.findLast(mayBeIncluded);
  return {
    intent: {
      ...moved(intent, isLive ? 'live' : 'prepared', now),
      deadlineAt: followedUntil(now, intent.terms.windowBlocks, msPerBlock),
      observe: dueAgain(intent.observe, now),
    },
    attempts: attempts.map((one) =>
      one.number === last?.number ? { ...one, work: dueAgain(one.work, now) } : one,
    ),
  };
}

const withWords = (dossier: Dossier, words: Partial<Dossier['intent']>): Dossier => ({
  ...dossier,
  intent: { ...dossier.intent, ...words },
});

export const cut = (text: string): string => text.slice(0, LIMITS.senderTextCharsMax.value);
