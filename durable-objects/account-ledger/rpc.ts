/** What crosses RPC to an AccountLedger: plain structured-clone values. */
import type { Account, BookIdentity } from '../../worker/core/ledger/book.ts';
import type { LedgerRefusal, Receipt } from '../../worker/core/ledger/change.ts';
import type { Command, CommandKind } from '../../worker/core/ledger/commands.ts';
import type { Hold } from '../../worker/core/ledger/hold.ts';
import type { BookMove, MoveAnswer } from '../../worker/core/ledger/moves.ts';
import type { Result } from '../../worker/core/result.ts';

export interface Order {
  /** Of this object; another one is a mistake of the caller (M1). */
  readonly book: BookIdentity;
  readonly command: Command;
}

export interface Executed extends Receipt {
  /** True when the same command had come before. */
  readonly isRepeat: boolean;
}

export interface MoveAcknowledgement extends MoveAnswer {
  /** As the move had it. */
  readonly number: number;
}

export interface CheckpointView {
  readonly height: number;
  /** The last entry that belongs to it. */
  readonly entry: number;
  readonly at: number;
  /** Decimal datoshi (credits: 10^-8) by heading; all headings of a unit add up to 0. */
  readonly sums: { readonly [heading: string]: string };
}

export interface EntrySide {
  readonly account: Account;
  /** After the entry. */
  readonly balance: bigint;
}

export interface EntryView {
  readonly number: number;
  readonly at: number;
  /** The key of the command it belongs to, `owner/id`; of an arrival, `book:owner/id`. */
  readonly command: string;
  readonly kind: CommandKind | 'expire' | 'receive' | 'clear' | 'take_back';
  readonly from: EntrySide;
  readonly to: EntrySide;
  readonly amount: bigint;
  readonly note: string | null;
}

export interface ListEntries {
  /** Only those that touch one of these: an account, or the parts of a fund. */
  readonly accounts?: readonly Account[];
  /** The number that the page before ended with. */
  readonly before?: number;
  readonly limit: number;
}

/** Newest first. */
export interface EntryPage {
  readonly items: readonly EntryView[];
  readonly nextBefore: number | null;
}

export interface ReadBalances {
  /** After this entry, or at this time; now, when neither is given. */
  readonly at?: { readonly entry: number } | { readonly time: number };
  /** Only these, in this order and all on one page. */
  readonly accounts?: readonly Account[];
  /** The account that the page before ended with. */
  readonly after?: string;
  readonly limit: number;
}

export interface BalancePage {
  /** The entry after which they stood so; 0 before the first. */
  readonly entry: number;
  readonly items: readonly { readonly account: Account; readonly balance: bigint }[];
  readonly nextAfter: string | null;
}

export interface ListHolds {
  readonly after?: string;
  readonly limit: number;
}

export interface HoldPage {
  readonly items: readonly Hold[];
  readonly nextAfter: string | null;
}

export interface UsageView {
  /** Days since 1970-01-01, UTC. */
  readonly day: number;
  readonly purpose: string;
  readonly gas: bigint;
  readonly credits: bigint;
  readonly uses: number;
}

export interface ListUsage {
  readonly fromDay: number;
  readonly toDay: number;
  /** The last that the page before had. */
  readonly after?: Pick<UsageView, 'day' | 'purpose'>;
  readonly limit: number;
}

export interface LedgerNotice {
  readonly sequence: number;
  /** The same for every delivery. */
  readonly id: string;
  /** The first entry since a checkpoint; a checkpoint that was closed with changes (M11). */
  readonly type: 'book.changed' | 'checkpoint.closed';
  readonly at: number;
  readonly dataJson: string;
}

export interface LedgerStats {
  readonly lastEntry: number;
  readonly checkpointHeight: number;
  readonly isClosed: boolean;
  readonly bytes: number;
  readonly notices: number;
  readonly moving: { readonly moves: number; readonly since: number | null };
  readonly nextAlarmAt: number | null;
  readonly lastFault: { readonly at: number; readonly message: string } | null;
}

/** The methods others may call; stubs of the object satisfy it. */
export interface AccountLedgerRpc {
  execute(order: Order): Promise<Result<Executed, LedgerRefusal>>;
  /** A move of another book; taken or refused once, answered the same for ever. */
  receive(move: BookMove): Promise<Result<MoveAnswer, 'gasbank.checkpoint_ahead'>>;
  /** What the other book answered; of a move that has ended, nothing happens. */
  acknowledge(
    answer: MoveAcknowledgement,
  ): Promise<Result<null, 'request.not_found' | 'gasbank.checkpoint_ahead'>>;
  /** Closes the open checkpoint at this height and answers what holds at it; null before any entry. */
  checkpoint(order: {
    readonly book: BookIdentity;
    readonly height: number;
  }): Promise<Result<CheckpointView | null, 'gasbank.height_passed'>>;
  balances(query: ReadBalances): Promise<Result<BalancePage, never>>;
  entries(query: ListEntries): Promise<Result<EntryPage, never>>;
  /** By the service that made it and the id it gave. */
  hold(owner: string, id: string): Promise<Result<Hold, 'request.not_found'>>;
  openHolds(query: ListHolds): Promise<Result<HoldPage, never>>;
  /** By day, and by purpose within it. */
  usage(query: ListUsage): Promise<Result<{ readonly items: readonly UsageView[] }, never>>;
  /** Oldest first; a notice stays until it is acknowledged. */
  listNotices(query: {
    readonly afterSequence: number;
    readonly limit: number;
  }): Promise<Result<{ readonly items: readonly LedgerNotice[] }, never>>;
  acknowledgeNotices(throughSequence: number): Promise<Result<{ readonly removed: number }, never>>;
  stats(): Promise<Result<LedgerStats, never>>;
  /** For a sweep of lost alarms: sets the alarm again. */
  wake(): Promise<Result<{ readonly nextAlarmAt: number | null }, never>>;
}
