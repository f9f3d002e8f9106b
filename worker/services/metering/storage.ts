/**
 * What accounts keep of their executions, paid by the day: the sweep walks all accounts once a day,
 * some at a time, and takes the price of what is kept at that moment under the id of the day, so
 * that a walk that begins again charges nobody twice. An account that cannot pay is told by an
 * event; what it keeps stays, and its next execution is refused.
 */
import { and, asc, eq, gt } from 'drizzle-orm';
import { toTimestamp } from '../../core/clock.ts';
import { dayOf } from '../../core/ledger/budget.ts';
import { type PriceList, priceOfStorage } from '../../core/metering/price-list.ts';
import { formatGas } from '../../core/money.ts';
import type { Failure } from '../../core/result.ts';
import type { Database } from '../../db/connect.ts';
import { errorFields } from '../../http/log.ts';
import { tell } from '../../http/outbox.ts';
import { newId } from '../../http/request-context.ts';
import { accounts } from '../accounts/index.ts';
import { executeCommand, noteSpending } from '../gasbank/index.ts';
import { LIMITS } from './limits.ts';
import type { MeterDeps } from './meter.ts';
import { findPayer, listPriced } from './payer.ts';
import { storageWalks } from './tables.ts';

const OWNER = 'storage';
const PURPOSE = 'executions.storage';
const WALK = 1;
/** After every id of an account. */
const END = '~';

const hasPrice = ({ storage }: PriceList): boolean => storage > 0n;

export async function chargeStorage(deps: MeterDeps): Promise<void> {
  const priced = await listPriced(deps, hasPrice);
  if (priced.length === 0) return;
  const { db, now, log } = deps;
  const day = dayOf(now);
  const limit = LIMITS.meteringSweepRowsMax.value;
  const accountIds = await listAfter(db, await loadPlace(db, day), limit);
  for (const accountId of accountIds) {
    try {
      await chargeAccount(deps, accountId, day);
    } catch (thrown) {
      log.error('metering.storage_failed', { accountId, ...errorFields(thrown) });
    }
  }
  const last = accountIds.length < limit ? END : (accountIds.at(-1) ?? END);
  await savePlace(db, day, last);
}

async function loadPlace(db: Database, day: number): Promise<string> {
  const [walk] = await db.select().from(storageWalks).where(eq(storageWalks.walk, WALK));
  return walk?.day === day ? walk.afterAccount : '';
}

const savePlace = (db: Database, day: number, afterAccount: string) =>
  db
    .insert(storageWalks)
    .values({ walk: WALK, day, afterAccount })
    .onConflictDoUpdate({ target: storageWalks.walk, set: { day, afterAccount } });

async function listAfter(db: Database, after: string, limit: number): Promise<readonly string[]> {
  if (after === END) return [];
  const rows = await db
    .select({ accountId: accounts.accountId })
    .from(accounts)
    .where(and(eq(accounts.status, 'active'), gt(accounts.accountId, after)))
    .orderBy(asc(accounts.accountId))
    .limit(limit);
  return rows.map(({ accountId }) => accountId);
}

async function chargeAccount(deps: MeterDeps, accountId: string, day: number): Promise<void> {
  const payer = await findPayer(deps, accountId, hasPrice);
  if (payer === null) return;
  const month = toTimestamp(deps.now).slice(0, 7);
  const usage = await deps.env.ACCOUNT_JOURNAL.getByName(accountId).usage(month);
  // A month that is none; ours is written a line above.
  if (!usage.ok) return;
  const { journalBytes, outputBytes } = usage.value;
  const amount = priceOfStorage(payer.list, journalBytes + outputBytes);
  if (amount === 0n) return;
  const paid = await executeCommand(deps.env, payer.book, {
    kind: 'spend',
    id: `${PURPOSE}:${String(day)}`,
    owner: OWNER,
    ...payer.terms,
    amount,
    source: 'credits_first',
    purpose: PURPOSE,
  });
  if (paid.ok) {
    if (payer.gasAccount) await noteSpending(deps, payer.gasAccount, paid.value.available);
    return;
  }
  // Another amount under the day's id: it was paid before, when more or less was kept.
  if (paid.failure.code === 'gasbank.command_conflict') return;
  await tellUnpaid(deps, { accountId, network: payer.network, amount, day, failure: paid.failure });
}

interface Unpaid {
  readonly accountId: string;
  readonly network: string;
  readonly amount: bigint;
  readonly day: number;
  readonly failure: Failure;
}

async function tellUnpaid({ db, now }: MeterDeps, unpaid: Unpaid): Promise<void> {
  const { accountId, network, amount, day, failure } = unpaid;
  const body = {
    id: newId('event', now),
    source: `/accounts/${accountId}`,
    specversion: '1.0',
    time: toTimestamp(now),
    type: 'gasbank.storage_unpaid',
    subject: `accounts/${accountId}`,
    data: { network, day, amount: formatGas(amount), reason: failure.code },
  };
  await db.run(tell({ journal: accountId, kind: 'event', body, now }));
}
