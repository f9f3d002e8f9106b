import { describe, expect, it } from 'vitest';
import { SMALL_CHAIN } from '../../support/small-chain.ts';
import { ABSENT, down, read, readWithBoth, unknown, up } from './chain-under-test.ts';

describe('200', () => {
  it('has fees as decimals, signers, and the block it is in', async () => {
    const { body } = await read(`${up}/transactions/${SMALL_CHAIN.transfer}`);
    expect(body).toMatchObject({
      sender: SMALL_CHAIN.sender,
      systemFee: '9977780',
      signers: [{ scopes: 'CalledByEntry' }],
      inclusion: { blockHash: SMALL_CHAIN.blockHash, confirmations: 1 },
    });
  });

  it('has no block while it waits in the pool', async () => {
    const { body } = await read(`${up}/transactions/${SMALL_CHAIN.waiting}`);
    expect(body.inclusion).toBeNull();
  });
});

describe('404', () => {
  it('answers it when no node knows it, and for a network that is not served', async () => {
    expect((await read(`${up}/transactions/${ABSENT}`)).body.code).toBe('request.not_found');
    const elsewhere = await read(`${unknown}/transactions/${SMALL_CHAIN.transfer}`);
    expect(elsewhere.body.code).toBe('chain.network_unknown');
  });
});

describe('503', () => {
  it('answers it while no node answers', async () => {
    const answer = await readWithBoth(`${down}/transactions/${SMALL_CHAIN.transfer}`);
    expect(answer.body.code).toBe('chain.unavailable');
  });
});
