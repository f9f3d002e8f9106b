/** Gas accounts, entries and holds in the form of the contract. */
import type { EntryView } from '../../../durable-objects/account-ledger/rpc.ts';
import { toTimestamp } from '../../core/clock.ts';
import { formatGasTerms, type GasTerms } from '../../core/ledger/gas-terms.ts';
import { type Hold, stateAt } from '../../core/ledger/hold.ts';
import { formatGas } from '../../core/money.ts';
import { toEtag } from '../../http/etag.ts';
import { type GasBalances, partsOf } from './balances.ts';
import type { GasAccountRow } from './store.ts';

/** Written by this service alone, from what was parsed. */
export const termsOfRow = ({ minimumBalance, dailyLimit, topUp }: GasAccountRow): GasTerms => ({
  minimumBalance: BigInt(minimumBalance),
  dailyLimit: dailyLimit === null ? null : BigInt(dailyLimit),
  topUp: topUp && {
    fromGasAccountId: topUp.fromGasAccountId,
    amount: BigInt(topUp.amount),
    perDay: BigInt(topUp.perDay),
  },
});

export const toGasAccount = (row: GasAccountRow) => ({
  id: row.gasAccountId,
  network: row.network,
  networkMagic: row.networkMagic,
  name: row.fund,
  label: row.label,
  status: row.status === 'open' ? ('open' as const) : ('closed' as const),
  ...formatGasTerms(termsOfRow(row)),
  lowBalance: row.lowBalance === null ? null : formatGas(BigInt(row.lowBalance)),
  createdAt: toTimestamp(row.createdAt),
  updatedAt: toTimestamp(row.updatedAt),
  closedAt: row.closedAt === null ? null : toTimestamp(row.closedAt),
});

export const gasAccountAnswer = (row: GasAccountRow) =>
  ({ status: 200, body: toGasAccount(row), etag: toEtag(row.revision) }) as const;

export const toBalances = ({ available, reserved, inTransit }: GasBalances) => ({
  available: formatGas(available),
  reserved: formatGas(reserved),
  inTransit: formatGas(inTransit),
});

/** As the gas account sees it. */
export function toEntry(row: GasAccountRow, entry: EntryView) {
  const parts = partsOf(row);
  const { from, to, amount } = entry;
  const gained = parts.includes(to.account) ? amount : 0n;
  const lost = parts.includes(from.account) ? amount : 0n;
  return {
    sequence: entry.number,
    at: toTimestamp(entry.at),
    kind: entry.kind,
    command: entry.command,
    amount: formatGas(amount),
    change: formatGas(gained - lost),
    from: { account: from.account, balance: formatGas(from.balance) },
    to: { account: to.account, balance: formatGas(to.balance) },
    note: entry.note,
  };
}
export type GasEntry = ReturnType<typeof toEntry>;

interface HoldPlace {
  readonly network: string;
  readonly gasAccountId: string | null;
  readonly now: number;
}

/** A key is the service and its id for it (`keyOf`). */
export function toReservation(hold: Hold, { network, gasAccountId, now }: HoldPlace) {
  const [service = '', ...id] = hold.key.split('/');
  const { expiresAt, endedAt } = hold;
  const state = stateAt(hold, now);
  // Over at its time, whether the alarm has come by or not.
  const endAt = endedAt ?? (state === 'expired' ? expiresAt : null);
  return {
    id: id.join('/'),
    service,
    network,
    gasAccountId,
    amount: formatGas(hold.gas),
    credits: formatGas(hold.credits),
    purpose: hold.purpose,
    state,
    createdAt: toTimestamp(hold.createdAt),
    expiresAt: expiresAt === null ? null : toTimestamp(expiresAt),
    endedAt: endAt === null ? null : toTimestamp(endAt),
  };
}
