/** What a book tells the catalogue (M11): once heard is enough, unheard is told again. */
import { runInDurableObject } from 'cloudflare:test';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BookIdentity } from '../../../worker/core/ledger/book.ts';
import { LIMITS } from '../../../worker/core/ledger/limits.ts';
import {
  type BookRig,
  CUSTOMER,
  funded,
  reserveOf,
  START,
  setClock,
  startClock,
  stopClock,
} from './ledger-rig.ts';

const DELAY = LIMITS.ledgerNoticeDelayMs.value;

beforeEach(stopClock);
afterEach(startClock);

/** From here on the book tells the list, which acknowledges nothing. */
async function listen(rig: BookRig): Promise<BookIdentity[]> {
  const told: BookIdentity[] = [];
  await runInDurableObject(rig.stub, (instance) => {
    instance.ports = {
      books: {
        deliverMoves: async () => undefined,
        deliverNotices: async (book) => {
          told.push(book);
        },
      },
    };
  });
  return told;
}

describe('the notices of a book', () => {
  it('M11 leave a moment after the first change, all with one call', async () => {
    const rig = await funded(100n);
    const told = await listen(rig);
    expect(await rig.alarmAt()).toBe(START + DELAY);
    await rig.give(reserveOf('one', 1n));
    await rig.stub.checkpoint({ book: CUSTOMER, height: 50 });
    await rig.ring();
    expect(told).toEqual([]);
    setClock(START + DELAY);
    await rig.ring();
    expect(told).toEqual([CUSTOMER]);
  });

  it('M11 are told again with growing pauses while nobody acknowledges them', async () => {
    const rig = await funded(100n);
    let now = START + DELAY;
    for (const pause of [5_000, 10_000, 20_000]) {
      const told = await listen(rig);
      setClock(now);
      await rig.ring();
      expect(told).toEqual([CUSTOMER]);
      expect(await rig.alarmAt()).toBe(now + pause);
      await rig.evict();
      now += pause;
    }
  });

  it('ask for no alarm once they are acknowledged', async () => {
    const rig = await funded(100n);
    setClock(START + DELAY);
    await rig.ring();
    await rig.hear();
    expect(await rig.alarmAt()).toBeNull();
    expect(await rig.stub.stats()).toMatchObject({ value: { notices: 0, nextAlarmAt: null } });
  });

  it('that come up after an acknowledgement leave in a moment, as the first did', async () => {
    const rig = await funded(100n);
    for (const at of [DELAY, 20_000]) {
      setClock(START + at);
      await rig.ring();
    }
    await rig.stub.checkpoint({ book: CUSTOMER, height: 50 });
    await rig.hear();
    await rig.give(reserveOf('one', 1n));
    expect(await rig.alarmAt()).toBe(START + 20_000 + DELAY);
  });
});
