/** `POST .../withdrawals/{withdrawalId}/cancel`: before it is sent, and never after. */
import { describe, expect, it } from 'vitest';
import { callAltered } from '../../support/altered-platform.ts';
import { openTenant } from '../../support/harness.ts';
import { objectsThatDie } from '../../support/intercepted-platform.ts';
import { racingDatabase } from '../../support/racing-database.ts';
import {
  balancesOf,
  DAY_MS,
  eventsOf,
  GAS,
  MINUTE_MS,
  openApproving,
  openPaying,
  openSending,
  type Paying,
  pass,
  read,
  rowOf,
  setRow,
  sweep,
  withdrawn,
} from './withdrawals-under-test.ts';

const cancel = ({ tenant }: Pick<Paying, 'tenant'>, id: string) =>
  tenant.call(`POST /gasbank/withdrawals/${id}/cancel`);
const cancelAltered = (
  { tenant }: Paying,
  id: string,
  alterations: Parameters<typeof callAltered>[0],
) =>
  callAltered(alterations, `POST /accounts/${tenant.accountId}/gasbank/withdrawals/${id}/cancel`, {
    token: tenant.key,
  });

/** It waits for its turn. */
async function openReady() {
  const paying = await openPaying();
  paying.chain.isPaused = true;
  return { ...paying, id: await withdrawn(paying) };
}

describe('200', () => {
  it('gives all back, once, and tells it once', async () => {
    const ready = await openReady();
    expect((await cancel(ready, ready.id)).status).toBe(200);
    expect(await read(ready, ready.id)).toMatchObject({ status: 'cancelled', reason: 'withdrawn' });
    expect(await balancesOf(ready.tenant)).toMatchObject({ available: 20n * GAS, reserved: 0n });
    expect((await cancel(ready, ready.id)).body.status).toBe('cancelled');
    expect(await balancesOf(ready.tenant)).toMatchObject({ available: 20n * GAS });
    expect(await eventsOf(ready.tenant, 'withdrawal.cancelled')).toHaveLength(1);
    ready.chain.isPaused = false;
    pass(10 * MINUTE_MS);
    await sweep();
    expect(await rowOf(ready.id)).toMatchObject({ status: 'cancelled', attempt: 0 });
  });

  it('takes back what is scheduled or waits for approvals', async () => {
    const approving = await openApproving();
    const one = await withdrawn(approving);
    expect((await cancel(approving, one)).status).toBe(200);
    const scheduleAt = new Date(Date.now() + DAY_MS).toISOString();
    const two = await withdrawn(approving, { id: 'payout-2', scheduleAt });
    expect((await cancel(approving, two)).status).toBe(200);
    expect(await balancesOf(approving.tenant)).toMatchObject({ available: 20n * GAS });
  });

  it.each(['before', 'after'] as const)(
    'is mended by the sweep when it died %s the book heard of it',
    async (when) => {
      const ready = await openReady();
      const dying = objectsThatDie('ACCOUNT_LEDGER', 'execute', when);
      expect((await cancelAltered(ready, ready.id, dying)).body.status).toBe('settling');
      pass(2 * MINUTE_MS);
      await sweep();
      expect(await read(ready, ready.id)).toMatchObject({ status: 'cancelled' });
      expect(await balancesOf(ready.tenant)).toMatchObject({ available: 20n * GAS, reserved: 0n });
    },
  );

  it('takes back what was tried before and never signed', async () => {
    const ready = await openReady();
    ready.chain.isPaused = false;
    ready.chain.fault = 'not now';
    pass(5 * MINUTE_MS);
    await sweep();
    expect(await rowOf(ready.id)).toMatchObject({ status: 'sending', attempt: 1 });
    // As after the sender's word that nothing was prepared.
    await setRow(ready.id, "status = 'ready', handed_at = NULL");
    expect((await cancel(ready, ready.id)).status).toBe(200);
    expect(await balancesOf(ready.tenant)).toMatchObject({ available: 20n * GAS, reserved: 0n });
  });
});

describe('404', () => {
  it('takes back nothing of another account', async () => {
    const ready = await openReady();
    const stranger = await openTenant('stranger');
    expect((await cancel({ tenant: stranger }, ready.id)).body.code).toBe('request.not_found');
    expect(await rowOf(ready.id)).toMatchObject({ status: 'ready' });
  });
});

describe('409', () => {
  it('M7: takes nothing back of what may be signed', async () => {
    const sending = await openSending();
    const refused = await cancel(sending, sending.id);
    expect(refused.body).toMatchObject({
      code: 'withdrawals.not_cancellable',
      detail: 'sending',
    });
    expect((await balancesOf(sending.tenant)).reserved > 5n * GAS).toBe(true);
  });
});

describe('412', () => {
  it('M7: a cancel that crosses with the sending gives nothing back', async () => {
    const ready = await openReady();
    ready.chain.isPaused = false;
    const DB = racingDatabase(2, async () => {
      pass(5 * MINUTE_MS);
      await sweep();
    });
    const crossed = await cancelAltered(ready, ready.id, { DB });
    expect(crossed.body.code, crossed.text).toBe('request.precondition_failed');
    expect(await rowOf(ready.id)).toMatchObject({ status: 'sending' });
    expect((await balancesOf(ready.tenant)).reserved > 5n * GAS).toBe(true);
  });
});
