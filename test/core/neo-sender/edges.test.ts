/**
 * Decisions of a sender at their very edges, each a small bug that no other test of a single
 * decision noticed when it was planted.
 */
import { describe, expect, it } from 'vitest';
import {
  decodePrivateKey,
  publicKeyOf,
  signMessage,
} from '../../../worker/core/neo/private-key.ts';
import type { Sighting } from '../../../worker/core/neo/rpc/quorum.ts';
import { scriptHashOf } from '../../../worker/core/neo/script-hash.ts';
import { encodeInvocation } from '../../../worker/core/neo/transaction/signature-witness.ts';
import {
  decodeUnsigned,
  encodeSigningMessage,
  encodeTransaction,
  encodeUnsigned,
  hashTransaction,
  type UnsignedTransaction,
} from '../../../worker/core/neo/transaction/transaction.ts';
import { CALLED_BY_ENTRY } from '../../../worker/core/neo/transaction/witness-scope.ts';
import { encodeSignatureScript } from '../../../worker/core/neo/verification-script.ts';
import { checkAdopt } from '../../../worker/core/neo-sender/adopt.ts';
import {
  checkSend,
  decideReplace,
  decideResolve,
  type ReplaceCommand,
} from '../../../worker/core/neo-sender/commands.ts';
import { draftAttempt, faultOfTemplate } from '../../../worker/core/neo-sender/draft.ts';
import { decideBalance, provenHeight } from '../../../worker/core/neo-sender/free-gas.ts';
import type { PreparedTransaction } from '../../../worker/core/neo-sender/intent.ts';
import {
  dueAgain,
  dueBy,
  holdsLease,
  type Lease,
  noMore,
  retryLater,
  takeLease,
  UNLEASED,
} from '../../../worker/core/neo-sender/lease.ts';
import { decideRaise } from '../../../worker/core/neo-sender/leave.ts';
import {
  applyOutcome,
  type Dossier,
  included,
  toDisputed,
  toPrepared,
  toRejected,
  voided,
} from '../../../worker/core/neo-sender/lifecycle.ts';
import { LIMITS } from '../../../worker/core/neo-sender/limits.ts';
import { toVotes } from '../../../worker/core/neo-sender/outcome.ts';
import { decidePrepared, type PrepareQuestion } from '../../../worker/core/neo-sender/prepare.ts';
import {
  expectationOf,
  followedUntil,
  observeAgainAt,
  rebroadcastMs,
  rebroadcastSoonMs,
  windowEndsAt,
} from '../../../worker/core/neo-sender/timing.ts';
import { dayOf, type WalletPolicy } from '../../../worker/core/wallets/wallet-policy.ts';
import {
  attemptOf,
  live,
  moment,
  NOW,
  planned,
  prepared,
  quoteOf,
  replaced,
  SENDER,
  TERMS,
  templateOf,
  transactionOf,
} from './intents.ts';
import { GAS, leaveOf, perDay, policyOf, TOKEN, transferOf } from './wallet-of-days.ts';

const replaceOf = (more: Partial<ReplaceCommand> = {}): ReplaceCommand => ({
  id: 'txn_1',
  attempt: 2,
  kind: 'replacement',
  networkFeeMax: 400n,
  ...more,
});
const codeOf = (result: { ok: true } | { ok: false; failure: { code: string } }) =>
  result.ok ? 'ok' : result.failure.code;
const replace = (dossier: Dossier, more: Partial<ReplaceCommand> = {}) =>
  decideReplace(dossier, replaceOf(more), NOW);

function templateWith(change: Partial<UnsignedTransaction>): Uint8Array {
  const decoded = decodeUnsigned(templateOf());
  if (!decoded.ok) throw new Error(decoded.malformed.reason);
  return encodeUnsigned({ ...decoded.value, ...change });
}

/** With an attempt that waits to be prepared. */
const pending = (kind: 'replacement' | 'cancel' = 'replacement'): Dossier => {
  const { intent, attempts } = live();
  return { intent, attempts: [...attempts, attemptOf(2, kind)] };
};

describe('a command', () => {
  it('with another script is another command', () => {
    const prints = [templateOf(), templateWith({ script: Uint8Array.of(0x12, 0x40) })].map(
      (template) => checkSend({ id: 'txn_1', purpose: 'test', template, terms: TERMS }, SENDER),
    );
    expect(prints.map(({ ok }) => ok)).toEqual([true, true]);
    expect(prints[0]).not.toEqual(prints[1]);
  });

  it('takes no template that voids another transaction, or has a window of its own', () => {
    const conflicts = [{ type: 'Conflicts', hash: transactionOf(9).hash }] as const;
    expect(faultOfTemplate(templateWith({ attributes: conflicts }), SENDER)).toContain('Conflicts');
    for (const numbers of [{ validUntilBlock: 1 }, { systemFee: 1n }, { networkFee: 1n }])
      expect(faultOfTemplate(templateWith(numbers), SENDER)).toContain('numbers of its own');
  });

  it('raises a fee within the bounds of fees', () => {
    const beyond = BigInt(LIMITS.senderFeeMax.value) + 1n;
    for (const networkFeeMax of [-1n, beyond])
      expect(codeOf(replace(live(), { networkFeeMax }))).toBe('sender.intent_invalid');
    expect(codeOf(replace(live(), { networkFeeMax: beyond - 1n }))).toBe('ok');
  });

  it('names the next attempt and no later one', () => {
    expect(codeOf(replace(live(), { attempt: 3 }))).toBe('sender.attempt_conflict');
  });
});

describe('a replacement', () => {
  it('is not for what was never prepared, and not for what has ended', () => {
    expect(replace(planned())).toMatchObject({
      failure: { code: 'sender.not_replaceable', detail: 'intended' },
    });
    const ended = toRejected(planned(), { reason: 'withdrawn', detail: null }, NOW);
    for (const kind of ['replacement', 'cancel'] as const)
      expect(codeOf(replace(ended, { kind }))).toBe('sender.not_replaceable');
  });

  it('waits for the one that is being prepared, and a cancelling one takes its place', () => {
    expect(codeOf(replace(pending(), { attempt: 3 }))).toBe('sender.not_replaceable');
    const cancelled = replace(pending(), { attempt: 3, kind: 'cancel' });
    expect(cancelled.ok && cancelled.value.attempts.map(({ state }) => state)).toEqual([
      'live',
      'void',
      'planned',
    ]);
  });

  it('may come after a cancelling one that came to nothing', () => {
    const { intent, attempts } = pending('cancel');
    const failed = attempts.map((one) => (one.kind === 'cancel' ? voided(one) : one));
    expect(codeOf(replace({ intent, attempts: failed }, { attempt: 3 }))).toBe('ok');
  });
});

describe('an operator', () => {
  const words = { reason: 'unresolved', detail: null } as const;
  const observe = { id: 'txn_1', detail: 'mended', resolution: { kind: 'observe' } } as const;

  it('lets what was never broadcast go on as prepared, and what was as live', () => {
    for (const dossier of [prepared(), live()]) {
      const again = decideResolve(toDisputed(dossier, words, NOW), observe, moment);
      expect(again).toMatchObject({ ok: true, value: { intent: { state: dossier.intent.state } } });
    }
  });

  it('says no inclusion of an attempt that was only planned', () => {
    const inclusion = {
      attempt: 2,
      blockIndex: 110,
      blockHash: transactionOf(8).hash,
      vmState: 'HALT',
      notificationsDigest: 'n',
    } as const;
    const resolution = { kind: 'included', inclusion } as const;
    const command = { id: 'txn_1', detail: 'seen', resolution };
    const disputed = (dossier: Dossier) => toDisputed(dossier, words, NOW);
    expect(codeOf(decideResolve(disputed(pending()), command, moment))).toBe(
      'sender.intent_invalid',
    );
    expect(codeOf(decideResolve(disputed(replaced()), command, moment))).toBe('ok');
  });
});

describe('the bytes of an attempt', () => {
  it('are none where signers and conflicts have not all a place', () => {
    const conflictsOf = (count: number) =>
      Array.from({ length: count }, (_, index) => transactionOf(index).hash);
    const draft = (count: number) =>
      draftAttempt({
        sender: SENDER,
        kind: 'replacement',
        template: templateOf(),
        conflicts: conflictsOf(count),
      });
    expect(draft(15)).toBeInstanceOf(Uint8Array);
    expect(draft(16)).toBeNull();
  });
});

describe('a lease', () => {
  const due = { ...UNLEASED, dueAt: 0 };
  const leased = takeLease(due, 1_000);
  const ends = 1_000 + LIMITS.senderLeaseMs.value;

  it('is over at its end, whether or not somebody came by to see it', () => {
    expect(holdsLease(leased, leased.leaseNumber, ends - 1)).toBe(true);
    expect(holdsLease(leased, leased.leaseNumber, ends)).toBe(false);
    expect(holdsLease(leased, leased.leaseNumber + 1, ends - 1)).toBe(false);
    expect(holdsLease(noMore(leased), leased.leaseNumber, 1_001)).toBe(false);
  });

  it('waits twice as long after each try that brought nothing, up to its bound', () => {
    const { value: start } = LIMITS.senderRetryMsStart;
    const { value: most } = LIMITS.senderRetryMsMax;
    let lease: Lease = due;
    const waits = Array.from({ length: 12 }, (_, index) => {
      lease = retryLater(takeLease({ ...lease, dueAt: index }, index), index);
      return (lease.dueAt ?? 0) - index;
    });
    expect(waits.slice(0, 3)).toEqual([start, 2 * start, 4 * start]);
    expect(Math.max(...waits)).toBe(most);
    const well = takeLease(dueAgain(lease, 50), 50);
    expect(retryLater(well, 50).dueAt).toBe(50 + start);
  });

  it('that is due sooner stays so', () => {
    expect(dueBy({ ...UNLEASED, dueAt: 5 }, 9).dueAt).toBe(5);
    expect(dueBy({ ...UNLEASED, dueAt: 9 }, 5).dueAt).toBe(5);
    expect(dueBy(UNLEASED, 5).dueAt).toBe(5);
  });
});

describe('a second attempt', () => {
  const second = (transaction: Partial<PreparedTransaction>, now = NOW) => {
    const both = pending();
    const [, attempt = attemptOf(2, 'replacement')] = both.attempts;
    return toPrepared(both, attempt, transactionOf(2, transaction), { ...moment, now });
  };

  it('reserves no less than the first, and no less than itself', () => {
    const { reserved } = live().intent;
    expect(second({ systemFee: 0n, networkFee: 1n }).intent.reserved).toBe(reserved);
    expect(second({ networkFee: 9_000n }).intent.reserved).toBeGreaterThan(reserved);
  });

  it('is followed for no shorter than the first', () => {
    const { deadlineAt } = live().intent;
    expect(second({}, NOW - 60_000).intent.deadlineAt).toBe(deadlineAt);
    expect(second({}, NOW + 60_000).intent.deadlineAt).toBe((deadlineAt ?? 0) + 60_000);
  });

  it('is the only one to be broadcast from then on', () => {
    expect(replaced().attempts.map(({ work }) => work.dueAt)).toEqual([null, NOW]);
  });
});

describe('what the chain decided', () => {
  const inclusion = {
    attempt: 2,
    blockIndex: 110,
    blockHash: transactionOf(8).hash,
    vmState: 'HALT',
    notificationsDigest: 'n',
  } as const;
  const statesOf = ({ attempts }: Dossier) => attempts.map(({ state }) => state);

  it('leaves an attempt expired that was so before, and void one that is void', () => {
    const first = applyOutcome(replaced(), { kind: 'open', expired: [1] }, NOW);
    expect(statesOf(first)).toEqual(['expired', 'live']);
    expect(statesOf(included(first, inclusion, NOW))).toEqual(['expired', 'included']);
    const { intent, attempts } = replaced();
    const halved = { intent, attempts: attempts.map((one, at) => (at === 0 ? voided(one) : one)) };
    const all = { kind: 'open', expired: [1, 2] } as const;
    expect(statesOf(applyOutcome(halved, all, NOW))).toEqual(['void', 'expired']);
  });
});

describe('an intent that ends or moves on', () => {
  it('voids what was only planned, when all that was prepared has expired', () => {
    const { intent, attempts } = applyOutcome(pending(), { kind: 'open', expired: [1] }, NOW);
    expect(intent.state).toBe('expired');
    expect(attempts.map(({ state }) => state)).toEqual(['expired', 'void']);
  });

  it('says since when, and no longer why it waited before', () => {
    const { intent, attempts } = planned();
    const words = { reason: 'insufficient_gas', detail: 'low' } as const;
    const waiting = { intent: { ...intent, ...words }, attempts };
    const later = { ...moment, now: NOW + 5 };
    const moved = toPrepared(waiting, attemptOf(1, 'original'), transactionOf(1), later);
    expect(moved.intent).toMatchObject({ stateSince: NOW + 5, reason: null, detail: null });
  });
});

describe('a claim of inclusion', () => {
  const { preparedHeight, validUntilBlock } = transactionOf(1);
  const candidates = [{ number: 1, transaction: transactionOf(1) }];
  const claimed = (blockIndex: number) => {
    const sighting: Sighting = {
      kind: 'included',
      height: 200,
      blockIndex,
      blockHash: transactionOf(8).hash,
      vmState: 'HALT',
      notificationsDigest: 'n',
    };
    return toVotes([{ endpoint: 'a', attempt: 1, sighting }], candidates).length;
  };

  it('is a vote in the first and the last block that can hold it, and in none beside them', () => {
    const heights = [preparedHeight, preparedHeight + 1, validUntilBlock, validUntilBlock + 1];
    expect(heights.map(claimed)).toEqual([0, 1, 1, 0]);
  });
});

describe('preparing', () => {
  const ask = (more: Partial<PrepareQuestion>) => {
    const { intent, attempts } = planned();
    return decidePrepared({
      sender: SENDER,
      intent,
      attempts,
      attempt: attemptOf(1, 'original'),
      template: templateOf(),
      quote: quoteOf(),
      required: 2,
      reservedAt: () => 0n,
      nonce: 7,
      now: NOW,
      ...more,
    });
  };

  it('takes no quote below nothing, and for a cancelling one no system fee', () => {
    const tooDear = { kind: 'refused', reason: 'fee_above_maximum' };
    expect(ask({ quote: quoteOf({ systemFee: -1n }) })).toEqual(tooDear);
    expect(ask({ quote: quoteOf({ networkFee: -1n }) })).toEqual(tooDear);
    const cancel = { ...live(), attempt: attemptOf(2, 'cancel') };
    expect(ask({ ...cancel, quote: quoteOf({ systemFee: 1n }) })).toEqual(tooDear);
    expect(ask({ ...cancel, quote: quoteOf({ systemFee: 0n }) }).kind).toBe('prepared');
  });

  it('waits without a reason of its own while no balance is agreed on', () => {
    const balances = [{ endpoint: 'a', height: 100, datoshi: 5_000n }];
    expect(ask({ quote: quoteOf({ balances }) })).toEqual({ kind: 'wait', reason: null });
  });

  it('names a predecessor that was prepared and may have been signed unseen', () => {
    const decision = ask({ ...prepared(), attempt: attemptOf(2, 'replacement') });
    if (decision.kind !== 'prepared') throw new Error(decision.kind);
    expect(decodeUnsigned(decision.unsigned)).toMatchObject({
      value: { attributes: [{ type: 'Conflicts', hash: transactionOf(1).hash }] },
    });
  });
});

describe('a height', () => {
  it('is proven by so many endpoints, each at its highest', () => {
    const said = [
      { endpoint: 'a', height: 9 },
      { endpoint: 'a', height: 7 },
      { endpoint: 'b', height: 8 },
    ];
    expect(provenHeight(said, 1)).toBe(9);
    expect(provenHeight(said, 2)).toBe(8);
    expect(provenHeight(said, 3)).toBeNull();
  });
});

describe('a balance', () => {
  it('is not vouched for by one endpoint that says it twice', () => {
    const reading = { endpoint: 'a', height: 100, datoshi: 5n };
    expect(decideBalance([reading, reading], 2)).toBeNull();
  });

  it('is the later one where two heights have a quorum each', () => {
    const reading = (endpoint: string, height: number, datoshi: bigint) => ({
      endpoint,
      height,
      datoshi,
    });
    const readings = [
      reading('a', 100, 5n),
      reading('b', 100, 5n),
      reading('c', 101, 3n),
      reading('d', 101, 3n),
    ];
    expect(decideBalance(readings, 2)).toEqual({ height: 101, datoshi: 3n });
    expect(decideBalance(readings.toReversed(), 2)).toEqual({ height: 101, datoshi: 3n });
  });
});

describe('timing', () => {
  const msPerBlock = 15_000;
  const least = LIMITS.senderCadenceMsMin.value;
  const most = LIMITS.senderCadenceMsMax.value;
  const windowEnd = windowEndsAt(NOW, 20, msPerBlock);

  it('gives a window the block after it, and twice the time and some before a person is asked', () => {
    expect(windowEnd).toBe(NOW + 21 * msPerBlock);
    const { value: unreadable } = LIMITS.senderUnreadableMaxMs;
    expect(followedUntil(NOW, 20, msPerBlock)).toBe(NOW + 44 * msPerBlock + unreadable);
  });

  it('looks twice a block, within bounds, and seldom once every window should be over', () => {
    const { attempts } = live();
    const waitAt = (now: number, ms = msPerBlock) =>
      observeAgainAt(attempts, { now, msPerBlock: ms }) - now;
    expect([waitAt(NOW), waitAt(NOW, 1), waitAt(NOW, 10 * most)]).toEqual([7_500, least, most]);
    expect(waitAt(windowEnd + 2 * msPerBlock)).toBe(7_500);
    expect(waitAt(windowEnd + 2 * msPerBlock + 1)).toBe(most);
  });

  it('waits for the last of several windows, in whatever order they were opened', () => {
    const [first, second] = replaced().attempts;
    if (!first?.transaction || !second?.transaction) throw new Error('two prepared attempts');
    const later = { ...first.transaction, preparedAt: NOW + 600_000 };
    const attempts = [{ ...first, transaction: later }, second];
    const now = windowEnd + 3 * msPerBlock;
    for (const order of [attempts, attempts.toReversed()])
      expect(observeAgainAt(order, { now, msPerBlock })).toBe(now + 7_500);
  });

  it('sends again after a block while nobody is known to hold it, and seldom while somebody is', () => {
    expect(rebroadcastSoonMs(msPerBlock)).toBe(msPerBlock);
    expect([rebroadcastSoonMs(1), rebroadcastSoonMs(10 * most)]).toEqual([least, most]);
    expect(rebroadcastMs(msPerBlock)).toBe(LIMITS.senderRebroadcastBlocks.value * msPerBlock);
  });
});

describe('what a reader is told to expect', () => {
  const { msPerBlock } = moment;
  const expected = ({ intent, attempts }: Dossier, now: number) =>
    expectationOf(intent, attempts, { now, msPerBlock }).expectedAt;

  it('is two blocks for what is live, and two seconds for what is not yet', () => {
    expect(expected(live(), NOW)).toBe(NOW + 2 * msPerBlock);
    expect(expected(prepared(), NOW)).toBe(NOW + 2_000);
    expect(expected(planned(), NOW)).toBe(NOW + 2_000);
  });

  it('is half a block past the window once that is over time, and never past the latest', () => {
    const windowEnd = windowEndsAt(NOW, 20, msPerBlock);
    expect(expected(live(), NOW + 2 * msPerBlock)).toBe(windowEnd + msPerBlock / 2);
    const { deadlineAt } = live().intent;
    expect(expected(live(), (deadlineAt ?? 0) - 1)).toBe(deadlineAt);
    const hurried = { ...live(), intent: { ...live().intent, deadlineAt: NOW + 1_000 } };
    expect(expected(hurried, NOW)).toBe(NOW + 1_000);
  });

  it('is nothing while it waits for GAS, and nothing once it has ended', () => {
    const { intent, attempts } = planned();
    expect(
      expected({ intent: { ...intent, reason: 'insufficient_gas' }, attempts }, NOW),
    ).toBeNull();
    const ended = toRejected(planned(), { reason: 'withdrawn', detail: null }, NOW);
    expect(expected(ended, NOW)).toBeNull();
  });
});

describe('a raised fee', () => {
  const raise = (asked: {
    readonly policy: WalletPolicy;
    readonly spent: bigint;
    readonly extra: bigint;
    readonly wasApproved?: boolean;
  }) =>
    decideRaise({
      leave: leaveOf(asked.policy),
      wasApproved: asked.wasApproved ?? false,
      wallet: SENDER.account,
      transaction: { ...transferOf(1n), systemFee: 500n, networkFee: 500n },
      networkFeeMax: 1_500n,
      spent: { day: dayOf(NOW), amounts: new Map([[GAS, asked.spent]]) },
      extra: asked.extra,
      now: NOW,
    });

  it('that is none asks for nothing of a day that is overspent', () => {
    const overspent = { policy: perDay(10_000n), spent: 10_001n };
    expect(codeOf(raise({ ...overspent, extra: 0n }))).toBe('ok');
    expect(codeOf(raise({ ...overspent, extra: 1n }))).toBe('sender.policy_refused');
  });

  it('is bound by no day where GAS may go out without end, or was let out by approvals', () => {
    const free = policyOf({ contracts: [{ contract: GAS, methods: null }] });
    expect(codeOf(raise({ policy: free, spent: 10n ** 12n, extra: 1_000n }))).toBe('ok');
    const approved = policyOf({ tokens: [{ token: TOKEN, perDay: 10n }], approvals: 1 });
    const asked = { policy: approved, spent: 0n, extra: 1_000n };
    expect(codeOf(raise({ ...asked, wasApproved: true }))).toBe('ok');
    expect(codeOf(raise(asked))).toBe('sender.approvals_required');
  });
});

describe('what a policy withheld', () => {
  const expiring = (dossier: Dossier) => {
    const words = { reason: 'policy_refused', detail: 'no such contract' } as const;
    const told = { ...dossier, intent: { ...dossier.intent, ...words } };
    return applyOutcome(told, { kind: 'open', expired: [1] }, NOW).intent;
  };

  it('is why something expired that was never signed, and not where another attempt was', () => {
    expect(expiring(prepared())).toMatchObject({
      state: 'expired',
      reason: 'policy_refused',
      detail: 'no such contract',
    });
    expect(expiring(live())).toMatchObject({ state: 'expired', reason: null, detail: null });
  });
});

describe('a transaction signed elsewhere', () => {
  const keys = [1, 2].map((number) => {
    const key = decodePrivateKey(new Uint8Array(32).fill(number));
    if (key === null) throw new Error('a private key');
    return { key, verification: encodeSignatureScript(publicKeyOf(key)) };
  });
  const signers = keys.map(({ verification }) => ({
    account: scriptHashOf(verification),
    scopes: CALLED_BY_ENTRY,
  }));
  const [sender] = signers;
  if (sender === undefined) throw new Error('a sender');
  const unsigned: UnsignedTransaction = {
    ...transferOf(1n),
    validUntilBlock: 120,
    signers,
  };
  /** `spoil` changes the signature of the signer at that place. */
  const detailOf = (spoil: number | null) => {
    const message = encodeSigningMessage(SENDER.magic, hashTransaction(unsigned));
    const witnesses = keys.map(({ key, verification }, index) => {
      const signature = signMessage(index === spoil ? message.with(0, 0xff) : message, key);
      return { invocation: encodeInvocation([signature]), verification };
    });
    const signed = encodeTransaction({ ...unsigned, witnesses });
    const command = { id: 'txn_1', purpose: 'test', signed, preparedHeight: 100 };
    const checked = checkAdopt(command, { ...SENDER, account: sender.account });
    return checked.ok ? 'ok' : checked.failure.detail;
  };

  it('is signed by every signer, not by its sender alone', () => {
    expect(detailOf(null)).toBe('ok');
    expect(detailOf(0)).toContain('signer 1');
    expect(detailOf(1)).toContain('signer 2');
  });
});
