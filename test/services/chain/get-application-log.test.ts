import { describe, expect, it } from 'vitest';
import { SMALL_CHAIN } from '../../support/small-chain.ts';
import { ABSENT, down, read, readWithBoth, unknown, up } from './chain-under-test.ts';

const logOf = (network: string, hash: string) => `${network}/transactions/${hash}/application-log`;

describe('200', () => {
  it('holds the notifications of a HALT with their places', async () => {
    const { body } = await read(logOf(up, SMALL_CHAIN.transfer));
    expect(body).toMatchObject({ vmState: 'HALT', exception: null, gasConsumed: '9977780' });
    expect(body.notifications).toMatchObject([
      { index: 0, contract: SMALL_CHAIN.gas, eventName: 'Transfer' },
    ]);
  });

  it('holds none of a FAULT: what was raised before it did not happen', async () => {
    const { body } = await read(logOf(up, SMALL_CHAIN.faulted));
    expect(body).toMatchObject({ vmState: 'FAULT', notifications: [] });
    expect(body.exception).toContain('ABORT');
  });
});

describe('404', () => {
  it('answers it for what is in no block, and for a network that is not served', async () => {
    for (const hash of [ABSENT, SMALL_CHAIN.waiting])
      expect((await read(logOf(up, hash))).body.code).toBe('request.not_found');
    const elsewhere = await read(logOf(unknown, SMALL_CHAIN.transfer));
    expect(elsewhere.body.code).toBe('chain.network_unknown');
  });
});

describe('503', () => {
  it('answers it while no node answers', async () => {
    const answer = await readWithBoth(logOf(down, SMALL_CHAIN.transfer));
    expect(answer.body.code).toBe('chain.unavailable');
  });
});
