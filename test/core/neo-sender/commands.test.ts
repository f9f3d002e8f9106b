import { describe, expect, it } from 'vitest';
import { hash256Of } from '../../../worker/core/neo/hash256.ts';
import {
  checkSend,
  decideReplace,
  decideResolve,
  type ReplaceCommand,
  type SendCommand,
} from '../../../worker/core/neo-sender/commands.ts';
import { decideOverdue, toDisputed } from '../../../worker/core/neo-sender/lifecycle.ts';
import { LIMITS } from '../../../worker/core/neo-sender/limits.ts';
import { expectationOf } from '../../../worker/core/neo-sender/timing.ts';
import {
  live,
  moment,
  NOW,
  planned,
  prepared,
  replaced,
  SENDER,
  STRANGER,
  TERMS,
  templateOf,
} from './intents.ts';

const sendOf = (more: Partial<SendCommand> = {}): SendCommand => ({
  id: 'txn_1',
  purpose: 'test',
  template: templateOf(),
  terms: TERMS,
  ...more,
});

describe('checkSend', () => {
  const printOf = (command: SendCommand) => {
    const checked = checkSend(command, SENDER);
    return checked.ok ? checked.value : checked.failure.code;
  };

  it('gives the same fingerprint for the same body, and another for any change of it', () => {
    const bodies = [
      sendOf(),
      sendOf({ purpose: 'other' }),
      sendOf({ terms: { ...TERMS, gasSent: 1n } }),
      sendOf({ terms: { ...TERMS, systemFeeMax: 1n } }),
      sendOf({ terms: { ...TERMS, networkFeeMax: 1n } }),
      sendOf({ terms: { ...TERMS, windowBlocks: 4 } }),
    ];
    expect(printOf(sendOf())).toBe(printOf(sendOf()));
    expect(new Set(bodies.map(printOf)).size).toBe(bodies.length);
  });

  it.each([
    ['another wallet as first signer', { template: templateOf(STRANGER) }],
    ['numbers of its own', { template: templateOf(SENDER.account, { nonce: 1 }) }],
    ['no transaction', { template: Uint8Array.of(1) }],
    ['an id of other characters', { id: "x'y" }],
    ['a negative fee', { terms: { ...TERMS, networkFeeMax: -1n } }],
    ['a window of no blocks', { terms: { ...TERMS, windowBlocks: 0 } }],
    ['a window of days', { terms: { ...TERMS, windowBlocks: 5_760 } }],
    ['GAS beyond exact numbers', { terms: { ...TERMS, gasSent: 2n ** 53n } }],
  ])('refuses %s', (_name, more) => {
    expect(printOf(sendOf(more))).toBe('sender.intent_invalid');
  });
});

const replaceOf = (more: Partial<ReplaceCommand> = {}): ReplaceCommand => ({
  id: 'txn_1',
  attempt: 2,
  kind: 'replacement',
  networkFeeMax: 400n,
  ...more,
});
const codeOf = (result: { ok: true } | { ok: false; failure: { code: string } }) =>
  result.ok ? 'ok' : result.failure.code;

describe('decideReplace', () => {
  it('plans one attempt for a command, however often it comes', () => {
    const first = decideReplace(live(), replaceOf(), NOW);
    if (!first.ok) throw new Error(first.failure.code);
    expect(first.value.attempts.map(({ state }) => state)).toEqual(['live', 'planned']);
    const second = decideReplace(first.value, replaceOf(), NOW);
    expect(second).toEqual(first);
    expect(codeOf(decideReplace(first.value, replaceOf({ networkFeeMax: 1n }), NOW))).toBe(
      'sender.attempt_conflict',
    );
  });

  it('withdraws what was never prepared, and says so to the same command again', () => {
    const cancel = replaceOf({ kind: 'cancel' });
    const withdrawn = decideReplace(planned(), cancel, NOW);
    if (!withdrawn.ok) throw new Error(withdrawn.failure.code);
    expect(withdrawn.value.intent).toMatchObject({ state: 'rejected', reason: 'withdrawn' });
    expect(decideReplace(withdrawn.value, cancel, NOW)).toEqual(withdrawn);
  });

  it('M4 does not withdraw what may have been signed: it is cancelled on the chain', () => {
    const cancelled = decideReplace(prepared(), replaceOf({ kind: 'cancel' }), NOW);
    expect(cancelled).toMatchObject({ ok: true, value: { intent: { state: 'prepared' } } });
  });

  it('does not raise the fee of what is being cancelled', () => {
    const again = replaceOf({ attempt: 3 });
    expect(codeOf(decideReplace(replaced('cancel'), again, NOW))).toBe('sender.not_replaceable');
    expect(codeOf(decideReplace(replaced(), again, NOW))).toBe('ok');
  });

  it('refuses attempts without end', () => {
    const { intent, attempts } = live();
    const [one] = attempts;
    if (one === undefined) throw new Error('no attempt');
    const many = Array.from({ length: LIMITS.senderAttemptsMax.value }, (_, index) => ({
      ...one,
      number: index + 1,
    }));
    const next = replaceOf({ attempt: many.length + 1 });
    expect(codeOf(decideReplace({ intent, attempts: many }, next, NOW))).toBe(
      'sender.not_replaceable',
    );
  });
});

describe('states and their time', () => {
  it('oz-844-every-state-has-a-maximum-age-and-a-timer', () => {
    for (const dossier of [planned(), prepared(), live()]) {
      const { deadlineAt } = dossier.intent;
      if (deadlineAt === null) throw new Error(`${dossier.intent.state} has no maximum age`);
      expect(decideOverdue(dossier, deadlineAt - 1)).toBeUndefined();
      const { state } = decideOverdue(dossier, deadlineAt)?.intent ?? {};
      expect(state).toBe(dossier.intent.state === 'intended' ? 'rejected' : 'disputed');
    }
  });

  it('M7 no time ends what is bound to the chain, it only calls a person', () => {
    const late = decideOverdue(live(), NOW + 1e12);
    expect(late?.intent).toMatchObject({ state: 'disputed', reason: 'unresolved' });
    expect(late?.intent.reserved).toBeGreaterThan(0n);
  });

  it('safe-1730-every-state-says-since-when-and-what-to-expect', () => {
    for (const { intent, attempts } of [planned(), prepared(), live()]) {
      for (const now of [NOW, NOW + 60_000, NOW + 1e7]) {
        const { expectedAt, latestAt } = expectationOf(intent, attempts, { ...moment, now });
        expect(latestAt).toBe(intent.deadlineAt);
        expect(expectedAt).toBeLessThanOrEqual(latestAt ?? 0);
      }
      expect(intent.stateSince).toBe(NOW);
    }
  });
});

describe('decideResolve', () => {
  const words = { reason: 'unresolved', detail: null } as const;
  const inclusion = {
    attempt: 1,
    blockIndex: 110,
    blockHash: hash256Of(Uint8Array.of(1)),
    vmState: 'HALT',
    notificationsDigest: 'n',
  } as const;

  it('ends only what is disputed, with the words of the operator', () => {
    const command = { id: 'txn_1', detail: 'read it', resolution: { kind: 'expired' } } as const;
    expect(codeOf(decideResolve(live(), command, moment))).toBe('sender.not_disputed');
    const ended = decideResolve(toDisputed(live(), words, NOW), command, moment);
    expect(ended).toMatchObject({
      ok: true,
      value: { intent: { state: 'expired', reason: 'resolved_by_operator', detail: 'read it' } },
    });
  });

  it('takes an inclusion only of an attempt that was prepared', () => {
    const disputed = toDisputed(live(), words, NOW);
    const at = (attempt: number) => ({
      id: 'txn_1',
      detail: 'read it',
      resolution: { kind: 'included' as const, inclusion: { ...inclusion, attempt } },
    });
    expect(codeOf(decideResolve(disputed, at(2), moment))).toBe('sender.intent_invalid');
    expect(decideResolve(disputed, at(1), moment)).toMatchObject({
      value: { intent: { state: 'confirmed', inclusion: { blockIndex: 110 } } },
    });
  });

  it('looks again when endpoints were mended, with a new maximum age', () => {
    const command = { id: 'txn_1', detail: 'mended', resolution: { kind: 'observe' } } as const;
    const again = decideResolve(toDisputed(live(), words, NOW), command, moment);
    if (!again.ok) throw new Error(again.failure.code);
    expect(again.value.intent).toMatchObject({ state: 'live', observe: { dueAt: NOW } });
    expect(again.value.attempts[0]?.work.dueAt).toBe(NOW);
    expect(again.value.intent.deadlineAt).not.toBeNull();
  });
});
