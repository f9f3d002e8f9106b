/** `GET /gasbank/withdrawal-policy`. */
import { describe, expect, it } from 'vitest';
import { openTenant } from '../../support/harness.ts';
import { NETWORK, TO } from './withdrawals-under-test.ts';

describe('200', () => {
  it('lets everything leave where nothing was set, and tells what was', async () => {
    const tenant = await openTenant();
    const read = () => tenant.call(`GET /gasbank/withdrawal-policy?network=${NETWORK}`);
    expect((await read()).body).toEqual({
      network: NETWORK,
      networkMagic: 56_753,
      approvalsAbove: null,
      perDay: null,
      destinations: null,
      liftedAt: null,
      delayHours: 0,
    });
    const put = await tenant.call('PUT /gasbank/withdrawal-policy', {
      body: {
        network: NETWORK,
        approvalsAbove: '1.50',
        perDay: '20',
        destinations: [{ address: TO, label: 'treasury' }],
        delayHours: 24,
      },
    });
    expect(put.status, put.text).toBe(200);
    expect((await read()).body).toMatchObject({
      approvalsAbove: '1.5',
      perDay: '20',
      destinations: [{ address: TO, label: 'treasury', activeAt: null }],
      delayHours: 24,
    });
  });
});

describe('404', () => {
  it('knows no network that is not served', async () => {
    const tenant = await openTenant();
    const refused = await tenant.call('GET /gasbank/withdrawal-policy?network=neo3:other');
    expect(refused.body.code).toBe('chain.network_unknown');
  });
});
