/** A book for tests of decisions: what it holds is written down, nothing is stored. */
import type { Account, BookIdentity } from '../../../worker/core/ledger/book.ts';
import type { KnownCommand, LedgerView } from '../../../worker/core/ledger/change.ts';
import type { Hold } from '../../../worker/core/ledger/hold.ts';

export const CUSTOMER: BookIdentity = { magic: 56_753, owner: 'acc_01k00000000000000000000001' };
export const STRANGER: BookIdentity = { magic: 56_753, owner: 'acc_01k00000000000000000000002' };
export const PLATFORM_BOOK: BookIdentity = { magic: 56_753, owner: 'platform' };
export const NOW = Date.UTC(2026, 10, 21, 12);

export interface Book {
  readonly book?: BookIdentity;
  readonly isClosed?: boolean;
  readonly isFull?: boolean;
  readonly commands?: { readonly [key: string]: KnownCommand };
  readonly funds?: { readonly [name: string]: 'open' | 'closed' };
  readonly balances?: { readonly [account in Account]?: bigint };
  readonly holds?: readonly Hold[];
  readonly used?: { readonly [counter: string]: bigint };
  readonly watched?: { readonly [address: string]: number };
}

export const viewOf = (book: Book): LedgerView => ({
  book: book.book ?? CUSTOMER,
  isClosed: book.isClosed ?? false,
  isFull: () => book.isFull ?? false,
  command: (key) => book.commands?.[key],
  fund: (name) => (book.book?.owner === 'platform' ? 'open' : book.funds?.[name]),
  openFunds: () => Object.values(book.funds ?? {}).filter((state) => state === 'open').length,
  balance: (account) => book.balances?.[account] ?? 0n,
  hold: (key) => book.holds?.find((hold) => hold.key === key),
  used: ({ counter }) => book.used?.[counter] ?? 0n,
  watchedSince: (address) => book.watched?.[address],
  hasGas: () => Object.values(book.balances ?? {}).some((balance) => balance !== 0n),
});

export const holdOf = (more: Partial<Hold> = {}): Hold => ({
  key: 'sponsorships/one',
  fund: 'main',
  kind: 'timed',
  state: 'held',
  gas: 10n,
  credits: 0n,
  payout: 0n,
  route: null,
  purpose: 'sponsorships.fee',
  charges: [],
  createdAt: NOW - 1_000,
  expiresAt: NOW + 1_000,
  endedAt: null,
  verdict: null,
  ...more,
});
