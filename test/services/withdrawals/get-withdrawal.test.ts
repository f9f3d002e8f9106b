/** `GET /gasbank/withdrawals/{withdrawalId}`. */
import { describe, expect, it } from 'vitest';
import { openTenant } from '../../support/harness.ts';
import { ABSENT, openPaying, read, TO, VAULT, withdrawn } from './withdrawals-under-test.ts';

describe('200', () => {
  it('says what leaves, to whom, under which id and at what most', async () => {
    const paying = await openPaying();
    const id = await withdrawn(paying, { note: 'winnings' });
    expect(await read(paying, id)).toMatchObject({
      id,
      kind: 'withdrawal',
      requestId: 'payout-1',
      vault: VAULT,
      to: TO,
      amount: '5',
      note: 'winnings',
      threshold: null,
      approvers: [],
      onChainId: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });
});

describe('404', () => {
  it('knows none of another account', async () => {
    const paying = await openPaying();
    const id = await withdrawn(paying);
    const stranger = await openTenant('stranger');
    for (const one of [id, ABSENT])
      expect((await stranger.call(`GET /gasbank/withdrawals/${one}`)).body.code).toBe(
        'request.not_found',
      );
  });
});
