import { describe, expect, it } from 'vitest';
import { SMALL_CHAIN } from '../../support/small-chain.ts';
import { down, read, readWithBoth, unknown, up } from './chain-under-test.ts';

const balancesOf = (network: string, address: string) => `${network}/addresses/${address}/balances`;

describe('200', () => {
  it('counts in the smallest unit of the token, as decimals', async () => {
    const { body } = await read(balancesOf(up, SMALL_CHAIN.receiver));
    expect(body.items).toEqual([
      {
        contract: SMALL_CHAIN.gas,
        symbol: 'GAS',
        decimals: 8,
        amount: '100000000',
        lastUpdatedBlock: 7,
      },
    ]);
  });

  it('is an empty list for an address that holds nothing', async () => {
    expect((await read(balancesOf(up, SMALL_CHAIN.sender))).body.items).toEqual([]);
  });
});

describe('400', () => {
  it('refuses an address of Neo Legacy', async () => {
    const legacy = await read(balancesOf(up, 'AK2nJJpJr6o664CWJKi1QRXjqeic2zRp8y'));
    expect(legacy.status).toBe(400);
  });
});

describe('404', () => {
  it('answers it for a network that is not served', async () => {
    const answer = await read(balancesOf(unknown, SMALL_CHAIN.receiver));
    expect(answer.body.code).toBe('chain.network_unknown');
  });
});

describe('503', () => {
  it('answers it while no node answers', async () => {
    const answer = await readWithBoth(balancesOf(down, SMALL_CHAIN.receiver));
    expect(answer.body.code).toBe('chain.unavailable');
  });
});
