/**
 * The order of effects for gas accounts. The book is opened before the row is written and closed
 * before the row says so: a crash between leaves a fund that nobody can name, or one that looks open
 * and takes nothing, and asking again finishes either.
 */
import { type BookIdentity, MAIN } from '../../core/ledger/book.ts';
import { formatGasTerms, type GasTermsForm, loosenedTerms } from '../../core/ledger/gas-terms.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { guard } from '../../db/guards.ts';
import { type CommitContext, commit } from '../../http/commit.ts';
import { checkIfMatch, toEtag } from '../../http/etag.ts';
import { closePage, openPage, type PageQuery } from '../../http/pagination.ts';
import { newId, type RequestContext } from '../../http/request-context.ts';
import { accountOpen } from '../accounts/index.ts';
import { findNetwork } from '../chain/index.ts';
import { executeCommand } from './books.ts';
import { LIMITS } from './limits.ts';
import { decideLoosening } from './loosening.ts';
import { columnsOf, parseSettled } from './settled.ts';
import {
  type GasAccountRow,
  gasAccountsBelow,
  gasAccountUnchanged,
  insertGasAccount,
  listGasAccountRows,
  loadGasAccount,
  mayTopUp,
  updateGasAccountRow,
} from './store.ts';
import { gasAccountAnswer, termsOfRow, toGasAccount } from './views.ts';

/** The service's name for the book. */
const OWNER = 'gas-accounts';

export interface GasAccountPlace {
  readonly accountId: string;
  readonly gasAccountId: string;
}

export interface GasAccountRequest {
  readonly network: string;
  readonly name: string;
  readonly label?: string | undefined;
  readonly minimumBalance: string;
  readonly lowBalance?: string | undefined;
  readonly dailyLimit?: string | undefined;
  readonly topUp?: GasTermsForm['topUp'] | undefined;
}

/** A request's context is one; a function's action has its author's. */
type GasAccountContext = CommitContext & Pick<RequestContext, 'settings'>;

export async function createGasAccount(
  context: GasAccountContext,
  accountId: string,
  request: GasAccountRequest,
) {
  const { dailyLimit = null, topUp = null, lowBalance = null, minimumBalance } = request;
  const settled = parseSettled({ minimumBalance, dailyLimit, topUp }, lowBalance);
  if (!settled.ok) return settled;
  const network = findNetwork(context.settings, request.network);
  if (!network.ok) return network;
  const { id, magic } = network.value.settings;
  const opened = await openFund(context, { magic, owner: accountId }, request.name);
  if (!opened.ok) return opened;
  const { now, db } = context;
  const row: GasAccountRow = {
    gasAccountId: newId('gasAccount', now),
    accountId,
    network: id,
    networkMagic: magic,
    fund: request.name,
    label: request.label ?? null,
    status: 'open',
    ...columnsOf(settled.value, now),
    lowSince: null,
    revision: 1,
    createdAt: now,
    updatedAt: now,
    closedAt: null,
  };
  const limit = LIMITS.gasAccountsMax.value;
  return commit(context, {
    statements: [
      guard('state', accountOpen(accountId)),
      guard('quota', gasAccountsBelow(accountId, limit)),
      guard('member', mayTopUp(row)),
      insertGasAccount(db, row),
    ],
    accountId,
    target: { kind: 'gasAccount', id: row.gasAccountId },
    details: { network: id, magic, name: row.fund, ...formatGasTerms(settled.value.terms) },
    conflicts: {
      'gas_accounts.account_id, gas_accounts.network_magic, gas_accounts.fund': {
        code: 'gasbank.fund_exists',
        detail: row.fund,
      },
    },
    guards: {
      state: { code: 'request.not_found' },
      quota: { code: 'gasbank.full', limit, observed: limit },
      member: { code: 'gasbank.top_up_source' },
    },
    answer: { status: 201, body: toGasAccount(row), etag: toEtag(1) },
  });
}

/** Opening it again is answered as the first time: a closed one is known by its row. */
async function openFund(
  { env }: GasAccountContext,
  book: BookIdentity,
  fund: string,
): Promise<Result<unknown>> {
  if (fund === MAIN) return ok(null);
  return executeCommand(env, book, { kind: 'open', owner: OWNER, id: `open:${fund}`, fund });
}

export async function listGasAccounts(
  context: RequestContext,
  accountId: string,
  query: PageQuery & {
    readonly network?: string | undefined;
    readonly status?: 'open' | 'closed' | undefined;
  },
) {
  const page = openPage(query);
  if (!page.ok) return page;
  const rows = await listGasAccountRows(context.db, {
    accountId,
    network: query.network,
    status: query.status,
    before: page.value.after,
    limit: page.value.rows,
  });
  const body = closePage(rows, query.limit, {
    keyOf: (row) => row.gasAccountId,
    toItem: toGasAccount,
  });
  return ok({ status: 200, body } as const);
}

export async function getGasAccount(context: RequestContext, place: GasAccountPlace) {
  const row = await loadGasAccount(context.db, place.accountId, place.gasAccountId);
  return row ? ok(gasAccountAnswer(row)) : err('request.not_found');
}

/** In the revision the caller means. */
async function openGasAccount(
  context: RequestContext,
  { accountId, gasAccountId }: GasAccountPlace,
): Promise<Result<GasAccountRow, 'request.not_found' | 'request.precondition_failed'>> {
  const row = await loadGasAccount(context.db, accountId, gasAccountId);
  if (!row) return err('request.not_found');
  const matched = checkIfMatch(context.ifMatch, row.revision);
  return matched.ok ? ok(row) : matched;
}

export interface GasAccountChange {
  readonly label?: string | null | undefined;
  readonly lowBalance?: string | null | undefined;
  readonly minimumBalance?: string | undefined;
  readonly dailyLimit?: string | null | undefined;
  readonly topUp?: GasTermsForm['topUp'] | undefined;
}

export async function updateGasAccount(
  context: RequestContext,
  place: GasAccountPlace,
  request: GasAccountChange,
) {
  const opened = await openGasAccount(context, place);
  if (!opened.ok) return opened;
  const row = opened.value;
  if (row.status !== 'open') return err('gasbank.gas_account_closed');
  const { minimumBalance, dailyLimit, topUp, lowBalance, label } = request;
  const known = toGasAccount(row);
  const settled = parseSettled(
    {
      minimumBalance: minimumBalance ?? known.minimumBalance,
      dailyLimit: dailyLimit === undefined ? known.dailyLimit : dailyLimit,
      topUp: topUp === undefined ? known.topUp : topUp,
    },
    lowBalance === undefined ? known.lowBalance : lowBalance,
  );
  if (!settled.ok) return settled;
  const { terms } = settled.value;
  const loosened = loosenedTerms(termsOfRow(row), terms);
  const governed = await decideLoosening(context, row, { terms, loosened });
  if (!governed.ok) return governed;
  const changes = {
    ...columnsOf(settled.value, context.now),
    // A threshold that comes back begins anew.
    lowSince: settled.value.lowBalance === null ? null : row.lowSince,
    label: label === undefined ? row.label : label,
    updatedAt: context.now,
  };
  return commit(context, {
    statements: [
      guard('revision', gasAccountUnchanged(row)),
      guard('member', mayTopUp({ ...row, ...changes })),
      ...governed.value,
      updateGasAccountRow(context.db, row, changes),
    ],
    accountId: place.accountId,
    target: { kind: 'gasAccount', id: row.gasAccountId },
    details: { fields: Object.keys(request), loosened, ...formatGasTerms(terms) },
    guards: {
      revision: { code: 'request.precondition_failed' },
      state: { code: 'request.precondition_failed' },
      member: { code: 'gasbank.top_up_source' },
    },
    answer: gasAccountAnswer({ ...row, ...changes, revision: row.revision + 1 }),
  });
}

export async function closeGasAccount(context: RequestContext, place: GasAccountPlace) {
  const opened = await openGasAccount(context, place);
  if (!opened.ok) return opened;
  const row = opened.value;
  if (row.status !== 'open') return ok(gasAccountAnswer(row));
  const { fund, networkMagic: magic } = row;
  if (fund === MAIN) return err('gasbank.main_stays');
  const book = { magic, owner: place.accountId };
  const command = { kind: 'close_fund', owner: OWNER, id: `close:${fund}`, fund } as const;
  const closed = await executeCommand(context.env, book, command);
  if (!closed.ok) return closed;
  const { now } = context;
  const changes = { status: 'closed', closedAt: now, updatedAt: now, dueAt: null } as const;
  return commit(context, {
    statements: [
      guard('revision', gasAccountUnchanged(row)),
      updateGasAccountRow(context.db, row, changes),
    ],
    accountId: place.accountId,
    target: { kind: 'gasAccount', id: row.gasAccountId },
    details: { network: row.network, name: fund },
    guards: { revision: { code: 'request.precondition_failed' } },
    answer: gasAccountAnswer({ ...row, ...changes, revision: row.revision + 1 }),
  });
}
