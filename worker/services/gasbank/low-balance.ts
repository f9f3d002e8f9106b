/**
 * What a low balance brings about: a top-up where a rule says so, and an event once for each time
 * the balance falls below its threshold and nothing lifts it. Noticed after a spending, and by the
 * sweep, so that one which died before it told is made up for.
 */
import { and, eq, isNotNull, sql } from 'drizzle-orm';
import { toTimestamp } from '../../core/clock.ts';
import { formatGas } from '../../core/money.ts';
import { runBatch } from '../../db/batch.ts';
import { errorFields } from '../../http/log.ts';
import { tell, tellIf } from '../../http/outbox.ts';
import { newId, type RequestContext } from '../../http/request-context.ts';
import { balancesOf } from './balances.ts';
import { type GasAccountRow, loadGasAccount } from './store.ts';
import { gasAccounts } from './tables.ts';
import { type ToppedUp, topUp } from './top-up.ts';

export type NoteDeps = Pick<RequestContext, 'env' | 'db' | 'now' | 'log'>;

/**
 * For who has just spent from a gas account. Never fails: the spending is done, and the sweep looks
 * again. `available` is what the receipt told, where it told of this gas account.
 */
export async function noteSpending(
  deps: NoteDeps,
  row: GasAccountRow,
  available?: bigint,
): Promise<void> {
  try {
    await checkBalance(deps, row, available);
  } catch (thrown) {
    const { gasAccountId } = row;
    deps.log.error('gasbank.balance_not_checked', { gasAccountId, ...errorFields(thrown) });
  }
}

/** True when it is low, and stays so. */
export async function checkBalance(
  deps: NoteDeps,
  row: GasAccountRow,
  known?: bigint,
): Promise<boolean> {
  if (row.lowBalance === null || row.status !== 'open') return false;
  const threshold = BigInt(row.lowBalance);
  const available = known ?? (await balancesOf(deps.env, row)).available;
  if (available >= threshold) {
    if (row.lowSince !== null) await noteRecovered(deps, row);
    return false;
  }
  const lifted = await topUp(deps, row);
  if (lifted !== null && lifted.refusal === null) {
    if (!lifted.isRepeat) await tellToppedUp(deps, row, lifted);
    const { available: raised } = await balancesOf(deps.env, row);
    // The source has no rule itself, so this ends here.
    if (!lifted.isRepeat) await noteSourceSpent(deps, row);
    if (raised >= threshold) {
      if (row.lowSince !== null) await noteRecovered(deps, row);
      return false;
    }
  }
  await tellLow(deps, row, { available, refusal: lifted?.refusal ?? null });
  return true;
}

const noteRecovered = ({ db }: NoteDeps, { gasAccountId }: GasAccountRow) =>
  db
    .update(gasAccounts)
    .set({ lowSince: null })
    .where(and(eq(gasAccounts.gasAccountId, gasAccountId), isNotNull(gasAccounts.lowSince)));

async function noteSourceSpent(deps: NoteDeps, { accountId, topUp: rule }: GasAccountRow) {
  const source = await loadGasAccount(deps.db, accountId, rule?.fromGasAccountId ?? '');
  if (source) await noteSpending(deps, source);
}

interface Low {
  readonly available: bigint;
  /** Why the rule could not help. */
  readonly refusal: string | null;
}

/** Of many that see the same fall, one tells: the condition and the change are in one batch. */
async function tellLow({ db, now }: NoteDeps, row: GasAccountRow, { available, refusal }: Low) {
  const { gasAccountId } = row;
  const untold = sql`gas_accounts
    WHERE gas_account_id = ${gasAccountId} AND low_since IS NULL AND status = 'open'`;
  const event = eventOf(row, now, 'gasbank.low_balance', {
    available: formatGas(available),
    lowBalance: formatGas(BigInt(row.lowBalance ?? 0)),
    topUpRefusal: refusal,
  });
  await runBatch(db.$client, [
    tellIf({ journal: row.accountId, kind: 'event', body: event, now }, untold),
    sql`UPDATE gas_accounts SET low_since = ${now} WHERE gas_account_id = ${gasAccountId}
        AND low_since IS NULL AND status = 'open'`,
  ]);
}

async function tellToppedUp({ db, now }: NoteDeps, row: GasAccountRow, { amount }: ToppedUp) {
  const facts = { amount: formatGas(amount), fromGasAccountId: row.topUp?.fromGasAccountId };
  const audit = {
    at: toTimestamp(now),
    actor: { kind: 'system', id: 'gasbank' },
    operation: 'gasbank.topUp',
    outcome: 'ok',
    target: { kind: 'gasAccount', id: row.gasAccountId },
    details: facts,
  };
  const journal = row.accountId;
  const event = eventOf(row, now, 'gasbank.topped_up', facts);
  await runBatch(db.$client, [
    tell({ journal, kind: 'audit', body: audit, now }),
    tell({ journal, kind: 'event', body: event, now }),
  ]);
}

const eventOf = (row: GasAccountRow, now: number, type: string, facts: object) => ({
  id: newId('event', now),
  source: `/accounts/${row.accountId}`,
  specversion: '1.0',
  time: toTimestamp(now),
  type,
  subject: `gasbank/gas-accounts/${row.gasAccountId}`,
  data: { gasAccountId: row.gasAccountId, network: row.network, ...facts },
});
