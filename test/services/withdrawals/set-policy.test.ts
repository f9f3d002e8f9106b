/** `PUT /gasbank/withdrawal-policy`: tightened at once, loosened by the approvals of what is loosened. */
import { describe, expect, it } from 'vitest';
import { openTenant } from '../../support/harness.ts';
import { SMALL_CHAIN } from '../../support/small-chain.ts';
import { EVERY, NETWORK, openApproving, TO } from './withdrawals-under-test.ts';

const LOOSE = { ...EVERY, approvalsAbove: null };
type Approving = Awaited<ReturnType<typeof openApproving>>;

const put = ({ tenant }: Pick<Approving, 'tenant'>, body: object, headers = {}) =>
  tenant.call('PUT /gasbank/withdrawal-policy', { body, headers });

async function approveLoosening(
  { tenant, approvers, approverIds }: Approving,
  member: number,
  withdrawalPolicy: object,
) {
  const { network: _network, ...policy } = withdrawalPolicy as { network: string };
  const asked = await tenant.call('POST /wallet-policy/approval-challenges', {
    body: {
      walletId: approverIds[member],
      operation: 'withdrawals.setPolicy',
      withdrawalNetwork: NETWORK,
      withdrawalPolicy: policy,
    },
  });
  expect(asked.status, asked.text).toBe(201);
  const given = await tenant.call('POST /wallet-policy/approvals', {
    body: approvers[member]?.answer(asked.body),
  });
  expect(given.status, given.text).toBe(201);
}

describe('200', () => {
  it('M16: is loosened with the approvals of the wallet policy, once', async () => {
    const approving = await openApproving();
    await approveLoosening(approving, 0, LOOSE);
    expect((await put(approving, LOOSE)).body.code).toBe('wallets.approvals_required');
    await approveLoosening(approving, 1, LOOSE);
    // Written in another way it is the same policy.
    const done = await put(approving, { ...LOOSE, perDay: null });
    expect([done.status, done.body.approvalsAbove], done.text).toEqual([200, null]);
    await put(approving, EVERY);
    expect((await put(approving, LOOSE)).body.code).toBe('wallets.approvals_required');
  });

  it('M16: is tightened by nobody’s leave, which takes approvals away', async () => {
    const approving = await openApproving();
    await approveLoosening(approving, 0, LOOSE);
    await approveLoosening(approving, 1, LOOSE);
    expect((await put(approving, { ...EVERY, perDay: '5' })).status).toBe(200);
    expect((await put(approving, LOOSE)).body.code).toBe('wallets.approvals_required');
  });
});

describe('400', () => {
  it.each<[string, object, string]>([
    ['an amount', { perDay: '1e3' }, '/perDay'],
    [
      'an address',
      { destinations: [{ address: `${TO.slice(0, -1)}j` }] },
      '/destinations/0/address',
    ],
    [
      'a destination twice',
      { destinations: [{ address: TO }, { address: TO }] },
      '/destinations/1/address',
    ],
    ['a delay', { delayHours: -1 }, '/delayHours'],
  ])('names %s', async (_name, fields, pointer) => {
    const refused = await put({ tenant: await openTenant() }, { ...EVERY, ...fields });
    expect(refused.status).toBe(400);
    expect(refused.body.fields).toMatchObject([{ pointer }]);
  });
});

describe('403', () => {
  it.each<[string, object, string]>([
    ['a higher amount', { approvalsAbove: '1' }, '/approvalsAbove'],
    [
      'a destination more',
      { destinations: [{ address: TO }, { address: SMALL_CHAIN.sender }] },
      '/destinations',
    ],
    ['a shorter delay', { delayHours: 1 }, '/delayHours'],
    ['no limit of the day', { perDay: null }, '/perDay'],
  ])('M16: refuses %s that nobody approved', async (_name, fields, pointer) => {
    const approving = await openApproving();
    const tight = { ...EVERY, perDay: '5', destinations: [{ address: TO }], delayHours: 24 };
    expect((await put(approving, tight)).status).toBe(200);
    const refused = await put(approving, { ...tight, ...fields });
    expect(refused.body).toMatchObject({
      code: 'wallets.approvals_required',
      fields: [{ pointer }],
    });
  });
});

describe('412', () => {
  it('refuses a change of a policy that was not read', async () => {
    const tenant = await openTenant();
    const first = await put({ tenant }, EVERY);
    const etag = first.headers.get('etag') ?? '';
    expect((await put({ tenant }, LOOSE, { 'if-match': etag })).status).toBe(200);
    const late = await put({ tenant }, EVERY, { 'if-match': etag });
    expect(late.body.code).toBe('request.precondition_failed');
  });
});

describe('404', () => {
  it('knows no network that is not served', async () => {
    const refused = await put({ tenant: await openTenant() }, { ...EVERY, network: 'neo3:other' });
    expect(refused.body.code).toBe('chain.network_unknown');
  });
});
