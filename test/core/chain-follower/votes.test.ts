/** Votes about the logs of a block: what counts as the same, and when a block is decided. */
import { describe, expect, it } from 'vitest';
import { decideLogVerdict, digestLogs } from '../../../worker/core/chain-follower/digest.ts';
import type { BlockLogs } from '../../../worker/core/chain-follower/extract.ts';
import { execution, hashOf, scriptHashOf, transfer } from './model-chain.ts';

const vote = (endpoint: string, digest: string) => ({ endpoint, digest });

describe('M5: a verdict about logs', () => {
  const cases = [
    ['is open without votes', [], 1, { kind: 'open' }],
    ['is one vote where one node is trusted', [vote('a', 'x')], 1, 'agreed'],
    ['is open while fewer than the quorum voted', [vote('a', 'x')], 2, { kind: 'open' }],
    ['is agreed by two equal votes', [vote('a', 'x'), vote('b', 'x')], 2, 'agreed'],
    ['is disputed by two that differ', [vote('a', 'x'), vote('b', 'y')], 2, { kind: 'disputed' }],
    [
      'is disputed by two quorums that contradict each other',
      [vote('a', 'x'), vote('b', 'x'), vote('c', 'y'), vote('d', 'y')],
      2,
      { kind: 'disputed' },
    ],
    ['does not count one endpoint twice', [vote('a', 'x'), vote('a', 'x')], 2, { kind: 'open' }],
  ] as const;
  for (const [what, votes, quorum, verdict] of cases)
    it(what, () => {
      expect(decideLogVerdict(votes, quorum)).toEqual(
        verdict === 'agreed' ? { kind: 'agreed', digest: 'x', isContradicted: false } : verdict,
      );
    });

  it('is agreed and marked when a third endpoint contradicts, so that money waits', () => {
    const votes = [vote('a', 'x'), vote('liar', 'y'), vote('b', 'x')];
    expect(decideLogVerdict(votes, 2)).toEqual({
      kind: 'agreed',
      digest: 'x',
      isContradicted: true,
    });
  });
});

describe('the digest of logs', () => {
  const logs = (state: 'HALT' | 'FAULT', amount: bigint, words: string): BlockLogs => ({
    block: {
      kind: 'block',
      container: hashOf('block'),
      executions: [execution('OnPersist', []), execution('PostPersist', [])],
    },
    transactions: [
      {
        kind: 'transaction',
        container: hashOf('one'),
        executions: [
          {
            ...execution('Application', [transfer(null, scriptHashOf('to'), amount)], state),
            exception: words,
          },
        ],
      },
    ],
  });

  it('differs by state and by what was raised', () => {
    const digests = [logs('HALT', 1n, ''), logs('FAULT', 1n, ''), logs('HALT', 2n, '')];
    expect(new Set(digests.map(digestLogs)).size).toBe(3);
  });

  it('does not differ by the words of a fault, which nodes of two makers choose freely', () => {
    expect(digestLogs(logs('FAULT', 1n, 'ABORT'))).toBe(digestLogs(logs('FAULT', 1n, 'abort!')));
  });
});
