/**
 * What is asked for under an id of the caller's own, and what approvals are given to (money rule
 * M16): everything that leaves, to whom, at what highest fee, who may approve and until when. It is
 * fixed with the row, so nothing in it changes under an approval that was given.
 */
import { sha256Canonical } from '../canonical-json.ts';
import type { ScriptHash } from '../neo/script-hash.ts';

export interface WithdrawalWish {
  readonly gasAccountId: string;
  readonly amount: bigint;
  readonly to: ScriptHash;
  readonly route?: 'vault' | 'resolver' | undefined;
  readonly scheduleAt?: number | undefined;
  readonly feeMax?: bigint | undefined;
  readonly note?: string | undefined;
}

/** Tells another wish under the same id from the same one, asked again. */
export const hashWithdrawalWish = (wish: WithdrawalWish): string =>
  sha256Canonical({
    gasAccountId: wish.gasAccountId,
    amount: wish.amount.toString(),
    to: wish.to,
    route: wish.route ?? null,
    scheduleAt: wish.scheduleAt ?? null,
    feeMax: wish.feeMax?.toString() ?? null,
    note: wish.note ?? null,
  });

export interface ApprovedWithdrawal {
  readonly accountId: string;
  readonly withdrawalId: string;
  readonly gasAccountId: string;
  readonly network: string;
  readonly networkMagic: number;
  readonly vault: ScriptHash | null;
  readonly to: ScriptHash;
  /** Datoshi. */
  readonly amount: number;
  readonly feeMax: number;
  readonly scheduledAt: number | null;
  readonly threshold: number | null;
  readonly approvers: readonly string[];
  readonly expiresAt: number | null;
}

/** 64 hexadecimal digits. */
export const hashWithdrawal = ({ approvers, ...plain }: ApprovedWithdrawal): string =>
  sha256Canonical({ ...plain, approvers: approvers.toSorted() });
