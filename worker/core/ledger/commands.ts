/**
 * What services may ask of a book. Every command carries an `id` made by its caller and the `owner`,
 * the service that speaks: ids are apart for each owner, so no service meets or blocks another's,
 * and a hold can only be named by the service that made it (M7). The same id and body give the same
 * answer for the life of the book; another body is a conflict. What is policy and may have changed
 * between two deliveries (budgets, what is to be kept) or is for people (notes) is not the body, and
 * neither is the destination of a chain entry, which is decided once (M2). So times are durations
 * here: a service that sends a command again sends the very same.
 */

interface CommandOf<Kind extends string> {
  readonly kind: Kind;
  readonly id: string;
  /** The service: `withdrawals`, `sponsorships`, `reservations` for the public API. */
  readonly owner: string;
  /** For people: an operator's reason. */
  readonly note?: string;
}

/** What pays: credits are worth one datoshi of the price list each. */
export type Source = 'gas' | 'credits' | 'credits_first';

/** By day (UTC), for ever, or for as long as the hold is open. */
export type BudgetWindow = 'day' | 'ever' | 'open';

export interface Budget {
  /** Named by the service: `policy:…`, `key:…`, `contract:…`, `method:…`, `user:…`. */
  readonly counter: string;
  readonly window: BudgetWindow;
  /** `nothing` only looks: the command is refused once the counter has reached its cap. */
  readonly counts: 'amount' | 'uses' | 'nothing';
  readonly cap: bigint;
}

/** A use that is counted whatever the counter says: a fault against a signer and a policy (M22). */
export interface Count {
  readonly counter: string;
  readonly window: 'day' | 'ever';
}

interface Spending {
  readonly fund: string;
  readonly budgets: readonly Budget[];
  /** The least that has to stay available in the fund. */
  readonly keepAtLeast?: bigint;
}

/** Timed holds end by alarm; chain-bound ones by a verdict alone, however long it takes (M7). */
export type Until = { readonly kind: 'timed'; readonly forMs: number } | { readonly kind: 'chain' };

export interface Reserve extends CommandOf<'reserve'>, Spending {
  readonly amount: bigint;
  readonly source: Source;
  readonly until: Until;
  /** What usage is counted under: `sponsorships.fee`, `functions.execution`. */
  readonly purpose: string;
}

/** The vault pays out on the chain; a resolver elsewhere, so the GAS becomes the operator's (M9). */
export type Route = 'vault' | 'resolver';

/** A hold of what leaves and of the quoted fee (M14). */
export interface Withdraw extends CommandOf<'withdraw'>, Spending {
  readonly amount: bigint;
  readonly fee: bigint;
  readonly route: Route;
  readonly until: Until;
  readonly purpose: string;
}

interface OfHold {
  /** The id of the command that made it, by the same owner. */
  readonly hold: string;
}

interface Ending extends OfHold {
  /** What ended it (`halt:0x…`, `absent:0x…`); needed for chain-bound holds, and kept. */
  readonly verdict?: string;
  readonly counts?: readonly Count[];
}

/** Before anything is signed: from here on only a verdict ends the hold. */
export interface Bind extends CommandOf<'bind'>, OfHold {}

/** Takes part or all; the rest goes back. */
export interface Capture extends CommandOf<'capture'>, Ending {
  readonly amount: bigint;
}

/** Gives all back. */
export interface Release extends CommandOf<'release'>, Ending {}

/** Ends a withdrawal: its fee is taken on HALT and on FAULT (M14), the payout on HALT alone. */
export interface Settle extends CommandOf<'settle'>, Ending {
  readonly fee: bigint;
  readonly outcome: 'paid' | 'faulted';
}

export interface Transfer extends CommandOf<'transfer'>, Spending {
  readonly toFund: string;
  readonly amount: bigint;
}

export interface Spend extends CommandOf<'spend'>, Spending {
  readonly amount: bigint;
  readonly source: Source;
  readonly purpose: string;
}

/** The rate that was posted is part of the purchase (M17). */
export interface BuyCredits extends CommandOf<'buy_credits'>, Spending {
  readonly amount: bigint;
  /** In 10^-8 credits. */
  readonly creditsPerGas: bigint;
}

/** Gives credits away; they never become GAS (M17). */
export interface Allocate extends CommandOf<'allocate'> {
  readonly amount: bigint;
  readonly budgets: readonly Budget[];
}

export interface Place {
  /** An account id, or `platform`. */
  readonly owner: string;
  readonly fund: string;
}

/** To another book of the same network; the network is the book's own, so it cannot be another (M1). */
export interface Move extends CommandOf<'move'>, Spending {
  readonly amount: bigint;
  readonly to: Place;
}

export interface Open extends CommandOf<'open'> {
  readonly fund: string;
}

export interface CloseFund extends CommandOf<'close_fund'> {
  readonly fund: string;
}

/** Of a deleted account; all GAS has left it before. */
export interface CloseBook extends CommandOf<'close_book'> {}

/** Begins to book an address of ours, with what lies on it already (M10). */
export interface Watch extends CommandOf<'watch'> {
  readonly address: string;
  /** The block whose end `opening` is the balance of. */
  readonly height: number;
  readonly opening: bigint;
}

export type Destination =
  | ({ readonly kind: 'book' } & Place)
  | { readonly kind: 'suspense' | 'equity' | 'clearing' };

/** One event that moved GAS to, from or between watched addresses (M10); `id` is its chain key. */
export interface ChainEntry extends CommandOf<'chain_entry'> {
  readonly height: number;
  readonly address: string;
  readonly direction: 'in' | 'out' | 'internal';
  /** The other side; another watched address when `internal`. Null for a burn. */
  readonly counterparty: string | null;
  readonly amount: bigint;
  /** Where it comes from or goes to inside; null when `internal`. */
  readonly destination: Destination | null;
}

/** Out of suspense into a customer's book, under the deposit's own key (M2). */
export interface Assign extends CommandOf<'assign'> {
  /** The chain key. */
  readonly deposit: string;
  readonly to: Place;
}

export type Command =
  | Reserve
  | Withdraw
  | Bind
  | Capture
  | Release
  | Settle
  | Transfer
  | Spend
  | BuyCredits
  | Allocate
  | Move
  | Open
  | CloseFund
  | CloseBook
  | Watch
  | ChainEntry
  | Assign;

export type CommandKind = Command['kind'];

/** Of an id within a book. A service's name has neither `/` nor `:`. */
export const keyOf = (owner: string, id: string): string => `${owner}/${id}`;
