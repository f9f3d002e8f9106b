/**
 * Moves GAS between two gas accounts of one book by rule. It cannot loop: a gas account that others
 * are topped up from has no rule itself. It cannot run away: a cap a day, and one top-up a minute,
 * since the minute is its id in the book, which does a thing once however many ask.
 */
import { err } from '../../core/result.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { executeCommand } from './books.ts';
import { type GasAccountRow, loadGasAccount } from './store.ts';
import { termsOf } from './terms.ts';

const OWNER = 'top-ups';
const MINUTE_MS = 60_000;

export interface ToppedUp {
  readonly amount: bigint;
  /** Whether somebody else has done this minute's. */
  readonly isRepeat: boolean;
  /** The code of what refused it; null when it is done. */
  readonly refusal: string | null;
}

type Deps = Pick<RequestContext, 'env' | 'db' | 'now'>;

/** Null where there is no rule. The source's own terms bind it as they bind all that is spent. */
export async function topUp(deps: Deps, row: GasAccountRow): Promise<ToppedUp | null> {
  if (row.topUp === null) return null;
  const amount = BigInt(row.topUp.amount);
  const done = await transferFrom(deps, row, { ...row.topUp, amount });
  return done.ok
    ? { amount, isRepeat: done.value.isRepeat, refusal: null }
    : { amount, isRepeat: false, refusal: done.failure.code };
}

interface Due {
  readonly fromGasAccountId: string;
  readonly amount: bigint;
  readonly perDay: string;
}

async function transferFrom({ env, db, now }: Deps, row: GasAccountRow, due: Due) {
  const { accountId, networkMagic: magic, gasAccountId, fund } = row;
  const source = await loadGasAccount(db, accountId, due.fromGasAccountId);
  if (!source || source.networkMagic !== magic) return err('gasbank.fund_not_found');
  const terms = termsOf(source);
  const budget = { counter: `top-up:${fund}`, window: 'day', counts: 'amount' } as const;
  const book = { magic, owner: accountId };
  return executeCommand(env, book, {
    kind: 'transfer',
    owner: OWNER,
    id: `${gasAccountId}.${String(Math.floor(now / MINUTE_MS))}`,
    ...terms,
    budgets: [...terms.budgets, { ...budget, cap: BigInt(due.perDay) }],
    toFund: fund,
    amount: due.amount,
  });
}
