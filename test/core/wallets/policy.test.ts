/**
 * The decision about a wallet policy, in its order of refusals: each row mends exactly one fault of
 * the row above.
 */
import { describe, expect, it } from 'vitest';
import {
  decideApproval,
  decidePolicyChange,
  type MemberWallet,
  type PolicyChange,
} from '../../../worker/core/wallets/policy.ts';

const verified = (walletId: string): MemberWallet => ({ walletId, status: 'verified' });
const unverified = (walletId: string): MemberWallet => ({ walletId, status: 'unverified' });

const current = { threshold: 2, members: ['ann', 'ben', 'cat'] };
const all = ['ann', 'ben', 'cat', 'dan'].map(verified);

interface Row {
  readonly fault: string;
  readonly change: PolicyChange;
  readonly answer: object;
}

const refusal = (code: string, facts: object = {}) => ({ ok: false, failure: { code, ...facts } });
const approvalsRequired = (limit: number, observed: number) =>
  refusal('wallets.approvals_required', { limit, observed });

const faulty: PolicyChange = {
  current,
  wallets: [verified('ann'), unverified('ben'), verified('cat')],
  request: { threshold: 0, members: ['ann', 'ann', 'dan'] },
  approvals: [],
};
const withThreshold = { ...faulty, request: { ...faulty.request, threshold: 2 } };
const withoutRepeat = { ...withThreshold, request: { threshold: 2, members: ['ann', 'dan'] } };
const withKnown = { ...withoutRepeat, wallets: [...faulty.wallets, unverified('dan')] };
const withVerified = {
  ...withKnown,
  wallets: [verified('ann'), unverified('ben'), verified('cat'), verified('dan')],
};
const withOne = { ...withVerified, approvals: ['cat'] };
const withRepeated = { ...withOne, approvals: ['cat', 'cat'] };
const withStranger = { ...withOne, approvals: ['cat', 'dan', 'nobody'] };
const withUnverified = { ...withOne, approvals: ['cat', 'ben'] };
const withTwo = { ...withOne, approvals: ['cat', 'ben', 'ann'] };

const rows: readonly Row[] = [
  {
    fault: 'a threshold of zero',
    change: faulty,
    answer: refusal('request.malformed', {
      fields: [{ pointer: '/threshold', detail: 'must be a whole number of at least 1' }],
    }),
  },
  {
    fault: 'a member named twice',
    change: withThreshold,
    answer: refusal('request.malformed', {
      fields: [{ pointer: '/members/1', detail: 'is named twice' }],
    }),
  },
  {
    fault: 'a member that is no wallet of the account',
    change: withoutRepeat,
    answer: refusal('wallets.member_unknown', {
      fields: [{ pointer: '/members/1', detail: 'is not a wallet of this account' }],
    }),
  },
  {
    fault: 'fewer verified members than the threshold',
    change: withKnown,
    answer: refusal('wallets.policy_unverified', { limit: 2, observed: 1 }),
  },
  { fault: 'no approval', change: withVerified, answer: approvalsRequired(2, 0) },
  { fault: 'one approval too few', change: withOne, answer: approvalsRequired(2, 1) },
  { fault: 'one wallet approving twice', change: withRepeated, answer: approvalsRequired(2, 1) },
  { fault: 'approvals of non-members', change: withStranger, answer: approvalsRequired(2, 1) },
  { fault: 'an unverified approval', change: withUnverified, answer: approvalsRequired(2, 1) },
  { fault: 'none', change: withTwo, answer: { ok: true, value: { changed: true } } },
];

describe('decidePolicyChange', () => {
  it.each(rows)('refuses by the first fault in order: $fault', ({ change, answer }) => {
    expect(decidePolicyChange(change)).toEqual(answer);
  });

  it('lets the first policy of an account become active without approvals', () => {
    const first = { current: null, wallets: all, request: current, approvals: [] };
    expect(decidePolicyChange(first)).toEqual({ ok: true, value: { changed: true } });
  });

  it('does not let a first policy become active on unverified wallets', () => {
    const change = {
      current: null,
      wallets: [verified('ann'), unverified('ben'), unverified('cat')],
      request: current,
      approvals: ['ann', 'ben', 'cat'],
    };
    expect(decidePolicyChange(change)).toEqual(
      refusal('wallets.policy_unverified', { limit: 2, observed: 1 }),
    );
  });

  it('does not let a threshold be higher than the number of members', () => {
    const request = { threshold: 3, members: ['ann', 'ben'] };
    expect(decidePolicyChange({ current: null, wallets: all, request, approvals: [] })).toEqual(
      refusal('wallets.policy_unverified', { limit: 3, observed: 2 }),
    );
  });

  it('does not count a verified wallet that is not a member towards the threshold', () => {
    const wallets = [unverified('ann'), verified('ben'), verified('cat'), verified('dan')];
    const request = { threshold: 2, members: ['ann', 'ben'] };
    expect(decidePolicyChange({ current: null, wallets, request, approvals: [] })).toEqual(
      refusal('wallets.policy_unverified', { limit: 2, observed: 1 }),
    );
  });

  it('asks for the approvals of the old set when threshold, members or both change', () => {
    for (const request of [
      { threshold: 1, members: current.members },
      { threshold: 2, members: ['ann', 'ben', 'dan'] },
      { threshold: 2, members: ['ann', 'ben'] },
      { threshold: 1, members: ['dan'] },
    ]) {
      const change = { current, wallets: all, request };
      expect(decidePolicyChange({ ...change, approvals: ['dan', 'ann'] })).toEqual(
        approvalsRequired(2, 1),
      );
      expect(decidePolicyChange({ ...change, approvals: ['ben', 'ann'] })).toEqual({
        ok: true,
        value: { changed: true },
      });
    }
  });

  it('needs no approval for a request that changes nothing, in whatever order it names the members', () => {
    const request = { threshold: 2, members: ['cat', 'ann', 'ben'] };
    expect(decidePolicyChange({ current, wallets: all, request, approvals: [] })).toEqual({
      ok: true,
      value: { changed: false },
    });
  });

  it('refuses a threshold that is not a whole number', () => {
    for (const threshold of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])
      expect(
        decidePolicyChange({
          current: null,
          wallets: all,
          request: { threshold, members: ['ann'] },
          approvals: [],
        }),
      ).toMatchObject({ ok: false, failure: { code: 'request.malformed' } });
  });
});

describe('decideApproval', () => {
  it('governs nothing while no policy is active', () => {
    expect(decideApproval({ current: null, wallets: [], approvals: [] }).ok).toBe(true);
  });

  it('refuses when a member was removed from the account meanwhile and cannot approve', () => {
    const wallets = [verified('ann'), verified('cat')];
    expect(decideApproval({ current, wallets, approvals: ['ann', 'ben'] })).toEqual(
      approvalsRequired(2, 1),
    );
  });

  it('passes with as many approvals as the threshold and with more', () => {
    for (const approvals of [['ann', 'ben'], current.members])
      expect(decideApproval({ current, wallets: all, approvals }).ok).toBe(true);
  });
});
