/**
 * The order of effects for accounts. Every change is one batch with its audit line
 * (http/commit.ts).
 */
import type { SQL } from 'drizzle-orm';
import { toTimestamp } from '../../core/clock.ts';
import { toFact } from '../../core/money.ts';
import { err, type Failure, ok, type Result } from '../../core/result.ts';
import { guard } from '../../db/guards.ts';
import { type Change, type CommittedAnswer, commit } from '../../http/commit.ts';
import { checkIfMatch, toEtag } from '../../http/etag.ts';
import { closePage, openPage, type PageQuery } from '../../http/pagination.ts';
import { newId, type RequestContext } from '../../http/request-context.ts';
import { gasLeftOf } from '../gasbank/index.ts';
import { hasNoActiveWallet } from '../wallets/index.ts';
import { requireGovernance } from '../workspace-wallets/index.ts';
import { LIMITS } from './limits.ts';
import { DEFAULT_QUOTAS, type Quotas } from './quotas.ts';
import {
  type AccountFilter,
  type AccountRow,
  accountUnchanged,
  insertAccount,
  listAccountRows,
  loadAccount,
  updateAccountRow,
} from './store.ts';

const DAY_MS = 86_400_000;

export interface AccountView {
  readonly id: string;
  readonly name: string;
  readonly status: AccountRow['status'];
  readonly metadata: Record<string, string>;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly purgeAfter: string | null;
}

const toAccount = (row: AccountRow): AccountView => ({
  id: row.accountId,
  name: row.name,
  status: row.status,
  metadata: row.metadata,
  createdAt: toTimestamp(row.createdAt),
  updatedAt: toTimestamp(row.updatedAt),
  purgeAfter:
    row.deletedAt === null
      ? null
      : toTimestamp(row.deletedAt + LIMITS.accountPurgeAfterDays.value * DAY_MS),
});

interface AccountRequest {
  readonly name: string;
  readonly metadata?: Record<string, string> | undefined;
}

/** An account to be, and the statement that opens it in a batch of its caller. */
export function draftAccount(context: RequestContext, request: AccountRequest) {
  const row: AccountRow = {
    accountId: newId('account', context.now),
    name: request.name,
    status: 'active',
    metadata: request.metadata ?? {},
    quotas: {},
    requestSignatures: 'optional',
    revision: 1,
    createdAt: context.now,
    updatedAt: context.now,
    deletedAt: null,
    purgedAt: null,
  };
  return { row, statement: insertAccount(context.db, row) };
}

export async function createAccount(context: RequestContext, request: AccountRequest) {
  const { row, statement } = draftAccount(context, request);
  return commit(context, {
    statements: [statement],
    accountId: row.accountId,
    target: { kind: 'account', id: row.accountId },
    details: { name: row.name },
    // The account has no journal yet, and making one costs more than opening the account.
    drain: 'later',
    answer: { status: 201, body: toAccount(row), etag: toEtag(1) },
  });
}

export async function listAccounts(
  context: RequestContext,
  query: Pick<AccountFilter, 'status' | 'name'> & PageQuery,
) {
  const page = openPage(query);
  if (!page.ok) return page;
  const rows = await listAccountRows(context.db, {
    status: query.status,
    name: query.name,
    before: page.value.after,
    limit: page.value.rows,
  });
  const body = closePage(rows, query.limit, {
    keyOf: (row) => row.accountId,
    toItem: toAccount,
  });
  return ok({ status: 200, body } as const);
}

export async function getAccount(context: RequestContext, accountId: string) {
  const row = await loadAccount(context.db, accountId);
  if (!row) return err('request.not_found');
  return ok({ status: 200, body: toAccount(row), etag: toEtag(row.revision) } as const);
}

export interface AccountChange {
  readonly changes: (row: AccountRow) => Partial<AccountRow>;
  readonly details?: Readonly<Record<string, unknown>>;
  /** A condition beyond the row itself that must still hold when the change is written. */
  readonly still?: SQL;
  /** Another such condition, with its own refusal. */
  readonly needs?: { readonly condition: SQL; readonly failure: Failure };
  /** Beyond the change of the row, in the same batch. */
  readonly statements?: readonly SQL[];
  /** Refuses by what the row is now. */
  readonly allow?: (row: AccountRow) => Failure | undefined;
}

/**
 * Read, check, write guarded by the revision that was read: two changes at once cannot both pass.
 */
export async function changeAccount<const Answer extends CommittedAnswer>(
  context: RequestContext,
  accountId: string,
  change: AccountChange & { readonly answer: (row: AccountRow) => Answer },
): Promise<Result<Answer>> {
  const row = await loadAccount(context.db, accountId);
  if (!row || row.status === 'deleted') return err('request.not_found');
  const matched = checkIfMatch(context.ifMatch, row.revision);
  if (!matched.ok) return matched;
  const refused = change.allow?.(row);
  if (refused) return { ok: false, failure: refused };
  const changes = { ...change.changes(row), updatedAt: context.now };
  const after: AccountRow = { ...row, ...changes, revision: row.revision + 1 };
  const unit: Change<Answer> = {
    statements: [
      guard('revision', accountUnchanged(row)),
      ...(change.still ? [guard('state', change.still)] : []),
      ...(change.needs ? [guard('quota', change.needs.condition)] : []),
      updateAccountRow(context.db, row, changes),
      ...(change.statements ?? []),
    ],
    accountId,
    target: { kind: 'account', id: accountId },
    ...(change.details ? { details: change.details } : {}),
    guards: {
      revision: { code: 'request.precondition_failed' },
      state: { code: 'request.precondition_failed' },
      ...(change.needs ? { quota: change.needs.failure } : {}),
    },
    answer: change.answer(after),
  };
  return commit(context, unit);
}

const accountAnswer = (row: AccountRow) =>
  ({ status: 200, body: toAccount(row), etag: toEtag(row.revision) }) as const;

export const updateAccount = (
  context: RequestContext,
  accountId: string,
  request: {
    readonly name?: string | undefined;
    readonly metadata?: Record<string, string> | undefined;
  },
) =>
  changeAccount(context, accountId, {
    changes: () => ({
      ...(request.name === undefined ? {} : { name: request.name }),
      ...(request.metadata === undefined ? {} : { metadata: request.metadata }),
    }),
    details: { fields: Object.keys(request) },
    answer: accountAnswer,
  });

export const setStatus = (
  context: RequestContext,
  accountId: string,
  {
    from,
    to,
    reason,
  }: { from: 'active' | 'suspended'; to: 'active' | 'suspended'; reason: string },
) =>
  changeAccount(context, accountId, {
    changes: () => ({ status: to }),
    details: { reason },
    allow: (row) => (row.status === from ? undefined : { code: 'accounts.state_conflict' }),
    answer: accountAnswer,
  });

/**
 * What comes in after the look at the books is the owner's all the same: the purge moves it to
 * unclaimed (money rule M17).
 */
export async function deleteAccount(
  context: RequestContext,
  accountId: string,
  { leaveGas }: { readonly leaveGas: boolean },
) {
  const left = leaveGas ? 0n : await gasLeftOf(context.env, context.db, accountId);
  if (left > 0n) return err('gasbank.balance_left', { observed: toFact(left) });
  const act = { operation: 'accounts.deleteAccount' } as const;
  const governed = await requireGovernance(context, accountId, act);
  if (!governed.ok) return governed;
  return changeAccount(context, accountId, {
    changes: () => ({ status: 'deleted', deletedAt: context.now }),
    still: governed.value.still,
    needs: {
      condition: hasNoActiveWallet(accountId),
      failure: { code: 'wallets.still_active' },
    },
    statements: governed.value.statements,
    answer: () => ({ status: 204, body: null }) as const,
  });
}

export async function getQuotas(context: RequestContext, accountId: string) {
  const row = await loadAccount(context.db, accountId);
  if (!row) return err('request.not_found');
  return ok(quotasAnswer(row));
}

export const setQuotas = (context: RequestContext, accountId: string, request: Partial<Quotas>) =>
  changeAccount(context, accountId, {
    changes: (row) => ({ quotas: { ...row.quotas, ...request } }),
    details: { ...request },
    answer: quotasAnswer,
  });

const quotasAnswer = (row: AccountRow) =>
  ({
    status: 200,
    body: { ...DEFAULT_QUOTAS, ...row.quotas },
    etag: toEtag(row.revision),
  }) as const;
