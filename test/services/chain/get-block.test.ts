import { describe, expect, it } from 'vitest';
import { SMALL_CHAIN } from '../../support/small-chain.ts';
import { down, read, readWithBoth, unknown, up } from './chain-under-test.ts';

describe('200', () => {
  it('is the same block by height and by hash', async () => {
    const byHeight = await read(`${up}/blocks/${SMALL_CHAIN.height}`);
    const byHash = await read(`${up}/blocks/${SMALL_CHAIN.blockHash}`);
    expect(byHash.body).toEqual(byHeight.body);
    expect(byHeight.body).toMatchObject({
      hash: SMALL_CHAIN.blockHash,
      nonce: '00000000000000ff',
      transactions: [SMALL_CHAIN.transfer, SMALL_CHAIN.faulted],
    });
  });
});

describe('404', () => {
  it('answers it beyond the tip, and for a network that is not served', async () => {
    expect((await read(`${up}/blocks/8`)).body.code).toBe('request.not_found');
    expect((await read(`${unknown}/blocks/7`)).body.code).toBe('chain.network_unknown');
  });
});

describe('400', () => {
  it.each(['007', '-1', '0x12', '99999999999'])('refuses %s', async (block) => {
    expect((await read(`${up}/blocks/${block}`)).status).toBe(400);
  });
});

describe('503', () => {
  it('asks to repeat while no node answers', async () => {
    const answer = await readWithBoth(`${down}/blocks/1`);
    expect([answer.status, answer.body.code]).toEqual([503, 'chain.unavailable']);
    expect(answer.headers.get('retry-after')).toBe('1');
  });
});
