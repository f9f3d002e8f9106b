/** Entries by cursor, and balances as they once stood. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EntryView } from '../../../durable-objects/account-ledger/rpc.ts';
import { funded, reserveOf, START, setClock, startClock, stopClock } from './ledger-rig.ts';

beforeEach(stopClock);
afterEach(startClock);

/** Ten holds, one in a minute. */
async function history() {
  const rig = await funded(1_000n);
  for (let number = 1; number <= 10; number += 1) {
    setClock(START + number * 60_000);
    await rig.give(reserveOf(`hold-${number}`, BigInt(number), { until: { kind: 'chain' } }));
  }
  return rig;
}

describe('entries', () => {
  it('are read newest first, page after page, none missed and none twice', async () => {
    const rig = await history();
    const seen: EntryView[] = [];
    let before: number | undefined;
    do {
      const page = await rig.stub.entries({
        limit: 4,
        ...(before === undefined ? {} : { before }),
      });
      if (!page.ok) throw new Error('a page was refused');
      seen.push(...page.value.items);
      before = page.value.nextBefore ?? undefined;
    } while (before !== undefined);
    expect(seen.map(({ number }) => number)).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect(seen[0]).toMatchObject({
      kind: 'reserve',
      command: 'sponsorships/hold-10',
      amount: 10n,
      from: { account: 'available/main', balance: 945n },
      to: { account: 'reserved/main', balance: 55n },
    });
    expect(seen.at(-1)).toMatchObject({ kind: 'receive', from: { account: 'other_books' } });
  });

  it('are read of one account', async () => {
    const rig = await history();
    const page = await rig.stub.entries({ accounts: ['reserved/main'], before: 6, limit: 2 });
    expect(page).toMatchObject({
      value: { items: [{ number: 5 }, { number: 4 }], nextBefore: 4 },
    });
  });

  it('of several accounts come in one order, and once where they touch two of them', async () => {
    const rig = await history();
    const accounts = ['available/main', 'reserved/main'] as const;
    const seen: number[] = [];
    let before = 12;
    do {
      const page = await rig.stub.entries({ accounts, before, limit: 4 });
      if (!page.ok) throw new Error('a page was refused');
      seen.push(...page.value.items.map(({ number }) => number));
      before = page.value.nextBefore ?? 0;
    } while (before > 0);
    expect(seen).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
  });
});

describe('balances', () => {
  it.each([
    ['after an entry', { at: { entry: 4 } }, 4, 994n],
    ['at the time of an entry', { at: { time: START + 3 * 60_000 } }, 4, 994n],
    ['just before an entry', { at: { time: START + 4 * 60_000 - 1 } }, 4, 994n],
    ['before the first entry', { at: { time: START - 1 } }, 0, 0n],
    ['in the future', { at: { time: START * 2 } }, 11, 945n],
    ['now', {}, 11, 945n],
  ])('are told as they stood %s', async (_name, query, entry, amount) => {
    const rig = await history();
    const page = await rig.stub.balances({ ...query, limit: 10 });
    if (!page.ok) throw new Error('a page was refused');
    expect(page.value.entry).toBe(entry);
    const main = page.value.items.find(({ account }) => account === 'available/main');
    expect(main?.balance).toBe(amount);
  });

  it('of named accounts are told in their order, then as now, and of unknown ones as nothing', async () => {
    const rig = await history();
    const accounts = ['reserved/main', 'available/other', 'available/main'] as const;
    const then = await rig.stub.balances({ accounts, at: { entry: 4 }, limit: 3 });
    expect(then).toMatchObject({
      value: { entry: 4, items: [{ balance: 6n }, { balance: 0n }, { balance: 994n }] },
    });
    const now = await rig.stub.balances({ accounts, limit: 3 });
    expect(now).toMatchObject({
      value: { entry: 11, items: [{ balance: 55n }, { balance: 0n }, { balance: 945n }] },
    });
  });

  it('have one value at one time though the clock stepped back', async () => {
    const rig = await history();
    setClock(START);
    await rig.give(reserveOf('late', 5n, { until: { kind: 'chain' } }));
    const page = await rig.stub.entries({ limit: 2 });
    if (!page.ok) throw new Error('a page was refused');
    const [last, earlier] = page.value.items;
    expect(last?.at).toBe(earlier?.at);
  });
});
