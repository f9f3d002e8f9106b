/**
 * What a decision reads of a book and what it answers: plain values. The object loads what the view
 * is asked for and writes the change in the same transaction; nothing here knows how.
 */
import type { Account, BookIdentity } from './book.ts';
import type { CommandKind } from './commands.ts';
import type { Charge, CounterName, Hold } from './hold.ts';

/** An amount from one account to another of the same unit. Never of nothing. */
export interface Posting {
  readonly from: Account;
  readonly to: Account;
  readonly amount: bigint;
}

/** What is answered, now and to every repetition. */
export interface Receipt {
  readonly id: string;
  readonly kind: CommandKind;
  readonly at: number;
  /** The book's last entry after it. */
  readonly lastEntry: number;
  /** What it held, took, paid, moved or gave back, in each unit. */
  readonly gas: bigint;
  readonly credits: bigint;
  /** In the fund it was about, after it; 0 where it was about none. */
  readonly available: bigint;
  /** Of a timed hold. */
  readonly expiresAt: number | null;
  /** Of a chain entry: what was decided when it first came (M2). */
  readonly destination: string | null;
}

export type LedgerRefusal =
  | 'gasbank.command_invalid'
  | 'gasbank.command_conflict'
  | 'gasbank.book_closed'
  | 'gasbank.full'
  | 'gasbank.fund_not_found'
  | 'gasbank.fund_exists'
  | 'gasbank.fund_not_empty'
  | 'gasbank.budget_exceeded'
  | 'gasbank.insufficient_funds'
  | 'gasbank.hold_not_found'
  | 'gasbank.hold_ended'
  | 'gasbank.hold_bound'
  | 'gasbank.amount_above_hold'
  | 'gasbank.address_unwatched'
  | 'gasbank.before_watch'
  | 'gasbank.not_in_suspense';

export interface KnownCommand {
  /** As `bodyOf` writes it. */
  readonly body: string;
  readonly receipt: Receipt;
}

export interface Usage {
  readonly day: number;
  readonly purpose: string;
  readonly gas: bigint;
  readonly credits: bigint;
}

/** GAS on its way to another book; it lies in `in_transit` of its fund until that book has answered. */
export interface OutgoingMove {
  /** The same at the receiver, which takes it once. */
  readonly id: string;
  readonly toOwner: string;
  readonly toFund: string;
  readonly fund: string;
  readonly amount: bigint;
}

export interface Change {
  readonly postings: readonly Posting[];
  /** What the receipt tells beside when and after which entry. */
  readonly gas: bigint;
  readonly credits: bigint;
  readonly fund: string | null;
  readonly expiresAt?: number;
  readonly destination?: string;
  /** Made by this command; what it charges is added to the counters. */
  readonly madeHold?: Hold;
  /** Changed by this command. */
  readonly hold?: Hold;
  /** Added to the counters. */
  readonly counted?: readonly Charge[];
  /** Given back to the counters. */
  readonly refunds?: readonly (CounterName & { readonly amount: bigint })[];
  readonly usage?: Usage;
  readonly move?: OutgoingMove;
  readonly openFund?: string;
  readonly closeFund?: string;
  readonly closeBook?: true;
  readonly watch?: { readonly address: string; readonly height: number };
  /** The height of the chain that this book has come to. */
  readonly height?: number;
}

/** The book as it stands in this turn. */
export interface LedgerView {
  readonly book: BookIdentity;
  readonly isClosed: boolean;
  /** Nothing new may begin. */
  readonly isFull: () => boolean;
  readonly command: (key: string) => KnownCommand | undefined;
  /** Undefined for one that was never opened. */
  readonly fund: (name: string) => 'open' | 'closed' | undefined;
  readonly openFunds: () => number;
  /** 0 for an account that nothing was ever posted to. */
  readonly balance: (account: Account) => bigint;
  readonly hold: (key: string) => Hold | undefined;
  readonly used: (counter: CounterName) => bigint;
  readonly watchedSince: (address: string) => number | undefined;
  /** Whether any fund has GAS in any part. */
  readonly hasGas: () => boolean;
}
