/** What the policy of a wallet is asked when an intent is taken, when its fee is raised, and when it is signed. */
import { describe, expect, it } from 'vitest';
import { CALL_FLAGS } from '../../../worker/core/neo/call-flags.ts';
import { encodeCalls } from '../../../worker/core/neo/contract-calls.ts';
import { hash256Of } from '../../../worker/core/neo/hash256.ts';
import type { UnsignedTransaction } from '../../../worker/core/neo/transaction/transaction.ts';
import { NO_SCOPES } from '../../../worker/core/neo/transaction/witness-scope.ts';
import {
  decideCancel,
  decideLeave,
  decideRaise,
  decideWithheld,
} from '../../../worker/core/neo-sender/leave.ts';
import { LIMITS } from '../../../worker/core/neo-sender/limits.ts';
import {
  dayOf,
  type Spent,
  type WalletPolicy,
} from '../../../worker/core/wallets/wallet-policy.ts';
import { NOW, SENDER } from './intents.ts';
import { FEES, GAS, leaveOf, perDay, policyOf, transferOf } from './wallet-of-days.ts';

const wallet = SENDER.account;
const spentOf = (amount: bigint): Spent => ({
  day: dayOf(NOW),
  amounts: new Map(amount > 0n ? [[GAS, amount]] : []),
});
const atMaxima = (amount: bigint): UnsignedTransaction => ({
  ...transferOf(amount),
  systemFee: 500n,
  networkFee: 500n,
});
const codeOf = (result: { ok: true } | { ok: false; failure: { code: string } }) =>
  result.ok ? 'ok' : result.failure.code;

describe('decideLeave', () => {
  const ask = (policy: WalletPolicy, { spent = 0n, isApproved = false } = {}) =>
    decideLeave({
      leave: leaveOf(policy, isApproved),
      wallet,
      transaction: atMaxima(3_000n),
      spent: spentOf(spent),
      now: NOW,
    });

  it('takes amounts and fees at their maxima from the day', () => {
    const left = ask(policyOf());
    expect(left.ok && left.value.amounts.get(GAS)).toBe(3_000n + FEES);
  });

  it('M16 lets the last datoshi of a day go out, and not one more', () => {
    expect(codeOf(ask(policyOf(), { spent: 6_000n }))).toBe('ok');
    expect(ask(policyOf(), { spent: 6_001n })).toMatchObject({
      failure: { code: 'sender.policy_refused', detail: expect.stringContaining('10000 a day') },
    });
  });

  it('asks for the approvals of the policy, and takes them for an answer', () => {
    const policy = policyOf({ approvals: 2 });
    expect(ask(policy, { spent: 6_001n })).toMatchObject({
      failure: { code: 'sender.approvals_required', limit: 2 },
    });
    expect(codeOf(ask(policy, { spent: 6_001n, isApproved: true }))).toBe('ok');
  });

  it('refuses what no approval mends, however many there are', () => {
    const dear = policyOf({ approvals: 1, systemFeeMax: 499n });
    expect(codeOf(ask(dear, { isApproved: true }))).toBe('sender.policy_refused');
    const strict = perDay(1n);
    expect(codeOf(ask(strict, { isApproved: true }))).toBe('sender.policy_refused');
  });

  it('tells its reasons in a bounded text', () => {
    const calls = Array.from({ length: 40 }, (_, index) => ({
      contract: GAS,
      method: `method${index}`,
      args: [],
      flags: CALL_FLAGS.All,
      result: 'kept' as const,
    }));
    const left = decideLeave({
      leave: leaveOf(),
      wallet,
      transaction: { ...atMaxima(0n), script: encodeCalls(calls) },
      spent: spentOf(0n),
      now: NOW,
    });
    const text = left.ok ? '' : (left.failure.detail ?? '');
    expect(text.length).toBe(LIMITS.senderTextCharsMax.value);
  });
});

describe('decideRaise', () => {
  interface Asked {
    readonly policy?: WalletPolicy;
    readonly spent?: bigint;
    readonly extra?: bigint;
    readonly isApproved?: boolean;
    readonly wasApproved?: boolean;
  }
  const ask = (asked: Asked = {}) =>
    decideRaise({
      leave: leaveOf(asked.policy ?? policyOf(), asked.isApproved),
      wasApproved: asked.wasApproved ?? false,
      wallet,
      transaction: atMaxima(8_000n),
      networkFeeMax: 1_500n,
      spent: spentOf(asked.spent ?? 9_000n),
      extra: asked.extra ?? 1_000n,
      now: NOW,
    });

  it('M16 asks the day for what the fee is raised by alone', () => {
    expect(codeOf(ask())).toBe('ok');
    expect(codeOf(ask({ spent: 9_001n }))).toBe('sender.policy_refused');
    // The amounts count on the day they were sent: another day has nothing of them.
    expect(codeOf(ask({ spent: 0n }))).toBe('ok');
  });

  it('takes a fee that raises nothing, on a day that is spent', () => {
    expect(codeOf(ask({ spent: 10_000n, extra: 0n }))).toBe('ok');
  });

  it('is bound by the fee of the policy, approved or not', () => {
    const policy = policyOf({ networkFeeMax: 1_499n, approvals: 1 });
    expect(codeOf(ask({ policy, isApproved: true, wasApproved: true }))).toBe(
      'sender.policy_refused',
    );
  });

  it('M16 takes approvals of the intent for no fee beyond the day', () => {
    const policy = policyOf({ approvals: 2 });
    const beyond = { policy, spent: 9_001n };
    expect(ask({ ...beyond, wasApproved: true })).toMatchObject({
      failure: { code: 'sender.approvals_required', limit: 2 },
    });
    expect(codeOf(ask({ ...beyond, isApproved: true }))).toBe('ok');
  });

  it('M16 does not raise what a policy that was tightened meanwhile would not let out', () => {
    const tightened = perDay(8_999n, { approvals: 1 });
    expect(codeOf(ask({ policy: tightened, spent: 0n }))).toBe('sender.approvals_required');
    expect(codeOf(ask({ policy: tightened, spent: 0n, wasApproved: true }))).toBe('ok');
  });
});

describe('decideCancel', () => {
  it('needs no approval and no amount of the day, and obeys the highest fee', () => {
    const nothing = policyOf({ tokens: [], approvals: null, networkFeeMax: 700n });
    expect(codeOf(decideCancel(leaveOf(nothing), 700n))).toBe('ok');
    expect(codeOf(decideCancel(leaveOf(nothing), 701n))).toBe('sender.policy_refused');
  });
});

describe('decideWithheld', () => {
  const predecessor = hash256Of(Uint8Array.of(1));
  const final = { ...atMaxima(3_000n), nonce: 7, validUntilBlock: 120 };
  const ask = (more: Partial<Parameters<typeof decideWithheld>[0]> = {}) =>
    decideWithheld({
      policy: policyOf(),
      wallet,
      transaction: final,
      replaces: [],
      isApproved: false,
      isCancel: false,
      ...more,
    });
  const cancelling: UnsignedTransaction = {
    ...final,
    systemFee: 0n,
    signers: [{ account: wallet, scopes: NO_SCOPES }],
    attributes: [{ type: 'Conflicts', hash: predecessor }],
    script: Uint8Array.of(0x40),
  };

  it('M20 withholds what a policy that was tightened since does not let pass', () => {
    expect(ask()).toBeNull();
    expect(ask({ policy: perDay(3_999n) })).toContain('3999 a day');
  });

  it('does not count the day twice: the intent is in it already', () => {
    expect(ask({ policy: perDay(4_000n) })).toBeNull();
  });

  it('M16 withholds what was approved when the policy of now refuses it', () => {
    expect(ask({ policy: perDay(1n, { approvals: 3 }), isApproved: true })).toBeNull();
    expect(ask({ policy: perDay(1n), isApproved: true })).not.toBeNull();
    const dear = policyOf({ approvals: 1, networkFeeMax: 499n });
    expect(ask({ policy: dear, isApproved: true })).toContain('network fee');
  });

  it('M20 withholds what displaces anything but attempts of its own intent', () => {
    const transaction = { ...final, attributes: cancelling.attributes };
    expect(ask({ transaction, replaces: [predecessor] })).toBeNull();
    expect(ask({ transaction })).toContain('Conflicts');
    expect(ask({ transaction: cancelling, isCancel: true })).toContain('Conflicts');
  });

  it('lets a cancellation be signed under a policy that lets nothing else out', () => {
    const nothing = policyOf({ tokens: [], scopes: [] });
    const cancel = { transaction: cancelling, replaces: [predecessor], isCancel: true };
    expect(ask({ ...cancel, policy: nothing })).toBeNull();
    expect(ask({ ...cancel, policy: policyOf({ networkFeeMax: 499n }) })).toContain('network fee');
  });
});
