/** M16: what an account lets leave, and how slowly that may become more. */
import { describe, expect, it } from 'vitest';
import { type ScriptHash } from '../../../worker/core/neo/script-hash.ts';
import {
  applyPolicy,
  decideWithdrawal,
  loosenedParts,
  OPEN_POLICY,
  type PolicyWish,
  type WithdrawalPolicy,
} from '../../../worker/core/withdrawals/policy.ts';
import { formatPolicyForm, parsePolicyForm } from '../../../worker/core/withdrawals/policy-form.ts';
import { repeatedHash } from '../../support/repeated-hash.ts';

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 10, 1, 9);
const [OLD, THIEF] = [repeatedHash('1'), repeatedHash('2')];
const named = (...accounts: readonly ScriptHash[]) =>
  accounts.map((one) => ({ account: one, label: null }));
const WISH: PolicyWish = {
  approvalsAbove: 100n,
  perDay: 1_000n,
  destinations: named(OLD),
  delayMs: 24 * HOUR,
};
const listed = (): WithdrawalPolicy => applyPolicy(OPEN_POLICY, WISH, NOW);
const allows = (policy: WithdrawalPolicy, to: ScriptHash, now: number): boolean =>
  decideWithdrawal(policy, { to, amount: 1n, now }).ok;

it('lets everything leave where nothing was set', () => {
  expect(decideWithdrawal(OPEN_POLICY, { to: THIEF, amount: 10n ** 15n, now: NOW })).toEqual({
    ok: true,
    value: { needsApprovals: false },
  });
});

it('asks for approvals above the amount alone', () => {
  const policy = listed();
  const needs = (amount: bigint) => decideWithdrawal(policy, { to: OLD, amount, now: NOW });
  expect(needs(100n)).toMatchObject({ value: { needsApprovals: false } });
  expect(needs(101n)).toMatchObject({ value: { needsApprovals: true } });
});

describe('a destination that is added', () => {
  const added = applyPolicy(listed(), { ...WISH, destinations: named(OLD, THIEF) }, NOW);

  it('is not paid within the delay', () => {
    const refused = decideWithdrawal(added, { to: THIEF, amount: 1n, now: NOW + 24 * HOUR - 1 });
    expect(refused).toMatchObject({
      failure: { code: 'withdrawals.destination_refused', retryAfterSeconds: 1 },
    });
    expect(allows(added, THIEF, NOW + 24 * HOUR)).toBe(true);
    expect(allows(added, OLD, NOW)).toBe(true);
  });

  it('does not wait less when the list is set again', () => {
    const again = applyPolicy(added, { ...WISH, destinations: named(OLD, THIEF) }, NOW + HOUR);
    expect(allows(again, THIEF, NOW + 24 * HOUR - 1)).toBe(false);
    expect(allows(again, THIEF, NOW + 24 * HOUR)).toBe(true);
  });

  it('does not wait less when the delay is shortened before or with it', () => {
    const wish = { ...WISH, delayMs: 0, destinations: named(OLD, THIEF) };
    expect(allows(applyPolicy(listed(), wish, NOW), THIEF, NOW + 24 * HOUR - 1)).toBe(false);
    const shortened = applyPolicy(listed(), { ...WISH, delayMs: 0 }, NOW);
    const then = applyPolicy(shortened, wish, NOW + HOUR);
    expect(allows(then, THIEF, NOW + HOUR + 24 * HOUR - 1)).toBe(false);
    // The shorter delay counts once the longer one is over.
    const later = applyPolicy(shortened, wish, NOW + 25 * HOUR);
    expect(allows(later, THIEF, NOW + 25 * HOUR)).toBe(true);
  });

  it('does not wait less when the list is lifted', () => {
    const lifted = applyPolicy(listed(), { ...WISH, destinations: null }, NOW);
    expect(allows(lifted, THIEF, NOW + 24 * HOUR - 1)).toBe(false);
    expect(allows(lifted, THIEF, NOW + 24 * HOUR)).toBe(true);
    // Lifted twice it does not begin anew, nor end sooner.
    const twice = applyPolicy(lifted, { ...WISH, destinations: null }, NOW + HOUR);
    expect(allows(twice, THIEF, NOW + 24 * HOUR - 1)).toBe(false);
    expect(allows(twice, THIEF, NOW + 24 * HOUR)).toBe(true);
  });

  it('does not come back at once when a lifted list is set anew within the delay', () => {
    const lifted = applyPolicy(listed(), { ...WISH, destinations: null }, NOW);
    const anew = applyPolicy(lifted, { ...WISH, destinations: named(THIEF) }, NOW + HOUR);
    expect(allows(anew, THIEF, NOW + 25 * HOUR - 1)).toBe(false);
  });
});

it('takes a destination out of the list at once, and one that is added again waits again', () => {
  const without = applyPolicy(listed(), { ...WISH, destinations: [] }, NOW);
  expect(allows(without, OLD, NOW)).toBe(false);
  const again = applyPolicy(without, WISH, NOW + HOUR);
  expect(allows(again, OLD, NOW + 24 * HOUR)).toBe(false);
});

describe('loosening', () => {
  const cases: readonly [string, Partial<PolicyWish>, readonly string[]][] = [
    ['nothing', {}, []],
    ['a lower amount', { approvalsAbove: 0n }, []],
    ['a higher amount', { approvalsAbove: 101n }, ['approvalsAbove']],
    ['no approvals', { approvalsAbove: null }, ['approvalsAbove']],
    ['a higher day', { perDay: 1_001n }, ['perDay']],
    ['no day', { perDay: null }, ['perDay']],
    ['a destination more', { destinations: named(OLD, THIEF) }, ['destinations']],
    ['another destination', { destinations: named(THIEF) }, ['destinations']],
    ['no destination', { destinations: [] }, []],
    ['any destination', { destinations: null }, ['destinations']],
    ['a shorter delay', { delayMs: HOUR }, ['delayHours']],
    ['a longer delay', { delayMs: 25 * HOUR }, []],
  ];
  it.each(cases)('%s', (_name, changes, parts) => {
    expect(loosenedParts(listed(), { ...WISH, ...changes }, NOW)).toEqual(parts);
  });

  it('is none where nothing was set', () => {
    expect(loosenedParts(OPEN_POLICY, WISH, NOW)).toEqual([]);
  });
});

describe('the form', () => {
  const form = {
    approvalsAbove: '1.50',
    perDay: '0',
    destinations: [{ address: 'NPTmAHDxo6Pkyic8Nvu3kwyXoYJCvcCB6i', label: 'treasury' }],
    delayHours: 24,
  };

  it('is one for one policy', () => {
    const wish = parsePolicyForm(form);
    expect(wish.ok && formatPolicyForm(wish.value)).toEqual({ ...form, approvalsAbove: '1.5' });
  });

  it('names the field that is wrong', () => {
    const [one] = form.destinations;
    const bad = { ...form, destinations: [{ address: 'N'.repeat(34), label: null }] };
    const twice = { ...form, destinations: [one, one].flatMap((each) => each ?? []) };
    expect(parsePolicyForm(bad)).toMatchObject({
      failure: { fields: [{ pointer: '/destinations/0/address' }] },
    });
    expect(parsePolicyForm(twice, '/withdrawalPolicy')).toMatchObject({
      failure: { fields: [{ pointer: '/withdrawalPolicy/destinations/1/address' }] },
    });
    expect(parsePolicyForm({ ...form, perDay: '1e3' })).toMatchObject({
      failure: { fields: [{ pointer: '/perDay' }] },
    });
  });
});
