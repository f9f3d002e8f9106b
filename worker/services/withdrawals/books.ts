/**
 * What the book is told of a withdrawal. Every command is made from what is stored in the row, so
 * that it comes again as the very same; one id for whatever ends the hold, so that of two different
 * ends the book takes the first and refuses the other.
 */
import type { BookIdentity } from '../../core/ledger/book.ts';
import type { Bind, Release, Settle, Withdraw } from '../../core/ledger/commands.ts';
import { LIMITS } from '../../core/withdrawals/limits.ts';
import type { PayoutKind } from '../../core/withdrawals/status.ts';
import type { Terms } from '../gasbank/index.ts';
import type { PayoutRow } from './store.ts';
import type { Ending } from './tables.ts';

type Held = Pick<
  PayoutRow,
  'withdrawalId' | 'kind' | 'accountId' | 'networkMagic' | 'fund' | 'route' | 'amount'
> &
  Pick<PayoutRow, 'systemFeeMax' | 'networkFeeMax'>;

export const bookOfPayout = ({ networkMagic, accountId }: Held): BookIdentity => ({
  magic: networkMagic,
  owner: accountId,
});

export const feeMaxOf = ({ systemFeeMax, networkFeeMax }: Held): bigint =>
  BigInt(systemFeeMax) + BigInt(networkFeeMax);

const OWNERS = {
  withdrawal: 'withdrawals',
  refill: 'withdrawals',
  return: 'returns',
  unclaimed: 'unclaimed',
} as const satisfies Record<PayoutKind, string>;
const ownerOf = ({ kind }: Held): string => OWNERS[kind];

/** Timed, for as long as a book holds: before it is bound, time alone gives it back. */
export const holdCommand = (row: Held, terms: Terms): Withdraw => ({
  kind: 'withdraw',
  id: row.withdrawalId,
  owner: ownerOf(row),
  amount: BigInt(row.amount),
  fee: feeMaxOf(row),
  route: row.route,
  until: { kind: 'timed', forMs: LIMITS.withdrawalHoldMs.value },
  purpose: 'withdrawals.fee',
  ...terms,
});

export const bindCommand = (row: Held): Bind => ({
  kind: 'bind',
  id: `${row.withdrawalId}:bind`,
  owner: ownerOf(row),
  hold: row.withdrawalId,
});

export function endCommand(
  row: Held,
  { act, fee, verdict }: Pick<Ending, 'act' | 'fee' | 'verdict'>,
): Settle | Release {
  const named = {
    id: `${row.withdrawalId}:end`,
    owner: ownerOf(row),
    hold: row.withdrawalId,
    ...(verdict === null ? {} : { verdict }),
  };
  return act === 'release'
    ? { kind: 'release', ...named }
    : { kind: 'settle', ...named, fee: BigInt(fee), outcome: act };
}
