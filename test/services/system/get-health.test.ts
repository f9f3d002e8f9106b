/** `/healthz`: alive whatever else is down, so that an outage of a part never has the process restarted. */
import { describe, expect, it } from 'vitest';
import { callAltered, UNREACHABLE } from '../../support/altered-platform.ts';
import { call } from '../../support/harness.ts';

describe('200', () => {
  it('answers strangers', async () => {
    expect((await call('GET /healthz', { token: null })).body).toEqual({ status: 'ok' });
  });

  it('answers while storage and bridge cannot be reached', async () => {
    const down = {
      DB: UNREACHABLE,
      BRIDGE: UNREACHABLE,
      ACCOUNT_JOURNAL: UNREACHABLE,
      ACCOUNT_SCHEDULER: UNREACHABLE,
      RATE_LIMITER: UNREACHABLE,
      METRICS_HUB: UNREACHABLE,
    };
    const called = await callAltered(down, 'GET /healthz', { token: null });
    expect(called).toMatchObject({ status: 200, body: { status: 'ok' } });
  });

  it('answers while the settings are malformed', async () => {
    const called = await callAltered({ API_TOKENS: 'ops:short' }, 'GET /healthz', { token: null });
    expect(called.status).toBe(200);
  });

  it('answers a load balancer that asks with HEAD, without a body', async () => {
    const called = await call('HEAD /healthz', { token: null });
    expect(called).toMatchObject({ status: 200, text: '' });
  });

  it('is no way to hammer storage: it is answered beyond the rate of its address', async () => {
    const tight = { ADDRESS_REQUESTS_PER_SECOND: '1' };
    for (let request = 0; request < 8; request += 1)
      expect((await callAltered(tight, 'GET /healthz', { token: null })).status).toBe(200);
    const others = [];
    for (let request = 0; request < 8; request += 1)
      others.push((await callAltered(tight, 'GET /limits', { token: null })).status);
    expect(others).toContain(429);
  });
});
