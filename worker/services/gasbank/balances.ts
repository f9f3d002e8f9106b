/** What is in a gas account, as its book has it now or had it once. */
import { type Account, available, inTransit, reserved } from '../../core/ledger/book.ts';
import type { Env } from '../../env.ts';
import { bookOf } from './books.ts';
import type { GasAccountRow } from './store.ts';

type Place = Pick<GasAccountRow, 'accountId' | 'networkMagic' | 'fund'>;

/** Datoshi. */
export interface GasBalances {
  readonly available: bigint;
  readonly reserved: bigint;
  readonly inTransit: bigint;
  /** The book's last entry by then; 0 before the first. */
  readonly entry: number;
}

/** Of the whole book, in 10^-8 credits. */
interface CreditBalances {
  readonly creditsAvailable: bigint;
  readonly creditsReserved: bigint;
}

export const partsOf = ({ fund }: Pick<GasAccountRow, 'fund'>): readonly Account[] => [
  available(fund),
  reserved(fund),
  inTransit(fund),
];

export const ownBookOf = (env: Pick<Env, 'ACCOUNT_LEDGER'>, row: Place) =>
  bookOf(env, { magic: row.networkMagic, owner: row.accountId });

/** At a time, or now. */
export async function balancesOf(
  env: Pick<Env, 'ACCOUNT_LEDGER'>,
  row: Place,
  time?: number,
): Promise<GasBalances & CreditBalances> {
  const accounts = [...partsOf(row), 'credits_available', 'credits_reserved'] as const;
  const read = await ownBookOf(env, row).balances({
    accounts,
    limit: accounts.length,
    ...(time === undefined ? {} : { at: { time } }),
  });
  const [free, held, moving, credits, heldCredits] = read.value.items;
  return {
    available: free?.balance ?? 0n,
    reserved: held?.balance ?? 0n,
    inTransit: moving?.balance ?? 0n,
    creditsAvailable: credits?.balance ?? 0n,
    creditsReserved: heldCredits?.balance ?? 0n,
    entry: read.value.entry,
  };
}
