/** M17: what is paid out of GAS that a deleted account has left, and to whom. */
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../worker/core/withdrawals/limits.ts';
import { decidePayee, decidePayout } from '../../../worker/core/withdrawals/unclaimed.ts';
import { repeatedHash } from '../../support/repeated-hash.ts';

const LEAST = BigInt(LIMITS.withdrawalMin.value);
const OWNER = repeatedHash('1');
const OTHER = repeatedHash('2');

describe('the payee', () => {
  it('is a wallet that the owner had verified, while one is remembered', () => {
    expect(decidePayee(OWNER, [OTHER, OWNER]).ok).toBe(true);
    expect(decidePayee(OTHER, [OWNER])).toMatchObject({
      failure: { code: 'withdrawals.destination_refused' },
    });
  });

  it('is whom the operator names where none was verified', () => {
    expect(decidePayee(OTHER, []).ok).toBe(true);
  });
});

describe('the payout', () => {
  it('is all that is left after the fee, and never less than a withdrawal may be', () => {
    const fee = 30n;
    expect(decidePayout({ wanted: null, left: LEAST + fee }, fee)).toEqual({
      ok: true,
      value: LEAST,
    });
    expect(decidePayout({ wanted: null, left: LEAST + fee - 1n }, fee)).toMatchObject({
      failure: {
        code: 'withdrawals.amount_too_small',
        limit: Number(LEAST + fee),
        observed: Number(LEAST + fee - 1n),
      },
    });
  });

  it('is what was asked for, which the book holds together with the fee or refuses', () => {
    expect(decidePayout({ wanted: LEAST, left: 0n }, 30n)).toEqual({ ok: true, value: LEAST });
    expect(decidePayout({ wanted: LEAST - 1n, left: LEAST }, 30n)).toMatchObject({
      failure: { limit: Number(LEAST), observed: Number(LEAST - 1n) },
    });
  });
});
