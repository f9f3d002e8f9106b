/**
 * What a book is and what its accounts are called. A book belongs to one account of the platform
 * and one network, or is the platform's own of that network (money rules M1, M9). Its double entry
 * runs between named accounts; each has one unit, and the sum over all of a unit is zero:
 *
 *   chain/<address>            less what lies on a watched address; the platform's book only
 *   other_books                less what came from other books
 *   available|reserved|in_transit/<fund>
 *   spent                      paid for work: equity that stays in the customer's book
 *   credits_issued, credits_available, credits_reserved, credits_spent
 *
 * A fund is a gas account of a customer; in the platform's book `equity`, `clearing`, `deposits`,
 * `suspense:<chain key>` and `unclaimed:<account id>`.
 */
import { isId } from '../ids.ts';

/** The owner of the one reserved book of a network; no account id has this form. */
export const PLATFORM = 'platform';

export interface BookIdentity {
  /** Of the network: what is signed and every chain key carries it, a name could be configured anew. */
  readonly magic: number;
  /** An account id, or `PLATFORM`. */
  readonly owner: string;
}

/** The name of the object that keeps a book; made here and nowhere else (M1). */
export const bookName = ({ magic, owner }: BookIdentity): string => `${String(magic)}:${owner}`;

export const isBook = ({ magic, owner }: BookIdentity): boolean =>
  Number.isInteger(magic) &&
  magic >= 0 &&
  magic <= 0xffff_ffff &&
  (owner === PLATFORM || isId('account', owner));

export const isPlatform = ({ owner }: BookIdentity): boolean => owner === PLATFORM;

export type Unit = 'gas' | 'credit';
export type FundPart = 'available' | 'reserved' | 'in_transit';
export type Account =
  | `chain/${string}`
  | `${FundPart}/${string}`
  | 'other_books'
  | 'spent'
  | 'credits_issued'
  | 'credits_available'
  | 'credits_reserved'
  | 'credits_spent';

export const chainOf = (address: string): Account => `chain/${address}`;
export const available = (fund: string): Account => `available/${fund}`;
export const reserved = (fund: string): Account => `reserved/${fund}`;
export const inTransit = (fund: string): Account => `in_transit/${fund}`;

export const unitOf = (account: Account): Unit =>
  account.startsWith('credits_') ? 'credit' : 'gas';

/** A customer's gas account that is always there. */
export const MAIN = 'main';
/** The operator's own, beside what customers have spent. */
export const EQUITY = 'equity';
/** Between what the vault has paid out and the customers' books that have settled it. */
export const CLEARING = 'clearing';
/** Deposits on their way to a customer's book. */
export const DEPOSITS = 'deposits';

const SUSPENSE = 'suspense:';
/** What a deleted account has left and still owns (M17). */
const UNCLAIMED = 'unclaimed:';

export const suspenseOf = (chainKey: string): string => `${SUSPENSE}${chainKey}`;
export const isSuspense = (fund: string): boolean => fund.startsWith(SUSPENSE);

export const unclaimedOf = (accountId: string): string => `${UNCLAIMED}${accountId}`;

const GAS_ACCOUNT = /^[a-z0-9][a-z0-9_-]{0,62}$/;
const SUSPENSE_FUND = /^suspense:[0-9]{1,10}:[0-9A-Za-z:_-]{1,110}$/;

const isPlatformFund = (fund: string): boolean =>
  fund === EQUITY ||
  fund === CLEARING ||
  fund === DEPOSITS ||
  SUSPENSE_FUND.test(fund) ||
  (fund.startsWith(UNCLAIMED) && isId('account', fund.slice(UNCLAIMED.length)));

/** Whether a book of this kind can have the fund at all. */
export const isFundName = (book: BookIdentity, fund: string): boolean =>
  isPlatform(book) ? isPlatformFund(fund) : GAS_ACCOUNT.test(fund);

/**
 * Burns and payouts of the vault are booked as the chain has them, before the customers' books
 * settle theirs; so these two may be owed to, and nothing else may ever be below zero.
 */
export const mayBeNegative = (account: Account): boolean =>
  account === 'other_books' ||
  account === 'credits_issued' ||
  account === available(EQUITY) ||
  account === available(CLEARING) ||
  account.startsWith('chain/');

/** Where the book puts what was paid for work. */
export const spentIn = (book: BookIdentity): Account =>
  isPlatform(book) ? available(EQUITY) : 'spent';
