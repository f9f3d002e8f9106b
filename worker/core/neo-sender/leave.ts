/**
 * Whether a wallet's policy lets a transaction go out, and what it takes from the day. Asked in the
 * turn that stores an intent or another attempt, where no other can pass the same limit at the same
 * time, and again before the bridge signs, by the policy of that moment (money rules M16, M20).
 */
import { NATIVE_CONTRACTS } from '../neo/native-contracts.ts';
import type { ScriptHash } from '../neo/script-hash.ts';
import type { UnsignedTransaction } from '../neo/transaction/transaction.ts';
import { err, ok, type Result } from '../result.ts';
import {
  allowanceOf,
  decideByPolicy,
  type PolicyQuestion,
  type PolicyVerdict,
  refusalsOf,
  type Spent,
  type WalletPolicy,
} from '../wallets/wallet-policy.ts';
import { cut } from './commands.ts';

/** What stands behind a command; the sender asks the policy itself. */
export interface Leave {
  /** Of the wallet, as it is now. */
  readonly policy: WalletPolicy;
  /** Enough approvals of this very command, in its amounts and its maximum fees. */
  readonly isApproved: boolean;
}

type LeaveCode = 'sender.policy_refused' | 'sender.approvals_required';

const GAS = NATIVE_CONTRACTS.GasToken.hash;
const NOTHING: Spent = { day: 0, amounts: new Map() };

export interface LeaveQuestion {
  readonly leave: Leave;
  readonly wallet: ScriptHash;
  /** With its fees at their maxima. */
  readonly transaction: UnsignedTransaction;
  /** Of the day of `now`. */
  readonly spent: Spent;
  readonly now: number;
}

/** What the transaction takes from the day, its fees among the GAS. */
export function decideLeave({ leave, ...asked }: LeaveQuestion): Result<Spent, LeaveCode> {
  const { policy, isApproved } = leave;
  const verdict = decideByPolicy({ ...asked, policy, replaces: [] });
  return toResult(verdict, isApproved);
}

export interface RaiseQuestion extends LeaveQuestion {
  /** The intent is one that was approved, which stands for all but the raised fee. */
  readonly wasApproved: boolean;
  readonly networkFeeMax: bigint;
  /** Datoshi above what the intent counts already. */
  readonly extra: bigint;
}

/**
 * A raised fee. What the intent moves has been counted on its own day and is not asked of this one;
 * that it could go out at all is, since the replacement is another signature.
 */
export function decideRaise(question: RaiseQuestion): Result<null, LeaveCode> {
  const { leave, wasApproved, networkFeeMax, extra, spent, ...asked } = question;
  const { policy, isApproved } = leave;
  const payable = decideCancel(leave, networkFeeMax);
  if (!payable.ok) return payable;
  const whole = decideByPolicy({ ...asked, policy, replaces: [], spent: NOTHING });
  const stands = toResult(whole, isApproved || wasApproved);
  if (!stands.ok) return stands;
  const perDay = allowanceOf(policy, GAS);
  const before = spent.amounts.get(GAS) ?? 0n;
  const fits = perDay === null || perDay === 'unlimited' || before + extra <= perDay;
  if (fits || extra === 0n || isApproved) return ok(null);
  const reasons = [`more than ${String(perDay)} a day of ${GAS}`];
  return policy.approvals === null
    ? refused(reasons)
    : approvalsRequired(policy.approvals, reasons);
}

/** It moves nothing and lets nothing out, so no approval is asked for it, and no amount of a day. */
export const decideCancel = (
  { policy }: Leave,
  networkFeeMax: bigint,
): Result<null, 'sender.policy_refused'> =>
  networkFeeMax > policy.networkFeeMax
    ? refused(['its network fee is above the maximum'])
    : ok(null);

export interface SigningQuestion {
  /** Of the wallet at this moment. */
  readonly policy: WalletPolicy;
  readonly wallet: ScriptHash;
  /** As it will be signed. */
  readonly transaction: UnsignedTransaction;
  readonly replaces: PolicyQuestion['replaces'];
  readonly isApproved: boolean;
  readonly isCancel: boolean;
}

/**
 * Why an attempt must not be signed under the policy of this moment; null when it may. The day is
 * not asked again: the intent counts in it already.
 */
export function decideWithheld(question: SigningQuestion): string | null {
  const { isApproved, isCancel, ...asked } = question;
  const whole = { ...asked, spent: NOTHING, now: 0 };
  const reasons = isCancel ? refusalsOf(whole) : reasonsAgainst(whole, isApproved);
  return reasons.length === 0 ? null : textOf(reasons);
}

function reasonsAgainst(question: PolicyQuestion, isApproved: boolean): readonly string[] {
  const verdict = decideByPolicy(question);
  const isFree = verdict.kind === 'allowed' || (verdict.kind === 'approvals' && isApproved);
  return isFree ? [] : verdict.reasons;
}

function toResult(verdict: PolicyVerdict, isApproved: boolean): Result<Spent, LeaveCode> {
  if (verdict.kind === 'refused') return refused(verdict.reasons);
  if (verdict.kind === 'allowed' || isApproved) return ok(verdict.spends);
  return approvalsRequired(verdict.approvals, verdict.reasons);
}

const refused = (reasons: readonly string[]) =>
  err('sender.policy_refused', { detail: textOf(reasons) });

const approvalsRequired = (approvals: number, reasons: readonly string[]) =>
  err('sender.approvals_required', { limit: approvals, detail: textOf(reasons) });

const textOf = (reasons: readonly string[]): string => cut(reasons.join('; '));
