/**
 * The day of a wallet, in the turn that takes from it: two sends that would pass a limit together
 * come one after the other here, and the second sees what the first took (money rule M16).
 */
import { assert } from '../../worker/core/assert.ts';
import {
  decodeUnsigned,
  type UnsignedTransaction,
} from '../../worker/core/neo/transaction/transaction.ts';
import type { ReplaceCommand, SendCommand } from '../../worker/core/neo-sender/commands.ts';
import {
  decideCancel,
  decideLeave,
  decideRaise,
  type Leave,
} from '../../worker/core/neo-sender/leave.ts';
import type { Dossier } from '../../worker/core/neo-sender/lifecycle.ts';
import {
  countedFees,
  feeOf,
  releasedBy,
  type Spending,
  spendingsOf,
} from '../../worker/core/neo-sender/spending.ts';
import { ok, type Result } from '../../worker/core/result.ts';
import { dayOf } from '../../worker/core/wallets/wallet-policy.ts';
import type { SpendingStore } from './spendings-sql.ts';
import type { Turn } from './turn.ts';

type LeaveCode = 'sender.policy_refused' | 'sender.approvals_required';

/** What an intent to be sent will take; stored by the caller once nothing else refuses it. */
export function askToSend(
  { stores, now }: Turn,
  { template, terms }: SendCommand,
  leave: Leave | null,
): Result<readonly Spending[], LeaveCode> {
  if (leave === null) return ok([]);
  const transaction = atMaxima(template, terms);
  const spent = stores.spendings.loadDay(dayOf(now));
  const asked = { leave, wallet: senderIn(transaction), transaction, spent, now };
  const spends = decideLeave(asked);
  return spends.ok ? ok(spendingsOf(spends.value, terms)) : spends;
}

/** What another attempt takes beyond what its intent counts already. */
export function askToReplace(
  { stores, now }: Turn,
  { intent }: Dossier,
  { command, leave }: { readonly command: ReplaceCommand; readonly leave: Leave | null },
): Result<readonly Spending[], LeaveCode> {
  assert((leave === null) === (intent.authority === 'purpose'), 'one kind of leave for an intent');
  if (leave === null) return ok([]);
  const { networkFeeMax } = command;
  const isCancel = command.kind === 'cancel';
  const fee = isCancel ? networkFeeMax : intent.terms.systemFeeMax + networkFeeMax;
  const counted = countedFees(stores.spendings.listOf(intent.id));
  const extra = fee > counted ? fee - counted : 0n;
  const day = dayOf(now);
  const taken = extra > 0n ? [feeOf(day, extra)] : [];
  if (isCancel) {
    const left = decideCancel(leave, networkFeeMax);
    return left.ok ? ok(taken) : left;
  }
  const template = stores.intents.loadTemplate(intent.id);
  const transaction = atMaxima(template, intent.terms);
  const left = decideRaise({
    leave,
    wasApproved: intent.authority === 'approvals',
    networkFeeMax,
    wallet: senderIn(transaction),
    transaction,
    spent: stores.spendings.loadDay(day),
    extra,
    now,
  });
  return left.ok ? ok(taken) : left;
}

function atMaxima(
  template: Uint8Array,
  fees: { readonly systemFeeMax: bigint; readonly networkFeeMax: bigint },
): UnsignedTransaction {
  const decoded = decodeUnsigned(template);
  assert(decoded.ok, 'a template that was checked');
  const { systemFeeMax: systemFee, networkFeeMax: networkFee } = fees;
  return { ...decoded.value, systemFee, networkFee };
}

/** The first signer, which the template was checked for. */
function senderIn({ signers }: UnsignedTransaction) {
  const [sender] = signers;
  assert(sender !== undefined, 'a transaction has a signer');
  return sender.account;
}

export function take(store: SpendingStore, id: string, spendings: readonly Spending[]): void {
  for (const spending of spendings) store.add(id, spending);
  const [first] = spendings;
  if (first !== undefined) store.removeDaysBefore(first.day);
}

/** The rows go with what they give back, so it is given back once. */
export function release(store: SpendingStore, ended: Dossier): void {
  const { id } = ended.intent;
  const spendings = store.listOf(id);
  if (spendings.length === 0) return;
  for (const spending of releasedBy(ended, spendings)) store.subtract(spending);
  store.removeOf(id);
}
