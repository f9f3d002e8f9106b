/** `GET .../gas-accounts/{gasAccountId}/statement`: begin, entries and end of a time add up. */
import { describe, expect, it } from 'vitest';
import { datoshi, deposit, openFunded } from '../../support/gas-account.ts';
import { type Called, openTenant } from '../../support/harness.ts';
import { stopClock } from '../../support/time.ts';
import { MINUTE_MS, pathOf, reservationPath, reserve } from './gas-under-test.ts';

const amountOf = (gas: string): bigint => {
  if (gas === '0') return 0n;
  return gas.startsWith('-') ? -datoshi(gas.slice(1)) : datoshi(gas);
};
const totalOf = ({ available, reserved, inTransit }: Called['body']): bigint =>
  amountOf(available) + amountOf(reserved) + amountOf(inTransit);

/** Five minutes: a deposit, a hold, its capture, a deposit, a hold. */
async function openHistory() {
  const clock = stopClock(Date.now() + 60 * MINUTE_MS);
  const tenant = await openTenant();
  const start = Date.now();
  const account = await openFunded(tenant, '5');
  const steps = [
    () => reserve(tenant, account, { amount: '2', expiresInSeconds: 3_600 }),
    () => tenant.call(`POST ${reservationPath()}/capture`, { body: { amount: '0.5' } }),
    () => deposit(tenant, '1'),
    () => reserve(tenant, account, { id: 'job-2', amount: '3' }),
  ];
  for (const step of steps) {
    clock.pass(MINUTE_MS);
    await step();
  }
  const timeOf = (minute: number): string => new Date(start + minute * MINUTE_MS).toISOString();
  const read = (query: string) => tenant.call(`GET ${pathOf(account)}/statement?${query}`);
  return { tenant, account, timeOf, read };
}

describe('200', () => {
  it('holds what was from its beginning on and before its end, and no more', async () => {
    const { timeOf, read } = await openHistory();
    const { body } = await read(`from=${timeOf(1)}&to=${timeOf(3)}`);
    expect(body.opening).toEqual({ available: '5', reserved: '0', inTransit: '0' });
    expect(body.closing).toEqual({ available: '4.5', reserved: '0', inTransit: '0' });
    expect(body.items).toMatchObject([
      { sequence: 4, change: '0' },
      { sequence: 3, change: '-0.5' },
      { sequence: 2, change: '0' },
    ]);
    expect([body.from, body.to, body.nextCursor]).toEqual([timeOf(1), timeOf(3), null]);
  });

  it('adds up over all its pages, wherever a page ends', async () => {
    const { timeOf, read } = await openHistory();
    for (const [from, to] of [
      [0, 9],
      [1, 4],
      [2, 3],
      [5, 9],
    ] as const) {
      let query = `from=${timeOf(from)}&to=${timeOf(to)}&limit=2`;
      let page = await read(query);
      let sum = totalOf(page.body.opening);
      for (;;) {
        for (const { change } of page.body.items) sum += amountOf(change);
        if (page.body.nextCursor === null) break;
        query = `from=${timeOf(from)}&to=${timeOf(to)}&limit=2&cursor=${page.body.nextCursor}`;
        page = await read(query);
      }
      expect(sum, `${from} to ${to}`).toBe(totalOf(page.body.closing));
    }
  });

  it('is of the last 31 days where no time is given, with what has just been', async () => {
    const { read } = await openHistory();
    const { body } = await read('limit=500');
    expect(body.items).toHaveLength(6);
    expect(Date.parse(body.to) - Date.parse(body.from)).toBe(31 * 86_400_000);
  });
});

describe('400', () => {
  it.each(['from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z', 'from=9999-01-01T00:00:00Z'])(
    'has no statement of a time that ends before it begins: %s',
    async (query) => {
      const tenant = await openTenant();
      const account = await openFunded(tenant, '1');
      const refused = await tenant.call(`GET ${pathOf(account)}/statement?${query}`);
      expect(refused).toMatchObject({ status: 400, body: { fields: [{ pointer: 'query/from' }] } });
    },
  );
});
