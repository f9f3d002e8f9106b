/**
 * Ids of another tenant in the body or the query of an operation about money. What stands in a path
 * is walked by test/contract/every-operation.test.ts; here each answer is that for an id that never
 * was, and nothing of the other tenant moves or shows.
 */
import { describe, expect, it } from 'vitest';
import { openFunded } from '../../support/gas-account.ts';
import { type Called, openTenant, type Tenant } from '../../support/harness.ts';
import { SMALL_CHAIN } from '../../support/small-chain.ts';
import { setPrices } from '../metering/metering-under-test.ts';
import {
  openWallet,
  prepared,
  sponsoringOf,
  TERMS,
  transferBy,
} from '../sponsorships/sponsorships-under-test.ts';
import { openPaying, withdrawn } from '../withdrawals/withdrawals-under-test.ts';
import { ABSENT, balanceOf, NETWORK } from './gas-under-test.ts';

type Wish = (own: string, foreign: string) => object;

const TO = SMALL_CHAIN.receiver;
const payment = (gasAccountId: string) => ({ gasAccountId, amount: '1', to: TO });
const rule = (fromGasAccountId: string) => ({
  lowBalance: '1',
  topUp: { fromGasAccountId, amount: '1', perDay: '1' },
});

const OF_GAS_ACCOUNTS: readonly (readonly [string, Wish])[] = [
  [
    'POST /gasbank/transfers',
    (own, foreign) => ({ id: 'a', fromGasAccountId: foreign, toGasAccountId: own, amount: '1' }),
  ],
  [
    'POST /gasbank/transfers',
    (own, foreign) => ({ id: 'a', fromGasAccountId: own, toGasAccountId: foreign, amount: '1' }),
  ],
  [
    'POST /gasbank/reservations',
    (_own, gasAccountId) => ({
      id: 'a',
      gasAccountId,
      amount: '1',
      purpose: 'work',
      expiresInSeconds: 60,
    }),
  ],
  [
    'POST /gasbank/gas-accounts',
    (_own, foreign) => ({ network: NETWORK, name: 'fed', ...rule(foreign) }),
  ],
  ['PATCH /gasbank/gas-accounts/OWN', (_own, foreign) => rule(foreign)],
  ['PUT /gasbank/billing', (_own, gasAccountId) => ({ gasAccountId })],
  [
    'POST /gasbank/credits/purchases',
    (_own, gasAccountId) => ({ id: 'a', gasAccountId, amount: '1' }),
  ],
  ['POST /gasbank/withdrawals', (_own, foreign) => ({ id: 'a', ...payment(foreign) })],
  ['POST /gasbank/withdrawals/quote', (_own, foreign) => payment(foreign)],
];

/** All that a refusal says, but for the id itself and what differs with each request. */
const said = ({ status, body }: Called, id: string): object => ({
  status,
  body: JSON.stringify({ ...body, requestId: '', instance: '' }).replaceAll(id, 'ID'),
});

const send = (tenant: Tenant, request: string, own: string, body: object) =>
  tenant.call(request.replace('OWN', own), { body });

async function openTwo() {
  const paying = await openPaying();
  const rich = await openTenant('rich');
  const theirs = await openFunded(rich, '5');
  return { ...paying, rich, theirs };
}

describe('the gas account of another tenant', () => {
  it.each(OF_GAS_ACCOUNTS)('is nobody’s in the body of %s (%#)', async (request, wish) => {
    const { tenant, gasAccountId: own, rich, theirs } = await openTwo();
    await setPrices({ execution: '1', creditsPerGas: '1' });
    const { id } = theirs.body;
    const refused = await send(tenant, request, own, wish(own, id));
    expect([400, 404, 409, 422]).toContain(refused.status);
    const absent = await send(tenant, request, own, wish(own, ABSENT));
    expect(said(refused, id)).toEqual(said(absent, ABSENT));
    expect(await balanceOf(rich, theirs)).toMatchObject({ available: '5', sequence: 1 });
  });

  it('shows nothing in a list that names it', async () => {
    const { rich, theirs, ...paying } = await openTwo();
    const { tenant, gasAccountId } = paying;
    await withdrawn(paying);
    const own = await tenant.call(`GET /gasbank/withdrawals?gasAccountId=${gasAccountId}`);
    expect(own.body.items).toHaveLength(1);
    for (const list of ['withdrawals', 'deposits'])
      for (const id of [theirs.body.id, gasAccountId]) {
        const asking = id === gasAccountId ? rich : tenant;
        const listed = await asking.call(`GET /gasbank/${list}?gasAccountId=${id}`);
        expect([listed.status, listed.body.items], list).toEqual([200, []]);
      }
  });
});

describe('the policy of another tenant', () => {
  async function openPolicies() {
    const { rich } = await openTwo();
    const theirs = await sponsoringOf(rich);
    const poor = await openTenant('poor');
    const own = await sponsoringOf(poor);
    return { rich, theirs, poor, own };
  }
  const POLICY = 'spp_01k4j8x1e0e4r9v2m3n5p6q7rs';

  it('pays for no sponsorship, and binds no key', async () => {
    const { theirs, poor, own } = await openPolicies();
    const bodies: Readonly<Record<string, Wish>> = {
      'POST /gasbank/sponsorships': (_own, policyId) => ({
        id: 'a',
        policyId,
        signer: own.user.address,
        calls: [transferBy(own.user.account)],
      }),
      'POST /keys/publishable': (_own, policyId) => ({
        name: 'page',
        policyId,
        origins: ['https://game.example.com'],
      }),
    };
    for (const [request, wish] of Object.entries(bodies)) {
      const refused = await send(poor, request, '', wish('', theirs.policyId));
      const absent = await send(poor, request, '', wish('', POLICY));
      expect([400, 422], request).toContain(refused.status);
      expect(said(refused, theirs.policyId), request).toEqual(said(absent, POLICY));
    }
  });

  it('takes no gas account and no wallet but its own tenant’s', async () => {
    const { theirs, poor, own } = await openPolicies();
    const { walletId } = await openWallet(theirs);
    const moved = await poor.call('POST /gasbank/sponsorship-policies', {
      body: { ...TERMS, name: 'theirs', gasAccountId: theirs.gasAccountId },
    });
    expect(moved.body.code).toBe('sponsorships.gas_account_unusable');
    const asked = await poor.call('POST /gasbank/sponsorships', {
      body: { id: 'a', policyId: own.policyId, walletId, calls: [transferBy(own.user.account)] },
    });
    expect(asked.body.code).toBe('sponsorships.signer_unusable');
  });

  it('shows nothing in a list that names it', async () => {
    const { theirs, poor } = await openPolicies();
    await prepared(theirs);
    const listed = await poor.call(`GET /gasbank/sponsorships?policyId=${theirs.policyId}`);
    expect([listed.status, listed.body.items]).toEqual([200, []]);
  });
});
