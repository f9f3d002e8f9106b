/**
 * A withdrawal, from the wish to the hold. Everything that can refuse it is asked before anything is
 * written; then the row, then the hold (opening.ts). What the policy lets leave by itself is `ready`
 * and handed over; what needs approvals waits, with the set of approvers and their number fixed for
 * ever (money rule M16).
 */
import type { SQL } from 'drizzle-orm';
import { toStored } from '../../core/money.ts';
import { err, type Failure, ok, type Result } from '../../core/result.ts';
import { LIMITS as PAYOUT_LIMITS } from '../../core/withdrawals/limits.ts';
import { onChainIdOf } from '../../core/withdrawals/on-chain-id.ts';
import { decideWithdrawal } from '../../core/withdrawals/policy.ts';
import { hashWithdrawal, hashWithdrawalWish } from '../../core/withdrawals/wish.ts';
import { runBatch } from '../../db/batch.ts';
import { failedGuard, failedUnique, guard } from '../../db/guards.ts';
import { authorOf } from '../../http/commit.ts';
import { nameOfActor, newId } from '../../http/request-context.ts';
import { accountOpen } from '../accounts/index.ts';
import { type GasAccountRow, loadGasAccount } from '../gasbank/index.ts';
import { listApproversOf } from '../workspace-wallets/index.ts';
import { advanceSoon } from './advance.ts';
import { DAY_MS, MINUTE_MS } from './deps.ts';
import { checkDestination } from './destinations.ts';
import { LIMITS } from './limits.ts';
import { type Opened, type OpeningContext, open } from './opening.ts';
import { loadPolicyRow, policyOf, policyUnchanged } from './policy-store.ts';
import {
  type AskedWithdrawal,
  findRoute,
  type ParsedWithdrawal,
  parseWithdrawal,
  type Quote,
  quoteRoute,
  type Route,
} from './quote.ts';
import { findOrWrite } from './same-request.ts';
import { insertPayout, loadWithdrawal, type PayoutRow, payoutsBelow } from './store.ts';
import { toWithdrawal, type WithdrawalBody } from './views.ts';

export interface WithdrawalRequest extends AskedWithdrawal {
  /** The caller's own: the same one again is the same withdrawal, for the life of the book. */
  readonly id: string;
  /** RFC 3339. */
  readonly scheduleAt?: string | undefined;
  readonly note?: string | undefined;
}

export interface WithdrawalAnswer {
  readonly status: 200 | 201;
  readonly body: WithdrawalBody;
}

export async function createWithdrawal(
  context: OpeningContext,
  accountId: string,
  request: WithdrawalRequest,
): Promise<Result<WithdrawalAnswer>> {
  const parsed = parseWithdrawal(request);
  if (!parsed.ok) return parsed;
  const account = await loadGasAccount(context.db, accountId, request.gasAccountId);
  if (!account) return err('gasbank.fund_not_found');
  const digest = digestOf(request, parsed.value);
  const asked = { request, parsed: parsed.value, account, digest };
  const opening = await findOrWrite(
    context.db,
    {
      accountId,
      networkMagic: account.networkMagic,
      requestId: request.id,
      requestDigest: digest,
    },
    () => write(context, asked),
  );
  if (!opening.ok) return opening;
  if (opening.value.status !== 'opening') return answerAgain(context, opening.value);
  const opened = await open(context, opening.value, toBody);
  if (!opened.ok) return opened;
  await advanceSoon(context, opened.value.row);
  return toAnswer(opened.value);
}

const toBody = (row: PayoutRow): WithdrawalBody => toWithdrawal({ row, approvals: [] });

const toAnswer = ({ status, body }: Opened<WithdrawalBody>): Result<WithdrawalAnswer> =>
  ok({ status, body });

const digestOf = (
  { gasAccountId, route, scheduleAt, note }: WithdrawalRequest,
  { amount, to, feeMax }: ParsedWithdrawal,
): string =>
  hashWithdrawalWish({
    gasAccountId,
    amount,
    to,
    route,
    scheduleAt: scheduleAt === undefined ? undefined : Date.parse(scheduleAt),
    feeMax: feeMax ?? undefined,
    note,
  });

async function answerAgain(
  { db }: OpeningContext,
  row: PayoutRow,
): Promise<Result<WithdrawalAnswer>> {
  const known = await loadWithdrawal(db, row);
  return known
    ? ok({ status: 200, body: toWithdrawal(known) })
    : err('request.precondition_failed');
}

interface Asked {
  readonly request: WithdrawalRequest;
  readonly parsed: ParsedWithdrawal;
  readonly account: GasAccountRow;
  readonly digest: string;
}

/** The row of the wish, before any money is held for it. */
async function write(context: OpeningContext, asked: Asked): Promise<Result<PayoutRow>> {
  const { request, parsed, account } = asked;
  if (account.status !== 'open') return err('gasbank.fund_not_found');
  const scheduledAt = parseSchedule(request.scheduleAt, context.now);
  if (!scheduledAt.ok) return scheduledAt;
  const { networkMagic } = account;
  const payable = await checkDestination(context, { networkMagic, to: parsed.to });
  if (!payable.ok) return payable;
  const approving = await decideApprovals(context, asked);
  if (!approving.ok) return approving;
  const route = await findRoute(context, account, request.route);
  if (!route.ok) return route;
  const withdrawalId = newId('withdrawal', context.now);
  const quote = await quoteFor(context, { ...asked, withdrawalId, route: route.value });
  if (!quote.ok) return quote;
  const { still, ...approval } = approving.value;
  const row = rowOf(context, {
    ...asked,
    withdrawalId,
    route: route.value,
    quote: quote.value,
    scheduledAt: scheduledAt.value,
    ...approval,
  });
  return insert(context, row, still);
}

function parseSchedule(
  text: string | undefined,
  now: number,
): Result<number | null, 'withdrawals.schedule_invalid'> {
  if (text === undefined) return ok(null);
  const at = Date.parse(text);
  const limit = PAYOUT_LIMITS.withdrawalScheduleDaysMax.value;
  return at > now && at <= now + limit * DAY_MS
    ? ok(at)
    : err('withdrawals.schedule_invalid', { limit });
}

interface Approving {
  readonly threshold: number | null;
  readonly approvers: readonly string[];
  /** What was decided on. */
  readonly still: readonly SQL[];
}

/** M16: by the policy of this moment; who may approve and how many must are fixed with it. */
async function decideApprovals(
  { db, now }: OpeningContext,
  { parsed, account }: Asked,
): Promise<Result<Approving, 'withdrawals.destination_refused' | 'withdrawals.approvers_missing'>> {
  const policy = await loadPolicyRow(db, account);
  const decided = decideWithdrawal(policyOf(policy), { ...parsed, now });
  if (!decided.ok) return decided;
  const unchanged = guard('revision', policyUnchanged(account, policy?.revision ?? 0));
  if (!decided.value.needsApprovals)
    return ok({ threshold: null, approvers: [], still: [unchanged] });
  const { walletIds, threshold, still } = await listApproversOf(db, account.accountId);
  const needed = threshold ?? 1;
  if (walletIds.length < needed)
    return err('withdrawals.approvers_missing', { limit: needed, observed: walletIds.length });
  const members = guard('member', still);
  return ok({ threshold: needed, approvers: walletIds, still: [unchanged, members] });
}

interface Routed extends Asked {
  readonly withdrawalId: string;
  readonly route: Route;
}

const vaultOf = (route: Route) => (route.name === 'vault' ? route.paying.vault.contract : null);

function quoteFor(context: OpeningContext, routed: Routed): Promise<Result<Quote>> {
  const { parsed, account, withdrawalId, route } = routed;
  const { amount, to, feeMax } = parsed;
  const id = onChainIdOf({
    magic: account.networkMagic,
    vault: vaultOf(route),
    accountId: account.accountId,
    payoutId: withdrawalId,
  });
  return quoteRoute(context, route, { method: 'release', id, to, amount }, feeMax);
}

interface RowParts extends Routed {
  readonly quote: Quote;
  readonly scheduledAt: number | null;
  readonly threshold: number | null;
  readonly approvers: readonly string[];
}

function rowOf(context: OpeningContext, parts: RowParts): PayoutRow {
  const { request, parsed, account, digest, withdrawalId, route, quote } = parts;
  const { now } = context;
  const { systemFee, networkFee } = quote.fees;
  const hours = LIMITS.withdrawalApprovalHours.value;
  const { network, networkMagic, accountId, gasAccountId, fund } = account;
  const expiresAt = parts.threshold === null ? null : now + hours * 60 * MINUTE_MS;
  const fixed = {
    accountId,
    withdrawalId,
    gasAccountId,
    network,
    networkMagic,
    vault: vaultOf(route),
    amount: toStored(parsed.amount),
    scheduledAt: parts.scheduledAt,
    threshold: parts.threshold,
    approvers: parts.approvers,
    expiresAt,
  };
  return {
    ...NOT_SENT,
    ...fixed,
    kind: 'withdrawal',
    requestId: request.id,
    requestDigest: digest,
    fund,
    route: route.name,
    recipient: parsed.to,
    systemFeeMax: Number(systemFee),
    networkFeeMax: Number(networkFee),
    intentHash: hashWithdrawal({
      ...fixed,
      to: parsed.to,
      feeMax: Number(systemFee + networkFee),
    }),
    etaAt: quote.etaAt,
    note: request.note ?? null,
    createdBy: nameOfActor(authorOf(context)),
    ...openingAt(now),
  };
}

/** Of a row before its first attempt. */
export const NOT_SENT = {
  depositId: null,
  platformWalletId: null,
  reason: null,
  detail: null,
  ending: null,
  sender: null,
  attempt: 0,
  tries: 0,
  handedAt: null,
  hash: null,
  blockIndex: null,
  fee: null,
  reference: null,
  endedAt: null,
} as const;

/** The sweep opens what a request died before. */
export const openingAt = (now: number) =>
  ({
    status: 'opening',
    statusSince: now,
    dueAt: now + LIMITS.withdrawalHandOverSeconds.value * 1_000,
    revision: 1,
    createdAt: now,
    updatedAt: now,
  }) as const;

async function insert(
  { env, db }: OpeningContext,
  row: PayoutRow,
  still: readonly SQL[],
): Promise<Result<PayoutRow>> {
  const limit = LIMITS.withdrawalsOpenMax.value;
  try {
    await runBatch(env.DB, [
      guard('state', accountOpen(row.accountId)),
      guard('quota', payoutsBelow(row.accountId, limit)),
      ...still,
      insertPayout(db, row).getSQL(),
    ]);
    return ok(row);
  } catch (thrown) {
    // The same id at the same time, and the other one was first.
    if (failedUnique(thrown) !== undefined) return err('request.precondition_failed');
    const failure = REFUSALS[failedGuard(thrown) ?? 'none'];
    if (failure === undefined) throw thrown;
    return { ok: false, failure: failure.code === TOO_MANY ? { ...failure, limit } : failure };
  }
}

const TOO_MANY = 'withdrawals.too_many_open';
const REFUSALS: Readonly<Record<string, Failure | undefined>> = {
  state: { code: 'request.not_found' },
  quota: { code: TOO_MANY },
  revision: { code: 'request.precondition_failed' },
  member: { code: 'request.precondition_failed' },
};
