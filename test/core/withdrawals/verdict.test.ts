/** What becomes of a payout by its sender's word and the chain's: nothing but a verdict moves money. */
import { describe, expect, it } from 'vitest';
import { parseHash256 } from '../../../worker/core/neo/hash256.ts';
import { parseScriptHash, type ScriptHash } from '../../../worker/core/neo/script-hash.ts';
import {
  decideBecomes,
  type Evidence,
  evidenceNeeded,
  type Heard,
} from '../../../worker/core/withdrawals/verdict.ts';

function must<Value>(value: Value | null): Value {
  if (value === null) throw new Error('not of the form');
  return value;
}
const account = (digit: string): ScriptHash => must(parseScriptHash(`0x${digit.repeat(40)}`));
const HASH = must(parseHash256(`0x${'ab'.repeat(32)}`));
const PAYEE = { to: account('1'), amount: 5n };
const UNREAD: Evidence = { event: null, paidUnder: null };
const NONE: Evidence = { event: null, paidUnder: { kind: 'none' } };
const SAME: Evidence = { event: null, paidUnder: { kind: 'paid', ...PAYEE } };

const included = (vmState: 'HALT' | 'FAULT'): Heard => ({
  kind: 'included',
  hash: HASH,
  blockIndex: 9,
  vmState,
  fee: 3n,
});
const GONE: Heard = { kind: 'gone', height: 40 };
const REJECTED: Heard = { kind: 'rejected', why: 'simulation_fault' };

describe('M3: a run that halted', () => {
  it('is paid when the vault said so in id, account and amount', () => {
    const becomes = decideBecomes(included('HALT'), { ...UNREAD, event: 'equal' }, PAYEE);
    expect(becomes).toEqual({
      kind: 'paid',
      fee: 3n,
      verdict: `halt:${HASH}`,
      reason: 'released',
    });
  });

  it('settles nothing when the event says another amount or account', () => {
    const becomes = decideBecomes(included('HALT'), { ...UNREAD, event: 'differs' }, PAYEE);
    expect(becomes).toEqual({ kind: 'operator', reason: 'release_differs' });
  });

  it('waits while too few nodes show the event', () => {
    expect(decideBecomes(included('HALT'), UNREAD, PAYEE)).toEqual({ kind: 'wait' });
    // What the vault has under the id does not stand in for the event.
    expect(decideBecomes(included('HALT'), SAME, PAYEE)).toEqual({ kind: 'wait' });
  });
});

describe('M14: a run that faulted', () => {
  it('takes the fee and gives the amount back once the vault shows that nothing was paid', () => {
    expect(decideBecomes(included('FAULT'), NONE, PAYEE)).toEqual({
      kind: 'faulted',
      fee: 3n,
      verdict: `fault:${HASH}`,
      reason: 'faulted',
    });
  });

  it('M3: is no failure when the id was used by the very payment', () => {
    expect(decideBecomes(included('FAULT'), SAME, PAYEE)).toMatchObject({ kind: 'paid', fee: 3n });
  });

  it('waits while the vault cannot be read', () => {
    expect(decideBecomes(included('FAULT'), UNREAD, PAYEE)).toEqual({ kind: 'wait' });
  });
});

describe('M4: what can never be included', () => {
  it('gives all back with the verdict of absence, once the vault shows nothing', () => {
    expect(decideBecomes(GONE, NONE, PAYEE)).toEqual({
      kind: 'returned',
      verdict: 'absent:40',
      reason: 'expired',
    });
  });

  it('gives nothing back on the word of the sender alone', () => {
    expect(decideBecomes(GONE, UNREAD, PAYEE)).toEqual({ kind: 'wait' });
    expect(decideBecomes(GONE, { ...UNREAD, event: 'equal' }, PAYEE)).toEqual({ kind: 'wait' });
  });

  it('gives nothing back when the vault has paid under the id', () => {
    expect(decideBecomes(GONE, SAME, PAYEE)).toMatchObject({ kind: 'paid', fee: 0n });
    const other = { kind: 'paid', to: account('2'), amount: 5n } as const;
    expect(decideBecomes(GONE, { ...UNREAD, paidUnder: other }, PAYEE)).toEqual({
      kind: 'operator',
      reason: 'release_differs',
    });
    const less = { kind: 'paid', to: PAYEE.to, amount: 4n } as const;
    expect(decideBecomes(GONE, { ...UNREAD, paidUnder: less }, PAYEE)).toEqual({
      kind: 'operator',
      reason: 'release_differs',
    });
  });
});

describe('what was never signed', () => {
  it('is sent again under the same id, and gives no money back', () => {
    expect(decideBecomes(REJECTED, NONE, PAYEE)).toEqual({
      kind: 'again',
      why: 'simulation_fault',
    });
  });

  it('M3: is paid when `id used` was the reason', () => {
    expect(decideBecomes(REJECTED, SAME, PAYEE)).toMatchObject({ kind: 'paid', fee: 0n });
  });
});

describe('M5: a dispute', () => {
  it('is for an operator, whatever the chain shows', () => {
    for (const evidence of [UNREAD, NONE, SAME])
      expect(decideBecomes({ kind: 'disputed' }, evidence, PAYEE)).toEqual({
        kind: 'operator',
        reason: 'disputed',
      });
  });
});

it('settles nothing before the verdict', () => {
  for (const evidence of [UNREAD, NONE, SAME])
    expect(decideBecomes({ kind: 'working' }, evidence, PAYEE)).toEqual({ kind: 'wait' });
  expect(evidenceNeeded({ kind: 'working' })).toBeNull();
});
