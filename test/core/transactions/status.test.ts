/** The states of a transaction: which word of a sender leads where, and from where. */
import { describe, expect, it } from 'vitest';
import {
  isEnd,
  leavesOf,
  outcomeOf,
  TRANSACTION_STATUSES,
} from '../../../worker/core/transactions/status.ts';

describe('outcomeOf', () => {
  it.each([
    ['intended', null],
    ['prepared', null],
    ['live', null],
    ['confirmed', 'confirmed'],
    ['faulted', 'faulted'],
    ['expired', 'expired'],
    ['cancelled', 'cancelled'],
    ['rejected', 'rejected'],
    ['disputed', 'disputed'],
  ] as const)('of %s is %s', (state, outcome) => {
    expect(outcomeOf({ state, reason: null })).toBe(outcome);
  });

  it('of what was withdrawn before it was sent is cancelled, as its owner asked', () => {
    expect(outcomeOf({ state: 'rejected', reason: 'withdrawn' })).toBe('cancelled');
  });
});

describe('leavesOf', () => {
  it('never leaves an end, nor a proposal', () => {
    for (const status of TRANSACTION_STATUSES) {
      const outcome = status === 'proposed' || status === 'sending' ? null : status;
      if (outcome === null) continue;
      const from = leavesOf(outcome);
      expect(from.some(isEnd)).toBe(false);
      expect(from).not.toContain('proposed');
      expect(from).not.toContain(status);
    }
  });
});
