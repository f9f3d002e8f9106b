import { describe, expect, it } from 'vitest';
import { networksSchema } from '../../../worker/core/neo/network-settings.ts';

const PRIVATE = {
  id: 'neo3:private',
  magic: 56753,
  rpc: ['http://127.0.0.1:20331', 'http://127.0.0.1:20341'],
  quorum: 2,
};
const problems = (...networks: readonly object[]) => {
  const parsed = networksSchema.safeParse(networks);
  return parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => [path.join('/'), message]);
};

describe('the configured networks', () => {
  it('takes endpoints, a quorum and a checkpoint', () => {
    const checkpoint = {
      height: 7,
      hash: `0x${'AB'.repeat(32)}`,
      nextConsensus: 'NfgHwwTi3wHAS8aFAN243C5vGbkYDpqLHP',
    };
    const [network] = networksSchema.parse([{ ...PRIVATE, checkpoint }]);
    expect(network?.checkpoint?.hash).toBe(`0x${'ab'.repeat(32)}`);
    expect(network?.checkpoint?.nextConsensus).toMatch(/^0x[0-9a-f]{40}$/);
  });

  it.each([
    [
      'an endpoint that would vote twice',
      { rpc: ['http://a.example', 'http://a.example'] },
      '0/rpc',
    ],
    ['its other spelling', { rpc: ['http://a.example', 'http://A.example:80/'] }, '0/rpc'],
    ['more votes than endpoints', { quorum: 3 }, '0/quorum'],
    ['no vote at all', { quorum: 0 }, '0/quorum'],
    [
      'credentials that would stand in logs',
      { rpc: ['http://me:key@a.example'], quorum: 1 },
      '0/rpc/0',
    ],
    ['a scheme that is not HTTP', { rpc: ['ws://a.example'], quorum: 1 }, '0/rpc/0'],
    ['an id outside the namespace', { id: 'eip155:1' }, '0/id'],
    ['a magic beyond 32 bits', { magic: 2 ** 32 }, '0/magic'],
    ['an unknown member', { rpcs: [] }, '0'],
  ])('refuses %s', (_what, change, place) => {
    expect(problems({ ...PRIVATE, ...change }).map(([path]) => path)).toContain(place);
  });

  it('refuses two networks of one id or of one magic', () => {
    expect(problems(PRIVATE, { ...PRIVATE, magic: 1 })).toEqual([
      ['', 'a network id stands twice'],
    ]);
    expect(problems(PRIVATE, { ...PRIVATE, id: 'neo3:two' })).toEqual([
      ['', 'a magic stands twice'],
    ]);
  });
});
