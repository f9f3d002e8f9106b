/** Terms, budgets and windows of sponsorship policies. */
import { describe, expect, it } from 'vitest';
import { LIMITS as LEDGER } from '../../../worker/core/ledger/limits.ts';
import { CALL_FLAGS } from '../../../worker/core/neo/call-flags.ts';
import { decodeCalls, encodeCalls } from '../../../worker/core/neo/contract-calls.ts';
import {
  budgetsOf,
  faultCounts,
  refusalOfCounter,
} from '../../../worker/core/sponsorships/budgets.ts';
import { LIMITS } from '../../../worker/core/sponsorships/limits.ts';
import { loosenedTerms } from '../../../worker/core/sponsorships/policy.ts';
import {
  formatTerms,
  parseTerms,
  type SponsorshipForm,
} from '../../../worker/core/sponsorships/policy-form.ts';
import {
  isOver,
  leavesOf,
  SPONSORSHIP_STATUSES,
  statusOf,
} from '../../../worker/core/sponsorships/status.ts';
import { windowBlocksOf } from '../../../worker/core/sponsorships/window.ts';
import { FORM, GAME, hash, OTHER, termsOf, USER } from './terms.ts';

describe('the form of terms', () => {
  it('has one reading and one writing', () => {
    const written = formatTerms(termsOf({ ...FORM, feeMax: '0.50', perDay: '20.000' }));
    expect(written).toEqual(FORM);
  });

  it.each([
    [
      'a contract twice',
      { contracts: [FORM.contracts[0], FORM.contracts[0]] },
      '/contracts/1/contract',
    ],
    ['no hash', { contracts: [{ contract: '0x1', methods: ['play'] }] }, '/contracts/0/contract'],
    [
      'a method twice',
      { contracts: [{ contract: GAME, methods: ['play', 'play'] }] },
      '/contracts/0/methods',
    ],
    ['nine decimals', { feeMax: '0.000000001' }, '/feeMax'],
    ['no amount', { perKeyPerDay: '0' }, '/perKeyPerDay'],
    ['an exponent', { perDay: '1e3' }, '/perDay'],
  ])('refuses %s', (_what, fields, pointer) => {
    const parsed = parseTerms({ ...FORM, ...(fields as Partial<SponsorshipForm>) });
    expect(!parsed.ok && parsed.failure.fields?.[0]?.pointer).toBe(pointer);
    const within = parseTerms(
      { ...FORM, ...(fields as Partial<SponsorshipForm>) },
      '/sponsorshipTerms',
    );
    expect(!within.ok && within.failure.fields?.[0]?.pointer).toBe(`/sponsorshipTerms${pointer}`);
  });
});

describe('M16: loosening', () => {
  it.each([
    ['contracts', { contracts: [...FORM.contracts, { contract: OTHER, methods: ['play'] }] }],
    ['contracts', { contracts: [{ contract: GAME, methods: ['play', 'transfer', 'burn'] }] }],
    ['feeMax', { feeMax: '0.50000001' }],
    ['perDay', { perDay: '20.1' }],
    ['perAccountPerDay', { perAccountPerDay: '51' }],
    ['perSignerPerDay', { perSignerPerDay: '2' }],
    ['perKeyPerDay', { perKeyPerDay: null }],
    ['perContractPerDay', { perContractPerDay: '11.5' }],
    ['perMethodPerDay', { perMethodPerDay: null }],
    ['perEndUserPerDay', { perEndUserPerDay: '14' }],
    ['faultsPerDay', { faultsPerDay: 51 }],
    ['faultsPerSignerPerDay', { faultsPerSignerPerDay: 4 }],
    ['openMax', { openMax: 101 }],
    ['openPerSignerMax', { openPerSignerMax: 3 }],
    ['windowBlocksMax', { windowBlocksMax: null }],
    ['requiresUserSession', { requiresUserSession: false }],
  ] as const)('is seen in %s', (part, fields) => {
    const next = termsOf({ ...FORM, ...fields });
    expect(loosenedTerms(termsOf(), next)).toEqual([part]);
    // And the way back is none.
    expect(loosenedTerms(next, termsOf())).toEqual([]);
  });

  it('is nothing that stays as it is', () => {
    expect(loosenedTerms(termsOf(), termsOf())).toEqual([]);
    const open = { ...FORM, perKeyPerDay: null };
    expect(loosenedTerms(termsOf(open), termsOf(open))).toEqual([]);
  });
});

const callsOf = (count: number) => {
  const calls = Array.from({ length: count }, (_, index) => ({
    contract: hash(index + 1),
    method: 'x'.repeat(LIMITS.sponsoredMethodCharsMax.value),
    args: [],
    flags: CALL_FLAGS.All,
    result: 'kept' as const,
  }));
  const decoded = decodeCalls(encodeCalls(calls));
  return decoded.ok ? decoded.value : [];
};

const POLICY = 'spp_01k4j8x1e0e4r9v2m3n5p6q7rs';
const sponsored = (calls = callsOf(1), terms = termsOf()) => ({
  policyId: POLICY,
  terms,
  signer: USER,
  askedBy: 'key_01k4j8x1e0e4r9v2m3n5p6q7rs',
  endUser: 'alice@example.com',
  calls,
});

describe('M22: budgets', () => {
  it('bind the policy, the account and the signer by day, and look at faults first', () => {
    const budgets = budgetsOf(sponsored());
    expect(
      budgets.map(({ counter, window, counts, cap }) => [
        counter.split(':')[0],
        window,
        counts,
        cap,
      ]),
    ).toEqual([
      ['faults', 'day', 'nothing', 50n],
      ['faults', 'day', 'nothing', 3n],
      ['open', 'open', 'uses', 100n],
      ['open', 'open', 'uses', 2n],
      ['sponsorships', 'day', 'amount', 5_000_000_000n],
      ['policy', 'day', 'amount', 2_000_000_000n],
      ['signer', 'day', 'amount', 100_000_000n],
      ['key', 'day', 'amount', 1_000_000_000n],
      ['contract', 'day', 'amount', 1_100_000_000n],
      ['method', 'day', 'amount', 1_200_000_000n],
      ['user', 'day', 'amount', 1_300_000_000n],
    ]);
  });

  it('fit a command of the book in their number, their names and their being apart', () => {
    const budgets = budgetsOf(sponsored(callsOf(LIMITS.sponsoredCallsMax.value)));
    // One more is the gas account's own.
    expect(budgets.length + 1).toBeLessThanOrEqual(LEDGER.ledgerBudgetsMax.value);
    const names = budgets.map(({ counter }) => counter);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[0-9A-Za-z_.:-]{1,150}$/);
  });

  it('count a contract and a method once, however often a script calls them', () => {
    const [call] = callsOf(1);
    const twice = call ? [call, call] : [];
    expect(budgetsOf(sponsored(twice))).toEqual(budgetsOf(sponsored()));
  });

  it('leave out what has no cap of its own, and nobody as an end user', () => {
    const none = { perKeyPerDay: null, perContractPerDay: null, perMethodPerDay: null };
    const terms = termsOf({ ...FORM, ...none, perEndUserPerDay: null });
    expect(budgetsOf(sponsored(callsOf(1), terms))).toHaveLength(7);
    expect(budgetsOf({ ...sponsored(), endUser: null })).toHaveLength(10);
  });

  it('keep no name of an end user', () => {
    const user = budgetsOf(sponsored()).at(-1);
    expect(user?.counter).toMatch(/^user:spp_\w+:[0-9a-f]{64}$/);
  });

  it('count a fault against the counters that they look at', () => {
    const counters = faultCounts(POLICY, USER).map(({ counter }) => counter);
    const looked = budgetsOf(sponsored()).slice(0, 2);
    expect(counters).toEqual(looked.map(({ counter }) => counter));
    expect(counters.map(refusalOfCounter)).toEqual([
      'sponsorships.faults_spent',
      'sponsorships.faults_spent',
    ]);
    expect(refusalOfCounter(`open:${POLICY}`)).toBe('sponsorships.too_many_open');
    expect(refusalOfCounter(`policy:${POLICY}`)).toBeNull();
  });
});

describe('M22: the window', () => {
  it.each([
    ['the main network', 15_000, null, 40],
    ['blocks of a second', 1_000, null, 600],
    ['blocks that are too slow for thirty in ten minutes', 60_000, null, 30],
    ['a limit of the policy', 1_000, 100, 100],
    ['a limit above it', 15_000, 100, 40],
    ['blocks so fast that the protocol ends it', 50, null, 5_760],
  ])('%s', (_what, msPerBlock, max, blocks) => {
    expect(windowBlocksOf(msPerBlock, max)).toBe(blocks);
  });
});

describe('M4: statuses', () => {
  it('move nothing out of an end, and a dispute only from what is under way', () => {
    for (const status of ['confirmed', 'faulted', 'expired'] as const)
      expect(leavesOf(status)).toEqual(['sending', 'disputed']);
    expect(leavesOf('disputed')).toEqual(['sending']);
    expect(SPONSORSHIP_STATUSES.filter(isOver)).toEqual([
      'confirmed',
      'faulted',
      'expired',
      'rejected',
    ]);
  });

  it('take whatever is on no chain for expired', () => {
    expect(statusOf('cancelled')).toBe('expired');
    expect(statusOf('rejected')).toBe('expired');
    expect(statusOf('faulted')).toBe('faulted');
  });
});
