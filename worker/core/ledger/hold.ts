/**
 * Money put aside for one purpose, until the service that put it aside says what became of it.
 *
 *   timed  -> captured | released | expired      by its owner, or by alarm
 *   timed  -> chain                              once something is about to be signed
 *   chain  -> captured | released                by its owner, with the verdict alone (M7)
 *
 * An ended hold never changes again. A timed one is over at its time, whether the alarm has come by
 * or not: else a capture and the expiry could both be right.
 */
import { assert } from '../assert.ts';
import { lesser } from '../money.ts';
import type { Route } from './commands.ts';

export type HoldState = 'held' | 'captured' | 'released' | 'expired';

export interface Hold {
  /** Of the command that made it (`keyOf`). */
  readonly key: string;
  readonly fund: string;
  readonly kind: 'timed' | 'chain';
  readonly state: HoldState;
  /** What was held, in each unit; it does not change when the hold ends. */
  readonly gas: bigint;
  readonly credits: bigint;
  /** The part of `gas` that a withdrawal pays out; the rest is its fee. */
  readonly payout: bigint;
  readonly route: Route | null;
  readonly purpose: string;
  /** What it counts against budgets while it is open. */
  readonly charges: readonly Charge[];
  readonly createdAt: number;
  /** Null for a chain-bound one. */
  readonly expiresAt: number | null;
  readonly endedAt: number | null;
  readonly verdict: string | null;
}

export const sumOf = ({ gas, credits }: Pick<Hold, 'gas' | 'credits'>): bigint => gas + credits;

/** As it stands at this time, with or without the alarm. */
export const stateAt = (hold: Hold, now: number): HoldState =>
  hold.state === 'held' && hold.expiresAt !== null && now >= hold.expiresAt
    ? 'expired'
    : hold.state;

export const boundHold = (hold: Hold): Hold => ({ ...hold, kind: 'chain', expiresAt: null });

export interface End {
  readonly state: Exclude<HoldState, 'held'>;
  readonly now: number;
  readonly verdict: string | null;
}

export function endedHold(hold: Hold, { state, now, verdict }: End): Hold {
  assert(hold.state === 'held', 'a hold ends once');
  return { ...hold, state, endedAt: now, verdict, charges: [] };
}

/** A counter of one window: a day's number (UTC), or one of the two that have no end. */
export interface CounterName {
  readonly window: number;
  readonly counter: string;
}

export interface Charge extends CounterName {
  readonly amount: bigint;
  /** Whether it was the hold's amount or one use of it. */
  readonly counts: 'amount' | 'uses';
}

/** What a capture of so much takes in each unit: credits first, as they were held first. */
export function shareOf(
  hold: Hold,
  amount: bigint,
): { readonly gas: bigint; readonly credits: bigint } {
  const credits = lesser(amount, hold.credits);
  return { credits, gas: amount - credits };
}
