/** M14, M15: what a release may cost, whose turn it is, and when a sponsor wallet is filled up. */
import { describe, expect, it } from 'vitest';
import { decideTurn } from '../../../worker/core/withdrawals/day-cap.ts';
import { decideFees, decideRest, feeOf } from '../../../worker/core/withdrawals/fee.ts';
import { LIMITS } from '../../../worker/core/withdrawals/limits.ts';
import { decideRefill, refillIdOf } from '../../../worker/core/withdrawals/refill.ts';

const CAP = BigInt(LIMITS.withdrawalFeeCap.value);
const needed = (systemFee: bigint, networkFee = 1_000_000n) => ({ systemFee, networkFee });

describe('M14: the fee', () => {
  it('is held with a margin, and never above the bound', () => {
    const fees = decideFees(needed(30_000_000n), null);
    expect(fees).toEqual({ ok: true, value: { systemFee: 34_500_000n, networkFee: 1_150_000n } });
    const near = decideFees(needed(CAP - 1_000_001n), null);
    expect(near.ok && feeOf(near.value) <= CAP).toBe(true);
    expect(near.ok && near.value.systemFee >= CAP - 1_000_001n).toBe(true);
  });

  it('is refused when a recipient makes it cost more than the bound', () => {
    expect(decideFees(needed(1_016_000_000n), null)).toMatchObject({
      failure: { code: 'withdrawals.fee_too_high', limit: Number(CAP) },
    });
  });

  it('is refused above what its owner allows, who cannot raise the bound', () => {
    expect(decideFees(needed(30_000_000n), 30_000_000n)).toMatchObject({
      failure: { limit: 30_000_000, observed: 31_000_000 },
    });
    expect(decideFees(needed(60_000_000n), 10n ** 10n).ok).toBe(false);
    const exact = decideFees(needed(30_000_000n), 31_000_000n);
    expect(exact).toEqual({ ok: true, value: needed(30_000_000n) });
  });

  it('is all of the bound where no run can be simulated', () => {
    const fees = decideFees(null, null);
    expect(fees.ok && feeOf(fees.value)).toBe(CAP);
    expect(decideFees(null, 5n).ok).toBe(false);
  });

  it('leaves the rest, which is not paid when it is less than the least', () => {
    expect(decideRest({ left: 31n, least: 1n }, 30n)).toEqual({ ok: true, value: 1n });
    expect(decideRest({ left: 30n, least: 1n }, 30n)).toMatchObject({
      failure: { code: 'withdrawals.amount_too_small', limit: 31, observed: 30 },
    });
  });
});

describe('M15: the cap of a day', () => {
  const now = Date.UTC(2026, 10, 1, 23, 59);
  const day = (hours: number) => Date.UTC(2026, 10, 1 + hours);
  const turn = (spent: bigint, sending: bigint, ahead: bigint, amount = 10n) =>
    decideTurn({ cap: 100n, spent, sending }, { ahead, amount, now });

  it('lets pass what fits beside all that is spent, on its way and ahead', () => {
    expect(turn(50n, 20n, 20n)).toEqual({ kind: 'now' });
    expect(turn(50n, 20n, 21n).kind).toBe('later');
    expect(turn(50n, 41n, 0n).kind).toBe('later');
  });

  it('tells the day on which it should fit', () => {
    expect(turn(100n, 0n, 0n)).toEqual({ kind: 'later', etaAt: day(1) });
    expect(turn(100n, 0n, 91n)).toEqual({ kind: 'later', etaAt: day(2) });
    expect(turn(95n, 0n, 200n)).toEqual({ kind: 'later', etaAt: day(3) });
    // The owner lowered the cap below what was spent.
    expect(turn(500n, 0n, 0n)).toEqual({ kind: 'later', etaAt: day(1) });
  });

  it('promises no day to what no day can hold', () => {
    expect(turn(0n, 0n, 0n, 101n)).toEqual({ kind: 'later', etaAt: null });
    expect(decideTurn({ cap: 0n, spent: 0n, sending: 0n }, { ahead: 0n, amount: 1n, now })).toEqual(
      { kind: 'later', etaAt: null },
    );
  });
});

describe('a refill', () => {
  const rule = { below: 50n, upTo: 100n };
  it('fills up what is free below the rule, M8', () => {
    expect(decideRefill(49n, rule)).toBe(51n);
    expect(decideRefill(50n, rule)).toBeNull();
    // More is promised than there is.
    expect(decideRefill(-20n, rule)).toBe(100n);
    expect(decideRefill(10n, { below: 50n, upTo: 5n })).toBeNull();
  });

  it('has one id of a wallet, day and number', () => {
    expect(refillIdOf('pwl_1', 20_000, 3)).toBe('pwl_1.20000.3');
  });
});
