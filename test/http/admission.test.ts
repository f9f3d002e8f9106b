/**
 * Rate limits as callers meet them: who pays from which bucket, what a 429 says, and what it costs
 * us.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import { callAltered } from '../support/altered-platform.ts';
import { keyOf, openTenant, type Tenant } from '../support/harness.ts';
import { SECOND_MS, stopClock } from '../support/time.ts';

/** One a second: a bucket of three. */
const SLOW = { KEY_REQUESTS_PER_SECOND: '1', ADDRESS_REQUESTS_PER_SECOND: '1' };
const BUCKET = 3;

let tenant: Tenant;
beforeEach(async () => {
  tenant = await openTenant();
});

interface Caller {
  readonly token: string | null;
  readonly address?: string;
  readonly path?: string;
}
const ask = (
  settings: object,
  { token, address, path = `/accounts/${tenant.accountId}` }: Caller,
) =>
  callAltered({ ...SLOW, ...settings }, `GET ${path}`, {
    token,
    headers: address === undefined ? {} : { 'cf-connecting-ip': address },
  });

async function statuses(
  count: number,
  one: () => ReturnType<typeof ask>,
): Promise<readonly number[]> {
  const seen: number[] = [];
  for (let index = 0; index < count; index += 1) seen.push((await one()).status);
  return seen;
}

describe('a key', () => {
  it('is answered 429 once its bucket is empty, with what is left and when to come again', async () => {
    const clock = stopClock();
    // Its address has plenty, so that only its own bucket counts.
    const read = () => ask({ ADDRESS_REQUESTS_PER_SECOND: '1000' }, { token: tenant.key });
    expect(await statuses(BUCKET, read)).toEqual([200, 200, 200]);
    const limited = await read();
    expect(limited).toMatchObject({ status: 429, body: { code: 'request.rate_limited' } });
    const wait = Number(limited.headers.get('retry-after'));
    expect(wait).toBeGreaterThanOrEqual(1);
    expect(limited.headers.get('ratelimit')).toContain('r=0');
    expect(limited.headers.get('ratelimit-policy')).toContain('q=');
    clock.pass(wait * SECOND_MS);
    expect((await read()).status).toBe(200);
  });

  it('empties no bucket but its own', async () => {
    stopClock();
    const settings = { ADDRESS_REQUESTS_PER_SECOND: '1000' };
    const other = await keyOf(tenant.accountId);
    await statuses(BUCKET + 1, () => ask(settings, { token: tenant.key }));
    expect((await ask(settings, { token: other })).status).toBe(200);
  });
});

describe('a caller without a valid credential', () => {
  it('pays from its address, for public operations and refused credentials alike', async () => {
    stopClock();
    const trusted = { TRUST_CONNECTING_ADDRESS: 'true' };
    const caller = { token: null, address: '192.0.2.1', path: '/limits' };
    expect(await statuses(BUCKET + 1, () => ask(trusted, caller))).toEqual([200, 200, 200, 429]);
    const guess = { token: 'no-key-at-all', address: '192.0.2.1' };
    expect((await ask(trusted, guess)).status).toBe(429);
    expect((await ask(trusted, { ...guess, address: '192.0.2.2' })).status).toBe(401);
  });

  it('has no second bucket by a second address of its own network', async () => {
    stopClock();
    const trusted = { TRUST_CONNECTING_ADDRESS: 'true' };
    const from = (address: string) => ask(trusted, { token: null, address, path: '/limits' });
    for (let index = 0; index < BUCKET; index += 1) await from(`2001:db8:1:2::${index}`);
    expect((await from('2001:db8:1:2:ffff::1')).status).toBe(429);
    expect((await from('2001:db8:1:3::1')).status).toBe(200);
  });

  it('cannot choose its bucket by a header where no edge of Cloudflare sets it', async () => {
    stopClock();
    const from = (address: string) => ask({}, { token: null, address, path: '/limits' });
    for (let index = 0; index < BUCKET; index += 1) await from(`192.0.2.${index}`);
    expect((await from('192.0.2.99')).status).toBe(429);
  });

  it('is always told whether the process lives', async () => {
    stopClock();
    const health = () => ask({}, { token: null, path: '/healthz' });
    expect(new Set(await statuses(3 * BUCKET, health))).toEqual(new Set([200]));
  });
});
