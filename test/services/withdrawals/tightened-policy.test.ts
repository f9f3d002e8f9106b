/** M16: a withdrawal that waits, and a policy that was tightened meanwhile. */
import { describe, expect, it } from 'vitest';
import { SMALL_CHAIN } from '../../support/small-chain.ts';
import {
  balancesOf,
  DAY_MS,
  EVERY,
  eventsOf,
  GAS,
  MINUTE_MS,
  openApproving,
  openPaying,
  type Paying,
  pass,
  read,
  sweep,
  TO,
  withdrawn,
} from './withdrawals-under-test.ts';

const OPEN = { ...EVERY, approvalsAbove: null };

const put = async ({ tenant }: Pick<Paying, 'tenant'>, policy: object) => {
  const set = await tenant.call('PUT /gasbank/withdrawal-policy', { body: policy });
  expect(set.status, set.text).toBe(200);
};

/** Waits for the vault, which is paused. */
async function openWaiting(fields: object = {}) {
  const paying = await openPaying();
  paying.chain.isPaused = true;
  const id = await withdrawn(paying, fields);
  return { ...paying, id };
}

async function goOn({ chain }: Paying, ms = 3 * MINUTE_MS): Promise<void> {
  chain.isPaused = false;
  pass(ms);
  await sweep();
}

describe('M16: what would leave by itself', () => {
  it.each<[string, object]>([
    ['needs approvals by now', EVERY],
    ['needs them above a datoshi less', { ...OPEN, approvalsAbove: '4.99999999' }],
    [
      'goes to nobody on the list by now',
      { ...OPEN, destinations: [{ address: SMALL_CHAIN.sender }] },
    ],
  ])('comes back when it %s', async (_what, policy) => {
    const waiting = await openWaiting();
    await put(waiting, policy);
    await goOn(waiting);
    expect(await read(waiting, waiting.id)).toMatchObject({
      status: 'rejected',
      reason: 'policy_tightened',
    });
    expect(await balancesOf(waiting.tenant)).toMatchObject({ available: 20n * GAS, reserved: 0n });
    expect(await eventsOf(waiting.tenant, 'withdrawal.rejected')).toHaveLength(1);
    expect(waiting.chain.chain.pool.size).toBe(0);
  });

  it('comes back at its time when it was scheduled before', async () => {
    const paying = await openPaying();
    const scheduleAt = new Date(Date.now() + DAY_MS / 24).toISOString();
    const id = await withdrawn(paying, { scheduleAt });
    await put(paying, EVERY);
    await goOn(paying, DAY_MS / 24 + MINUTE_MS);
    expect(await read(paying, id)).toMatchObject({ reason: 'policy_tightened' });
    expect(await balancesOf(paying.tenant)).toMatchObject({ available: 20n * GAS });
  });

  it.each<[string, object]>([
    ['approvals are needed above it only', { ...OPEN, approvalsAbove: '5' }],
    [
      'the first list has its receiver',
      { ...OPEN, destinations: [{ address: TO }], delayHours: 24 },
    ],
  ])('goes when %s', async (_what, policy) => {
    const waiting = await openWaiting();
    await put(waiting, policy);
    await goOn(waiting);
    expect(await read(waiting, waiting.id)).toMatchObject({ status: 'sending' });
  });
});

it('M16: what members approved goes, whatever the policy has become', async () => {
  const approving = await openApproving(2, 1);
  approving.chain.isPaused = true;
  const id = await withdrawn(approving);
  expect((await approving.approve(id, 0)).body.status).toBe('ready');
  await put(approving, { ...EVERY, perDay: '0.1' });
  await goOn(approving);
  expect(await read(approving, id)).toMatchObject({ status: 'sending' });
});
