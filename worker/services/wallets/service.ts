/**
 * The order of effects for wallets on a Neo network. The key is made in the bridge before anything
 * is written; a key whose batch fails was never anybody's. A decision is made on what was read, and
 * the batch is guarded by conditions on the same.
 */
import { encodeAddress } from '../../core/neo/address.ts';
import { accountOf } from '../../core/neo/verification-script.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { LIMITS } from '../../core/wallets/limits.ts';
import {
  formatPolicy,
  type PolicyForm,
  parsePolicy,
  policyWithNothingFree,
} from '../../core/wallets/policy-form.ts';
import { guard } from '../../db/guards.ts';
import { commit } from '../../http/commit.ts';
import { checkIfMatch, toEtag } from '../../http/etag.ts';
import { closePage, openPage, type PageQuery } from '../../http/pagination.ts';
import { newId, type RequestContext } from '../../http/request-context.ts';
import { accountOpen, loadQuotas, quotaExceeded } from '../accounts/index.ts';
import { findNetwork } from '../chain/index.ts';
import { dataKeyOf } from '../secrets/index.ts';
import { requireGovernance } from '../workspace-wallets/index.ts';
import {
  insertWallet,
  listWalletRows,
  loadWallet,
  updateWalletRow,
  type WalletRow,
  walletsBelow,
  walletUnchanged,
} from './store.ts';
import { toWallet, walletAnswer } from './views.ts';

export interface WalletPlace {
  readonly accountId: string;
  readonly walletId: string;
}

export interface WalletRequest {
  readonly network: string;
  readonly label?: string | undefined;
  readonly exportable: boolean;
  readonly policy?: PolicyForm | undefined;
}

export async function createWallet(
  context: RequestContext,
  accountId: string,
  request: WalletRequest,
) {
  const policy =
    request.policy === undefined ? ok(NOTHING_FREE) : parsePolicy(request.policy, '/policy');
  if (!policy.ok) return policy;
  const network = findNetwork(context.settings, request.network);
  if (!network.ok) return network;
  const { id, magic } = network.value.settings;
  const made = await makeKey(context, accountId, { magic, exportable: request.exportable });
  if (!made.ok) return made;
  const { now, db } = context;
  const row: WalletRow = {
    ...made.value,
    accountId,
    network: id,
    label: request.label ?? null,
    status: 'active',
    policy: formatPolicy(policy.value),
    revision: 1,
    createdAt: now,
    updatedAt: now,
    retiredAt: null,
    exportedAt: null,
  };
  const quota = (await loadQuotas(db, accountId)).chainWallets;
  return commit(context, {
    statements: [
      guard('state', accountOpen(accountId)),
      guard('quota', walletsBelow(accountId, quota)),
      insertWallet(db, row),
    ],
    accountId,
    target: { kind: 'wallet', id: row.walletId },
    details: { network: id, magic, address: row.address, exportable: row.exportable },
    guards: { state: { code: 'request.not_found' }, quota: quotaExceeded('chainWallets', quota) },
    answer: { status: 201, body: toWallet(row), etag: toEtag(1) },
  });
}

const NOTHING_FREE = policyWithNothingFree({
  systemFeeMax: LIMITS.moneyPolicySystemFeeMaxDefault.value,
  networkFeeMax: LIMITS.moneyPolicyNetworkFeeMaxDefault.value,
});

/** What the bridge fixed for ever, as the row has it. */
async function makeKey(
  context: RequestContext,
  accountId: string,
  { magic, exportable }: { readonly magic: number; readonly exportable: boolean },
) {
  const wrappedKey = await dataKeyOf(context, accountId);
  if (!wrappedKey.ok) return wrappedKey;
  const walletId = newId('wallet', context.now);
  const made = await context.env.BRIDGE.createChainKey({
    accountId,
    wrappedKey: wrappedKey.value,
    walletId,
    purpose: 'tenant',
    network: magic,
    exportable,
  });
  if (!made.ok) return made;
  const { facts, sealedKey } = made.value;
  const scriptHash = accountOf(facts.publicKey);
  return ok({
    walletId,
    networkMagic: facts.network,
    purpose: facts.purpose,
    exportable: facts.exportable,
    publicKey: facts.publicKey,
    scriptHash,
    address: encodeAddress(scriptHash),
    sealedKey,
  });
}

export async function listWallets(
  context: RequestContext,
  accountId: string,
  query: PageQuery & {
    readonly network?: string | undefined;
    readonly status?: WalletRow['status'] | undefined;
  },
) {
  const page = openPage(query);
  if (!page.ok) return page;
  const rows = await listWalletRows(context.db, {
    accountId,
    network: query.network,
    status: query.status,
    before: page.value.after,
    limit: page.value.rows,
  });
  const body = closePage(rows, query.limit, { keyOf: (row) => row.walletId, toItem: toWallet });
  return ok({ status: 200, body } as const);
}

export async function getWallet(context: RequestContext, { accountId, walletId }: WalletPlace) {
  const row = await loadWallet(context.db, accountId, walletId);
  return row ? ok(walletAnswer(row)) : err('request.not_found');
}

/** The wallet in the revision the caller means. */
export async function openWallet(
  context: RequestContext,
  { accountId, walletId }: WalletPlace,
): Promise<Result<WalletRow, 'request.not_found' | 'request.precondition_failed'>> {
  const row = await loadWallet(context.db, accountId, walletId);
  if (!row) return err('request.not_found');
  const matched = checkIfMatch(context.ifMatch, row.revision);
  return matched.ok ? ok(row) : matched;
}

export async function updateWallet(
  context: RequestContext,
  place: WalletPlace,
  label: string | null,
) {
  const opened = await openWallet(context, place);
  if (!opened.ok) return opened;
  const row = opened.value;
  const changes = { label, updatedAt: context.now };
  return commit(context, {
    statements: [
      guard('revision', walletUnchanged(row)),
      updateWalletRow(context.db, row, changes),
    ],
    accountId: place.accountId,
    target: { kind: 'wallet', id: row.walletId },
    details: { fields: ['label'] },
    guards: { revision: { code: 'request.precondition_failed' } },
    answer: walletAnswer({ ...row, ...changes, revision: row.revision + 1 }),
  });
}

/**
 * The attack: a stolen key retires the treasury, and what it holds can never be moved. So it is one
 * of the acts that an active wallet policy governs.
 */
export async function retireWallet(context: RequestContext, place: WalletPlace) {
  const opened = await openWallet(context, place);
  if (!opened.ok) return opened;
  const row = opened.value;
  if (row.status === 'retired') return ok(walletAnswer(row));
  const act = { operation: 'wallets.retireWallet', walletId: row.walletId } as const;
  const governed = await requireGovernance(context, place.accountId, act);
  if (!governed.ok) return governed;
  const { now } = context;
  const changes = { status: 'retired', retiredAt: now, updatedAt: now } as const;
  return commit(context, {
    statements: [
      guard('revision', walletUnchanged(row)),
      guard('state', governed.value.still),
      updateWalletRow(context.db, row, changes),
      ...governed.value.statements,
    ],
    accountId: place.accountId,
    target: { kind: 'wallet', id: row.walletId },
    details: { network: row.network, address: row.address },
    guards: {
      revision: { code: 'request.precondition_failed' },
      state: { code: 'request.precondition_failed' },
    },
    answer: walletAnswer({ ...row, ...changes, revision: row.revision + 1 }),
  });
}
