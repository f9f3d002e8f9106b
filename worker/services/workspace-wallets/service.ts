/**
 * The order of effects for workspace wallets. A decision that needs the policy is made on what was
 * read, and the batch is guarded by conditions on the same: a change in between fails the whole
 * batch instead of slipping past the decision.
 */
import { assert } from '../../core/assert.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { parseWalletAddress, type WalletKind } from '../../core/wallets/wallet-address.ts';
import { guard } from '../../db/guards.ts';
import { commit } from '../../http/commit.ts';
import { checkIfMatch, toEtag } from '../../http/etag.ts';
import { closePage, openPage, type PageQuery } from '../../http/pagination.ts';
import { newId, type RequestContext } from '../../http/request-context.ts';
import { accountOpen, loadQuotas, quotaExceeded } from '../accounts/index.ts';
import { leavePolicy } from './policy.ts';
import {
  deleteWalletRow,
  insertWallet,
  listWalletRows,
  loadPolicy,
  loadWallet,
  notMember,
  updateWalletRow,
  type WalletRow,
  walletsBelow,
  walletUnchanged,
} from './store.ts';
import { toWallet, walletAnswer } from './views.ts';

type WalletDraft = Pick<
  WalletRow,
  'accountId' | 'kind' | 'address' | 'scriptHash' | 'label' | 'status'
>;

const draftWallet = ({ now }: RequestContext, draft: WalletDraft): WalletRow => ({
  ...draft,
  walletId: newId('workspaceWallet', now),
  revision: 1,
  createdAt: now,
  updatedAt: now,
});

/** The wallet of an account that it opens itself, and the statement that adds it. */
export function draftVerifiedWallet(context: RequestContext, accountId: string, address: string) {
  const parsed = parseWalletAddress('neo', address);
  assert(parsed.ok, 'an address that has signed');
  const wallet = { ...parsed.value, accountId, label: null, status: 'verified' } as const;
  const row = draftWallet(context, wallet);
  return { row, statement: insertWallet(context.db, row) };
}

export async function createWallet(
  context: RequestContext,
  accountId: string,
  request: {
    readonly kind: WalletKind;
    readonly address: string;
    readonly label?: string | undefined;
  },
) {
  const parsed = parseWalletAddress(request.kind, request.address);
  if (!parsed.ok) return parsed;
  const { db } = context;
  const label = request.label ?? null;
  const row = draftWallet(context, { ...parsed.value, accountId, label, status: 'unverified' });
  const quota = (await loadQuotas(db, accountId)).wallets;
  return commit(context, {
    statements: [
      guard('state', accountOpen(accountId)),
      guard('quota', walletsBelow(accountId, quota)),
      insertWallet(db, row),
    ],
    accountId,
    target: { kind: 'workspaceWallet', id: row.walletId },
    details: { kind: row.kind, address: row.address },
    conflicts: {
      'workspace_wallets.account_id, workspace_wallets.kind, workspace_wallets.address': {
        code: 'wallets.address_taken',
      },
    },
    guards: { state: { code: 'request.not_found' }, quota: quotaExceeded('wallets', quota) },
    answer: { status: 201, body: toWallet(row), etag: toEtag(1) },
  });
}

export async function listWallets(
  context: RequestContext,
  accountId: string,
  query: PageQuery & {
    readonly kind?: WalletKind | undefined;
    readonly status?: WalletRow['status'] | undefined;
  },
) {
  const page = openPage(query);
  if (!page.ok) return page;
  const rows = await listWalletRows(context.db, {
    accountId,
    kind: query.kind,
    status: query.status,
    before: page.value.after,
    limit: page.value.rows,
  });
  const body = closePage(rows, query.limit, { keyOf: (row) => row.walletId, toItem: toWallet });
  return ok({ status: 200, body } as const);
}

export async function getWallet(context: RequestContext, accountId: string, walletId: string) {
  const row = await loadWallet(context.db, accountId, walletId);
  return row ? ok(walletAnswer(row)) : err('request.not_found');
}

/** The wallet in the revision the caller means. */
async function openWallet(
  context: RequestContext,
  accountId: string,
  walletId: string,
): Promise<Result<WalletRow, 'request.not_found' | 'request.precondition_failed'>> {
  const row = await loadWallet(context.db, accountId, walletId);
  if (!row) return err('request.not_found');
  const matched = checkIfMatch(context.ifMatch, row.revision);
  return matched.ok ? ok(row) : matched;
}

export async function updateWallet(
  context: RequestContext,
  { accountId, walletId }: { readonly accountId: string; readonly walletId: string },
  label: string | null,
) {
  const opened = await openWallet(context, accountId, walletId);
  if (!opened.ok) return opened;
  const row = opened.value;
  const changes = { label, updatedAt: context.now };
  return commit(context, {
    statements: [
      guard('revision', walletUnchanged(row)),
      updateWalletRow(context.db, row, changes),
    ],
    accountId,
    target: { kind: 'workspaceWallet', id: walletId },
    details: { fields: ['label'] },
    guards: { revision: { code: 'request.precondition_failed' } },
    answer: walletAnswer({ ...row, ...changes, revision: row.revision + 1 }),
  });
}

export async function deleteWallet(context: RequestContext, accountId: string, walletId: string) {
  const opened = await openWallet(context, accountId, walletId);
  if (!opened.ok) return opened;
  const row = opened.value;
  const policy = await loadPolicy(context.db, accountId);
  const leaving = policy?.members.includes(walletId)
    ? await leavePolicy(context, policy, walletId)
    : ok([guard('member', notMember(accountId, walletId))]);
  if (!leaving.ok) return leaving;
  return commit(context, {
    statements: [
      guard('revision', walletUnchanged(row)),
      ...leaving.value,
      deleteWalletRow(context.db, row),
    ],
    accountId,
    target: { kind: 'workspaceWallet', id: walletId },
    details: { kind: row.kind, address: row.address },
    guards: {
      revision: { code: 'request.precondition_failed' },
      member: { code: 'wallets.approvals_required' },
    },
    answer: { status: 204, body: null },
  });
}
