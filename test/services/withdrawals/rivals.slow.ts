/**
 * Two who act on one withdrawal: the second comes in before each await of the first, as chance would
 * have it once in a while. One of them wins: it is paid once, or never sent and given back (M7, M16).
 */
import { describe, expect, it } from 'vitest';
import { atEachCall, overtaken } from '../../support/intercepted-platform.ts';
import { altered, Expected, endsPaid, FUNDS, sweepTwice, wish } from './cut-off.ts';
import {
  type Approving,
  keepProven,
  MINUTE_MS,
  openApproving,
  openPaying,
  type Paying,
  pass,
  rowOf,
  sweep,
  withdraw,
  withdrawn,
} from './withdrawals-under-test.ts';

/** Cancelled with nothing sent, or paid with one transaction. */
async function oneWon(paying: Paying, id: string, expected: Expected): Promise<string> {
  const { sent } = paying.chain.chain;
  const before = sent.size;
  await sweepTwice();
  const isCancelled = (await rowOf(id))?.status === 'cancelled';
  if (isCancelled) expect([sent.size, paying.chain.chain.pool.size]).toEqual([before, 0]);
  else await endsPaid(paying, id, before);
  const status = isCancelled ? 'cancelled' : 'completed';
  await expected.check(paying, id, status);
  return status;
}

interface Match<Place extends Paying> {
  readonly paying: Place;
  readonly prepare: (serial: number) => Promise<string>;
  readonly first: (
    platform: Parameters<typeof altered>[1],
    id: string,
    serial: number,
  ) => Promise<unknown>;
  readonly second: (id: string, serial: number) => Promise<unknown>;
}

/** How each of the matches ended. */
async function playAll<Place extends Paying>({ paying, prepare, first, second }: Match<Place>) {
  const expected = new Expected();
  const ends = new Set<string>();
  let id = '';
  let turn = 0;
  await atEachCall(
    (number) => overtaken(number, () => second(id, turn)),
    async (platform, serial) => {
      turn = serial;
      await keepProven();
      id = await prepare(serial);
      await first(platform, id, serial);
      ends.add(await oneWon(paying, id, expected));
    },
  );
  await expected.checkEvents(paying);
  return ends;
}

const cancel = ({ tenant }: Paying, id: string) =>
  tenant.call(`POST /gasbank/withdrawals/${id}/cancel`);

/** Its turn has come. */
async function ready(paying: Paying, serial: number): Promise<string> {
  paying.chain.isPaused = true;
  const id = await withdrawn(paying, wish(serial));
  paying.chain.isPaused = false;
  pass(5 * MINUTE_MS);
  return id;
}

/** One approval is missing. */
async function almostApproved(paying: Approving, serial: number): Promise<string> {
  const id = await withdrawn(paying, wish(serial));
  expect((await paying.approve(id, 0)).status).toBe(201);
  return id;
}

async function answerOf(paying: Approving, id: string, approver: number): Promise<object> {
  const asked = await paying.ask(id, approver);
  return paying.approvers[approver]?.answer(asked.body) ?? {};
}

async function approveAltered(
  paying: Approving,
  platform: Parameters<typeof altered>[1],
  id: string,
): Promise<unknown> {
  const body = await answerOf(paying, id, 1);
  return altered(paying, platform, { path: `/${id}/approvals`, body });
}

describe('at most one of two wins', () => {
  it('M7: a cancel, and the sweep that sends it', async () => {
    const paying = await openPaying(FUNDS);
    const ends = await playAll({
      paying,
      prepare: (serial) => ready(paying, serial),
      first: (platform, id) => altered(paying, platform, { path: `/${id}/cancel` }),
      second: () => sweep(),
    });
    expect(ends).toEqual(new Set(['completed', 'cancelled']));
  });

  it('M7: the sweep that sends it, and a cancel', async () => {
    const paying = await openPaying(FUNDS);
    const ends = await playAll({
      paying,
      prepare: (serial) => ready(paying, serial),
      first: (platform) => sweep(platform),
      second: (id) => cancel(paying, id),
    });
    expect(ends).toEqual(new Set(['completed', 'cancelled']));
  });

  it('M16: the last approval, and a cancel', async () => {
    const paying = await openApproving(2, 2, FUNDS);
    const ends = await playAll({
      paying,
      prepare: (serial) => almostApproved(paying, serial),
      first: (platform, id) => approveAltered(paying, platform, id),
      second: (id) => cancel(paying, id),
    });
    expect(ends).toEqual(new Set(['completed', 'cancelled']));
  });

  it('M16: two approvals of which each would be the last', async () => {
    const paying = await openApproving(3, 2, FUNDS);
    const ends = await playAll({
      paying,
      prepare: (serial) => almostApproved(paying, serial),
      first: (platform, id) => approveAltered(paying, platform, id),
      second: (id) => paying.approve(id, 2),
    });
    expect(ends).toEqual(new Set(['completed']));
  });

  it('M7: all of them at the very same time', async () => {
    const paying = await openApproving(3, 2, FUNDS);
    const expected = new Expected();
    for (let serial = 1; serial <= 8; serial += 1) {
      const id = await almostApproved(paying, serial);
      pass(2 * MINUTE_MS);
      const answers = [await answerOf(paying, id, 1), await answerOf(paying, id, 2)];
      await Promise.all([
        ...answers.map((body) =>
          paying.tenant.call(`POST /gasbank/withdrawals/${id}/approvals`, { body }),
        ),
        cancel(paying, id),
        sweep(),
        withdraw(paying, wish(serial)),
      ]);
      await oneWon(paying, id, expected);
    }
    await expected.checkEvents(paying);
  });
});
