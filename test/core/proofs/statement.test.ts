/** Statements: what cannot be true, and what the chain does not have. */
import { describe, expect, it } from 'vitest';
import {
  findDifferences,
  findUnsound,
  parseSum,
  type Statement,
} from '../../../worker/core/proofs/statement.ts';

const A = `0x${'a1'.repeat(20)}`;
const B = `0x${'b2'.repeat(20)}`;

const sound: Statement = {
  formatVersion: 1,
  network: 'neo3:private',
  networkMagic: 56_753,
  height: 100,
  cutAt: '2026-11-01T10:00:00.000Z',
  assets: [
    { address: A, amount: '100' },
    { address: B, amount: '5.5' },
  ],
  liabilities: [
    { heading: 'customers/available', amount: '60' },
    { heading: 'customers/reserved', amount: '10' },
    { heading: 'customers/in_transit', amount: '2' },
    { heading: 'customers/spent', amount: '3' },
    { heading: 'platform/available/equity', amount: '-0.5' },
    { heading: 'platform/in_transit/deposits', amount: '1' },
    { heading: 'platform/available/suspense', amount: '32' },
    { heading: 'other_books', amount: '-2' },
  ],
  tree: { root: 'ab'.repeat(32), sum: '72', leaves: 9 },
};

const owing = (heading: string, amount: string): Statement['liabilities'] =>
  sound.liabilities.map((line) => (line.heading === heading ? { heading, amount } : line));

describe('a statement', () => {
  it('is sound when assets are liabilities, and the tree is what customers own', () => {
    expect(findUnsound(sound)).toBeNull();
  });

  const attacks: readonly (readonly [string, Partial<Statement>, string])[] = [
    ['a liability left out', { liabilities: sound.liabilities.slice(1) }, 'unbalanced'],
    ['assets that nobody owns', { assets: sound.assets.slice(0, 1) }, 'unbalanced'],
    ['an address twice', { assets: [...sound.assets, { address: A, amount: '0' }] }, 'repeated'],
    [
      'a heading twice',
      { liabilities: [...sound.liabilities, { heading: 'other_books', amount: '0' }] },
      'repeated',
    ],
    [
      'less than nothing owed to customers',
      { liabilities: owing('customers/spent', '-3') },
      'negative',
    ],
    [
      'less than nothing on an address',
      { assets: [...sound.assets, { address: `0x${'c3'.repeat(20)}`, amount: '-1' }] },
      'negative',
    ],
    [
      'M9: what one book sent and no book has',
      {
        liabilities: owing('other_books', '1').map((line) =>
          line.heading === 'customers/spent' ? { ...line, amount: '0' } : line,
        ),
      },
      'other_books_differ',
    ],
    [
      'M9: more received than is in transit',
      {
        liabilities: owing('other_books', '-4').map((line) =>
          line.heading === 'customers/spent' ? { ...line, amount: '5' } : line,
        ),
      },
      'other_books_differ',
    ],
    ['M12: a leaf left out of the tree', { tree: { ...sound.tree, sum: '71' } }, 'tree_differs'],
    ['a sum that two parsers could read', { tree: { ...sound.tree, sum: '72.0' } }, 'malformed'],
    ['a nothing with a sign', { tree: { ...sound.tree, sum: '-0' } }, 'malformed'],
  ];
  it.each(attacks)('cannot be true with %s', (_, change, problem) => {
    expect(findUnsound({ ...sound, ...change })).toBe(problem);
  });

  it('is held against the chain address by address, not in sum', () => {
    expect(findDifferences(sound, [10_000_000_000n, 550_000_000n])).toEqual([]);
    expect(findDifferences(sound, [10_000_000_001n, 549_999_999n])).toEqual([
      { address: A, stated: '100', onChain: '100.00000001' },
      { address: B, stated: '5.5', onChain: '5.49999999' },
    ]);
    expect(findDifferences(sound, [10_000_000_000n])).toHaveLength(1);
  });
});

describe('sums on the wire', () => {
  it('have one form', () => {
    const read = [
      '0',
      '-0.5',
      '1.00000001',
      '90071992.54740991',
      '01',
      '1.10',
      '1e3',
      '-0',
      ' 1',
      '',
    ].map(parseSum);
    expect(read).toEqual([
      0n,
      -50_000_000n,
      100_000_001n,
      9_007_199_254_740_991n,
      ...Array(6).fill(null),
    ]);
  });
});
