/**
 * Wallets of the platform itself. Their keys lie under a data key of the platform's own, which no
 * account's purge takes away, and are never exported.
 */
import { PLATFORM } from '../../core/ledger/book.ts';
import { parseGas } from '../../core/money.ts';
import { encodeAddress } from '../../core/neo/address.ts';
import { accountOf } from '../../core/neo/verification-script.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { guard } from '../../db/guards.ts';
import { commit } from '../../http/commit.ts';
import { checkIfMatch, toEtag } from '../../http/etag.ts';
import { closePage, openPage, type PageQuery } from '../../http/pagination.ts';
import { newId, type RequestContext } from '../../http/request-context.ts';
import { findNetwork } from '../chain/index.ts';
import { dataKeyOf } from '../secrets/index.ts';
import { LIMITS } from './limits.ts';
import {
  insertPlatformWallet,
  listWalletPage,
  loadPlatformWallet,
  loadVault,
  type PlatformWalletRow,
  platformWalletsBelow,
  platformWalletUnchanged,
  updatePlatformWallet,
  vaultUnchanged,
} from './store.ts';
import type { RefillRule } from './tables.ts';
import { platformWalletAnswer, toPlatformWallet } from './views.ts';
import { watchLater } from './watching.ts';

const CHANGED = { code: 'request.precondition_failed' } as const;

export async function createPlatformWallet(
  context: RequestContext,
  {
    network: networkId,
    purpose,
  }: { readonly network: string; readonly purpose: PlatformWalletRow['purpose'] },
) {
  const network = findNetwork(context.settings, networkId);
  if (!network.ok) return network;
  const { id, magic } = network.value.settings;
  const made = await makeKey(context, magic, purpose);
  if (!made.ok) return made;
  const { now, db } = context;
  const row: PlatformWalletRow = {
    ...made.value,
    network: id,
    status: 'active',
    watchedHeight: null,
    openingHeight: null,
    opening: null,
    refillRule: null,
    revision: 1,
    createdAt: now,
    updatedAt: now,
    retiredAt: null,
  };
  const limit = LIMITS.platformWalletsMax.value;
  const committed = await commit(context, {
    statements: [guard('quota', platformWalletsBelow(magic, limit)), insertPlatformWallet(db, row)],
    accountId: undefined,
    target: { kind: 'platformWallet', id: row.walletId },
    details: { network: id, magic, purpose, address: row.address },
    guards: { quota: { code: 'vaults.wallets_full', limit, observed: limit } },
    answer: { status: 201, body: toPlatformWallet(row), etag: toEtag(1) },
  });
  if (committed.ok) watchLater(context, magic);
  return committed;
}

async function makeKey(
  context: RequestContext,
  network: number,
  purpose: PlatformWalletRow['purpose'],
) {
  const wrappedKey = await dataKeyOf(context, PLATFORM);
  if (!wrappedKey.ok) return wrappedKey;
  const walletId = newId('platformWallet', context.now);
  const made = await context.env.BRIDGE.createChainKey({
    accountId: PLATFORM,
    wrappedKey: wrappedKey.value,
    walletId,
    purpose,
    network,
    exportable: false,
  });
  if (!made.ok) return made;
  const { facts, sealedKey } = made.value;
  const scriptHash = accountOf(facts.publicKey);
  return ok({
    walletId,
    networkMagic: network,
    purpose,
    publicKey: facts.publicKey,
    scriptHash,
    address: encodeAddress(scriptHash),
    sealedKey,
  });
}

export async function listPlatformWallets(
  { db }: RequestContext,
  query: PageQuery & { readonly network?: string | undefined },
) {
  const page = openPage(query);
  if (!page.ok) return page;
  const rows = await listWalletPage(db, {
    network: query.network,
    before: page.value.after,
    limit: page.value.rows,
  });
  const body = closePage(rows, query.limit, {
    keyOf: ({ walletId }) => walletId,
    toItem: toPlatformWallet,
  });
  return ok({ status: 200, body } as const);
}

export async function getPlatformWallet({ db }: RequestContext, walletId: string) {
  const row = await loadPlatformWallet(db, walletId);
  return row ? ok(platformWalletAnswer(row)) : err('request.not_found');
}

/** The wallet in the revision the caller means. */
async function openWallet(
  { db, ifMatch }: RequestContext,
  walletId: string,
): Promise<Result<PlatformWalletRow, 'request.not_found' | 'request.precondition_failed'>> {
  const row = await loadPlatformWallet(db, walletId);
  if (!row) return err('request.not_found');
  const matched = checkIfMatch(ifMatch, row.revision);
  return matched.ok ? ok(row) : matched;
}

export async function retirePlatformWallet(context: RequestContext, walletId: string) {
  const opened = await openWallet(context, walletId);
  if (!opened.ok) return opened;
  const row = opened.value;
  if (row.status === 'retired') return ok(platformWalletAnswer(row));
  const vault = await loadVault(context.db, row.networkMagic);
  if (vault?.operatorWalletId === walletId) return err('vaults.wallet_in_use');
  const { now } = context;
  const changes = { status: 'retired', retiredAt: now } as const;
  return change(context, row, changes, [
    // It could become the operator of the vault meanwhile.
    guard('state', vaultUnchanged(row.networkMagic, vault?.revision ?? null)),
  ]);
}

export async function setRefillRule(
  context: RequestContext,
  walletId: string,
  asked: { readonly below: string; readonly upTo: string } | null,
) {
  const refillRule = asked === null ? ok(null) : parseRule(asked);
  if (!refillRule.ok) return refillRule;
  const opened = await openWallet(context, walletId);
  if (!opened.ok) return opened;
  const row = opened.value;
  if (row.status === 'retired') return err('wallets.retired');
  if (row.purpose !== 'sponsor') return err('vaults.not_a_sponsor');
  return change(context, row, { refillRule: refillRule.value }, []);
}

function parseRule(asked: {
  readonly below: string;
  readonly upTo: string;
}): Result<RefillRule, 'request.malformed'> {
  const below = parseGas(asked.below, '/refillRule/below');
  if (!below.ok) return below;
  const upTo = parseGas(asked.upTo, '/refillRule/upTo');
  if (!upTo.ok) return upTo;
  if (upTo.value <= below.value)
    return err('request.malformed', {
      fields: [{ pointer: '/refillRule/upTo', detail: 'is not more than `below`' }],
    });
  return ok({ below: String(below.value), upTo: String(upTo.value) });
}

function change(
  context: RequestContext,
  row: PlatformWalletRow,
  changes: Partial<PlatformWalletRow>,
  guards: readonly ReturnType<typeof guard>[],
) {
  const changed = { ...changes, revision: row.revision + 1, updatedAt: context.now };
  return commit(context, {
    statements: [
      guard('revision', platformWalletUnchanged(row)),
      ...guards,
      updatePlatformWallet(context.db, row.walletId, changed),
    ],
    accountId: undefined,
    target: { kind: 'platformWallet', id: row.walletId },
    details: { network: row.network, address: row.address },
    guards: { revision: CHANGED, state: CHANGED },
    answer: platformWalletAnswer({ ...row, ...changed }),
  });
}
