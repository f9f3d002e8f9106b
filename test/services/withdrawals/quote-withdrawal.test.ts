/** `POST /gasbank/withdrawals/quote`: what it would cost, by the very payment, with nothing held. */
import { describe, expect, it } from 'vitest';
import { openTenant } from '../../support/harness.ts';
import { SMALL_CHAIN } from '../../support/small-chain.ts';
import { balancesOf, GAS, openPaying, type Paying, TO } from './withdrawals-under-test.ts';

const quote = ({ tenant, gasAccountId }: Pick<Paying, 'tenant' | 'gasAccountId'>, fields = {}) =>
  tenant.call('POST /gasbank/withdrawals/quote', {
    body: { gasAccountId, amount: '5', to: TO, ...fields },
  });

describe('200', () => {
  it('M14: is what nodes say it takes, with a margin; nothing is held', async () => {
    const paying = await openPaying();
    const { body } = await quote(paying);
    // 0.3 and 0.0123252 GAS, and 15 percent.
    expect(body).toMatchObject({ route: 'vault', amount: '5', expectedAt: null });
    expect(Number(body.feeMax)).toBeGreaterThan(0.312);
    expect(Number(body.feeMax)).toBeLessThan(0.361);
    expect(Number(body.total)).toBeCloseTo(5 + Number(body.feeMax), 8);
    expect(await balancesOf(paying.tenant)).toMatchObject({ available: 20n * GAS, reserved: 0n });
  });

  it('M15: tells when its turn should come', async () => {
    const paying = await openPaying();
    paying.chain.spent = paying.chain.cap;
    expect((await quote(paying)).body.expectedAt).not.toBeNull();
  });
});

describe('403', () => {
  it('names a destination that is never paid', async () => {
    const paying = await openPaying();
    const refused = await quote(paying, { to: paying.sender.split(':')[1] });
    expect(refused.body.code).toBe('withdrawals.destination_refused');
  });
});

describe('404', () => {
  it('knows no gas account of another account', async () => {
    const paying = await openPaying();
    const refused = await quote({ ...paying, tenant: await openTenant('stranger') });
    expect(refused.body.code).toBe('gasbank.fund_not_found');
  });
});

describe('422', () => {
  it('says what it would be refused for', async () => {
    const paying = await openPaying();
    const codeOf = async (fields: object) => (await quote(paying, fields)).body.code;
    expect(await codeOf({ amount: '0.01' })).toBe('withdrawals.amount_too_small');
    expect(await codeOf({ amount: '5000' })).toBe('withdrawals.above_cap');
    expect(await codeOf({ feeMax: '0.1' })).toBe('withdrawals.fee_too_high');
    paying.chain.fault = 'not payable';
    expect(await codeOf({ to: SMALL_CHAIN.sender })).toBe('withdrawals.would_fault');
  });
});

describe('503', () => {
  it('is unavailable where nothing pays, or no node answers', async () => {
    const paying = await openPaying();
    expect((await quote(paying, { route: 'resolver' })).body.code).toBe(
      'withdrawals.route_unavailable',
    );
    paying.chain.chain.node.response = () => new Response(null, { status: 500 });
    expect((await quote(paying)).body.code).toBe('chain.unavailable');
  });
});
