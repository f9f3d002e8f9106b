/**
 * M16. The rule is held against what policies decide: over all pairs of some thousand policies, a
 * change that is not called a loosening lets none of the transactions pass more easily.
 */
import { describe, expect, test } from 'vitest';
import type { UnsignedTransaction } from '../../../worker/core/neo/transaction/transaction.ts';
import { NO_SCOPES } from '../../../worker/core/neo/transaction/witness-scope.ts';
import { loosenedParts } from '../../../worker/core/wallets/policy-loosening.ts';
import type { PolicyVerdict, WalletPolicy } from '../../../worker/core/wallets/wallet-policy.ts';
import {
  callOf,
  DAILY,
  GAME,
  GAS,
  judge,
  NEO,
  POINTS,
  paying,
  transferOf,
  withScopes,
} from './policies-under-test.ts';

const combine = <Part extends object>(
  ...lists: readonly (readonly Partial<Part>[])[]
): readonly Part[] =>
  lists.reduce<readonly Part[]>(
    (made, list) => made.flatMap((one) => list.map((more) => ({ ...one, ...more }))),
    [{} as Part],
  );

const rule = (...methods: readonly string[]) => [{ contract: POINTS, methods }];
const GAS_FREE = [{ contract: GAS, methods: ['transfer'] }];

/** Every kind of difference two policies can have, small enough to try all pairs. */
const POLICIES = combine<WalletPolicy>(
  [
    { contracts: [] },
    { contracts: rule('burn') },
    { contracts: rule('transfer') },
    { contracts: [...rule('burn', 'transfer'), ...GAS_FREE] },
    { contracts: [{ contract: POINTS, methods: null }] },
    { contracts: [{ contract: POINTS, methods: null }, ...GAS_FREE] },
  ],
  [
    { tokens: [] },
    { tokens: [{ token: POINTS, perDay: 0n }] },
    {
      tokens: [
        { token: POINTS, perDay: 2n },
        { token: GAS, perDay: 30n },
      ],
    },
    { tokens: [{ token: GAS, perDay: 31n }] },
  ],
  [{ scopes: [] }, { scopes: ['CalledByEntry'] }, { scopes: ['CalledByEntry', 'Global'] }],
  [{ customContracts: [] }, { customContracts: [POINTS] }],
  [{ systemFeeMax: 20n }, { systemFeeMax: 21n }],
  [{ networkFeeMax: 10n }],
  [{ approvals: null }, { approvals: 1 }, { approvals: 2 }],
);

const CALLS = [
  [],
  [callOf(POINTS, 'burn')],
  [callOf(POINTS, 'mint')],
  [transferOf(POINTS, 0n)],
  [transferOf(POINTS, 1n)],
  [transferOf(POINTS, 2n)],
  [transferOf(POINTS, 3n)],
  [transferOf(GAS, 1n)],
  [transferOf(GAS, 2n)],
];
const TRANSACTIONS: readonly UnsignedTransaction[] = [
  ...CALLS.flatMap((calls) => [
    paying(calls),
    withScopes(calls, NO_SCOPES),
    withScopes(calls, 'Global'),
    withScopes(calls, { calledByEntry: true, contracts: [POINTS] }),
  ]),
  paying([], { systemFee: 21n }),
  paying([], { script: Uint8Array.of(0x38) }),
];

/** How much stands in the way. */
const strength = (verdict: PolicyVerdict): number => {
  if (verdict.kind === 'allowed') return 0;
  return verdict.kind === 'approvals' ? verdict.approvals : Number.POSITIVE_INFINITY;
};

describe('M16: a change of a wallet’s policy', () => {
  test('is called a loosening whenever it lets anything pass more easily', () => {
    const strengths = POLICIES.map((policy) =>
      TRANSACTIONS.map((transaction) => strength(judge(transaction, { policy }))),
    );
    const missed: object[] = [];
    let tightenings = 0;
    for (const [from, current] of POLICIES.entries())
      for (const [to, next] of POLICIES.entries()) {
        if (loosenedParts(current, next).length > 0) continue;
        tightenings += 1;
        const before = strengths[from] ?? [];
        const after = strengths[to] ?? [];
        if (before.some((one, index) => (after[index] ?? 0) < one)) missed.push({ current, next });
      }
    expect(missed).toEqual([]);
    // A rule that calls everything a loosening would pass, too.
    expect(tightenings).toBeGreaterThan(POLICIES.length * 10);
  });

  test('is none when nothing but the order changes, or nothing at all', () => {
    const reversed: WalletPolicy = {
      ...DAILY,
      contracts: DAILY.contracts.toReversed(),
      tokens: DAILY.tokens.toReversed(),
      scopes: DAILY.scopes.toReversed(),
    };
    expect(loosenedParts(DAILY, DAILY)).toEqual([]);
    expect(loosenedParts(DAILY, reversed)).toEqual([]);
  });

  const part: WalletPolicy = { ...DAILY, contracts: rule('burn'), customContracts: [GAME] };
  const changes: readonly [keyof WalletPolicy, Partial<WalletPolicy>, Partial<WalletPolicy>][] = [
    ['contracts', { contracts: rule('burn', 'mint') }, { contracts: [] }],
    ['contracts', { contracts: [{ contract: POINTS, methods: null }] }, { contracts: rule() }],
    ['contracts', { contracts: [...rule('burn'), { contract: NEO, methods: null }] }, {}],
    ['tokens', { tokens: [{ token: NEO, perDay: 4n }] }, { tokens: [{ token: NEO, perDay: 2n }] }],
    ['tokens', { tokens: [{ token: POINTS, perDay: 0n }] }, { tokens: [] }],
    ['scopes', { scopes: ['CalledByEntry', 'WitnessRules'] }, { scopes: [] }],
    ['customContracts', { customContracts: [GAME, GAS] }, { customContracts: [] }],
    ['systemFeeMax', { systemFeeMax: 101n }, { systemFeeMax: 99n }],
    ['networkFeeMax', { networkFeeMax: 101n }, { networkFeeMax: 99n }],
    ['approvals', { approvals: 1 }, { approvals: 3 }],
    ['approvals', { approvals: 1 }, { approvals: null }],
  ];

  test.each(changes)(
    'names what it loosens, and nothing when it tightens: %s',
    (name, up, down) => {
      expect(loosenedParts(part, { ...part, ...up })).toEqual([name]);
      expect(loosenedParts(part, { ...part, ...down })).toEqual([]);
    },
  );

  test('from a refusal to approvals of however many is a loosening', () => {
    expect(loosenedParts({ ...part, approvals: null }, { ...part, approvals: 100 })).toEqual([
      'approvals',
    ]);
  });

  test('that takes with one hand and gives with the other is a loosening', () => {
    const next = { ...part, approvals: 100, systemFeeMax: 0n, networkFeeMax: 101n };
    expect(loosenedParts(part, next)).toEqual(['networkFeeMax']);
  });

  test('that puts a limit on what had none is a tightening', () => {
    const free = { ...part, contracts: [{ contract: POINTS, methods: null }] };
    const limited = { ...part, tokens: [{ token: POINTS, perDay: 5n }], contracts: [] };
    expect(loosenedParts({ ...free, tokens: [] }, limited)).toEqual([]);
    expect(loosenedParts(limited, { ...free, tokens: [] })).toEqual(['contracts']);
  });
});
