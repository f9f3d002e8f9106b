/** `GET /gasbank/withdrawals/{withdrawalId}/attempts`. */
import { describe, expect, it } from 'vitest';
import { openTenant } from '../../support/harness.ts';
import {
  ABSENT,
  openPaying,
  openSending,
  untilStatus,
  withdrawn,
} from './withdrawals-under-test.ts';

describe('200', () => {
  it('is empty before it is sent, and tells how each ended', async () => {
    const { id, ...paying } = await openSending();
    const path = `GET /gasbank/withdrawals/${id}/attempts`;
    const [, operator] = paying.sender.split(':');
    expect((await paying.tenant.call(path)).body.items).toMatchObject([
      { number: 1, sender: operator, outcome: null, endedAt: null },
    ]);
    const hash = paying.chain.waiting;
    paying.chain.include(hash);
    await untilStatus(paying, id, 'completed');
    expect((await paying.tenant.call(path)).body.items).toMatchObject([
      { number: 1, outcome: 'paid', hash },
    ]);
  });

  it('has none of what waits', async () => {
    const paying = await openPaying();
    paying.chain.isPaused = true;
    const id = await withdrawn(paying);
    const listed = await paying.tenant.call(`GET /gasbank/withdrawals/${id}/attempts`);
    expect(listed.body.items).toEqual([]);
  });
});

describe('404', () => {
  it('knows none of another account', async () => {
    const tenant = await openTenant();
    const refused = await tenant.call(`GET /gasbank/withdrawals/${ABSENT}/attempts`);
    expect(refused.body.code).toBe('request.not_found');
  });
});
