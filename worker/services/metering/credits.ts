/** The order of effects for credits: bought, given by an operator, given once to who is verified. */
import { and, eq, notExists, sql } from 'drizzle-orm';
import type { Account } from '../../core/ledger/book.ts';
import { formatGas, parseGas, toStored } from '../../core/money.ts';
import type { NetworkSettings } from '../../core/neo/network-settings.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { failedGuard, failedUnique, guard } from '../../db/guards.ts';
import { commit } from '../../http/commit.ts';
import { creatorOf, type RequestContext } from '../../http/request-context.ts';
import { findBoundNetwork, findNetwork } from '../chain/index.ts';
import { bookOf, loadGasAccount } from '../gasbank/index.ts';
import { workspaceWallets } from '../workspace-wallets/index.ts';
import { LIMITS } from './limits.ts';
import {
  type CreditOrderRow,
  carryOut,
  findOrder,
  markBooked,
  placeOrder,
  toldOf,
} from './orders.ts';
import { loadPriceList, type StandingPrices } from './price-lists.ts';
import { creditOrders } from './tables.ts';
import { toGrant, toPurchase } from './views.ts';

const CREDIT_ACCOUNTS = [
  'credits_available',
  'credits_reserved',
  'credits_spent',
  'credits_issued',
] as const satisfies readonly Account[];

export async function getCredits(
  { env, settings }: RequestContext,
  accountId: string,
  { network: id }: { readonly network: string },
) {
  const network = findNetwork(settings, id);
  if (!network.ok) return network;
  const book = { magic: network.value.settings.magic, owner: accountId };
  const accounts = CREDIT_ACCOUNTS;
  const read = await bookOf(env, book).balances({ accounts, limit: accounts.length });
  const [available, reserved, spent, issued] = read.value.items.map(({ balance }) => balance);
  const body = {
    network: id,
    available: formatGas(available ?? 0n),
    reserved: formatGas(reserved ?? 0n),
    spent: formatGas(spent ?? 0n),
    // The book owes what it has issued.
    issued: formatGas(-(issued ?? 0n)),
  };
  return ok({ status: 200, body } as const);
}

/** What every kind of order has alike. */
function draftOrder(
  { now, principal }: RequestContext,
  accountId: string,
  { id, magic }: NetworkSettings,
) {
  return {
    accountId,
    network: id,
    networkMagic: magic,
    gasAccountId: null,
    creditsPerGas: null,
    priceVersion: 0,
    wallet: null,
    reason: null,
    createdBy: creatorOf(principal),
    createdAt: now,
    dueAt: now + LIMITS.creditOrderSeconds.value * 1_000,
    bookedAt: null,
  };
}

interface PurchaseRequest {
  readonly id: string;
  readonly gasAccountId: string;
  readonly amount: string;
}

export async function buyCredits(
  context: RequestContext,
  accountId: string,
  request: PurchaseRequest,
) {
  const { db, settings } = context;
  const gasAccount = await loadGasAccount(db, accountId, request.gasAccountId);
  if (!gasAccount) return err('gasbank.fund_not_found', { detail: request.gasAccountId });
  const network = findBoundNetwork(settings, gasAccount);
  if (!network.ok) return network;
  const amount = parseGas(request.amount, '/amount');
  if (!amount.ok) return amount;
  const { settings: facts } = network.value;
  const standing = await loadPriceList(db, facts.magic);
  const wanted = {
    ...draftOrder(context, accountId, facts),
    kind: 'purchase',
    orderKey: `purchase:${request.id}`,
    gasAccountId: gasAccount.gasAccountId,
    amount: toStored(amount.value),
    creditsPerGas: standing?.row.creditsPerGas ?? null,
    priceVersion: standing?.row.version ?? 0,
  } as const satisfies CreditOrderRow;
  const known = await findOrder(db, wanted);
  if (!known && wanted.creditsPerGas === null) return err('metering.credits_not_sold');
  const row = known ?? (await placeOrder(context, wanted));
  const isSame = row.gasAccountId === wanted.gasAccountId && row.amount === wanted.amount;
  if (!isSame) return err('gasbank.command_conflict');
  return finish(context, row, { status: 201, body: toPurchase(row) } as const);
}

interface GrantRequest {
  readonly id: string;
  readonly network: string;
  readonly amount: string;
  readonly reason: string;
}

export async function grantCredits(
  context: RequestContext,
  accountId: string,
  request: GrantRequest,
) {
  const network = findNetwork(context.settings, request.network);
  if (!network.ok) return network;
  const amount = parseGas(request.amount, '/amount');
  if (!amount.ok) return amount;
  const wanted = {
    ...draftOrder(context, accountId, network.value.settings),
    kind: 'grant',
    orderKey: `grant:${request.id}`,
    amount: toStored(amount.value),
    reason: request.reason,
  } as const satisfies CreditOrderRow;
  const row = await placeOrder(context, wanted);
  if (row.amount !== wanted.amount) return err('gasbank.command_conflict');
  return finish(context, row, { status: 201, body: toGrant(row) } as const);
}

/**
 * The attack: accounts are free to open and wallets free to make, so neither bounds what is given
 * away. The total does, counted in the batch that writes the row; account and address are each
 * served once besides, for as long as the records of the account are kept.
 */
export async function claimInitialAllocation(
  context: RequestContext,
  accountId: string,
  request: { readonly network: string },
) {
  const network = findNetwork(context.settings, request.network);
  if (!network.ok) return network;
  const { settings: facts } = network.value;
  const key = { accountId, networkMagic: facts.magic, orderKey: INITIAL };
  const known = await findOrder(context.db, key);
  const placed = known ? ok(known) : await placeInitial(context, accountId, facts);
  if (!placed.ok) return placed;
  return finish(context, placed.value, { status: 201, body: toGrant(placed.value) } as const);
}

const INITIAL = 'initial';

async function placeInitial(
  context: RequestContext,
  accountId: string,
  network: NetworkSettings,
): Promise<Result<CreditOrderRow>> {
  const standing = await loadPriceList(context.db, network.magic);
  const given = givenBy(standing);
  if (given === null) return err('metering.allocation_unavailable');
  const wallet = await findUnservedWallet(context, accountId, network.magic);
  if (wallet === undefined) return err('metering.wallet_needed');
  const row: CreditOrderRow = {
    ...draftOrder(context, accountId, network),
    kind: INITIAL,
    orderKey: INITIAL,
    amount: given.credits,
    priceVersion: given.version,
    wallet,
  };
  const isLeft = sql`(SELECT coalesce(sum(amount), 0) FROM credit_orders
    WHERE network_magic = ${network.magic} AND kind = ${INITIAL}) + ${given.credits} <= ${given.total}`;
  try {
    return ok(await placeOrder(context, row, [guard('quota', isLeft)]));
  } catch (thrown) {
    if (failedGuard(thrown) === 'quota') return err('metering.allocation_unavailable');
    // Another account was served with this address a moment ago.
    if (failedUnique(thrown) !== undefined) return err('metering.wallet_needed');
    throw thrown;
  }
}

function givenBy(standing: StandingPrices | undefined) {
  const { initialCredits = null, initialTotal = null, version = 0 } = standing?.row ?? {};
  if (initialCredits === null || initialTotal === null) return null;
  return { credits: initialCredits, total: initialTotal, version };
}

async function findUnservedWallet(
  { db }: RequestContext,
  accountId: string,
  magic: number,
): Promise<string | undefined> {
  const wallet = sql<string>`${workspaceWallets.kind} || ':' || ${workspaceWallets.address}`;
  const served = db
    .select({ one: sql`1` })
    .from(creditOrders)
    .where(and(eq(creditOrders.networkMagic, magic), eq(creditOrders.wallet, wallet)));
  const [found] = await db
    .select({ wallet })
    .from(workspaceWallets)
    .where(
      and(
        eq(workspaceWallets.accountId, accountId),
        eq(workspaceWallets.status, 'verified'),
        notExists(served),
      ),
    )
    .limit(1);
  return found?.wallet;
}

/** Books it, then tells it. What was told already is answered once more. */
async function finish<const Answer extends { readonly status: 201; readonly body: unknown }>(
  context: RequestContext,
  row: CreditOrderRow,
  answer: Answer,
): Promise<Result<Answer>> {
  if (row.bookedAt !== null) return ok(answer);
  const booked = await carryOut(context, row);
  if (!booked.ok) return booked;
  const statements = [markBooked(context.db, row, context.now)];
  return commit(context, { statements, ...toldOf(row), answer });
}
