/** `GET /accounts/{accountId}/gasbank/usage`: what was spent, by day and purpose. */
import { describe, expect, it } from 'vitest';
import { openFunded } from '../../support/gas-account.ts';
import { openTenant } from '../../support/harness.ts';
import { NETWORKS } from '../../support/small-chain.ts';
import { stopClock } from '../../support/time.ts';
import { NETWORK, onTwoNetworks, reservationPath, reserve } from './gas-under-test.ts';

const NOON = Date.UTC(2026, 10, 29, 12);
const DAY_MS = 86_400_000;

describe('200', () => {
  it('counts what was captured, and nothing that was only held or given back', async () => {
    const clock = stopClock(NOON);
    const tenant = await openTenant();
    const account = await openFunded(tenant, '9');
    const done = async (id: string, purpose: string, end: string) => {
      await reserve(tenant, account, { id, purpose });
      await tenant.call(
        `POST ${reservationPath(id)}/${end}`,
        end === 'capture' ? { body: {} } : {},
      );
    };
    await done('a', 'render', 'capture');
    await done('b', 'render', 'capture');
    await done('c', 'mail', 'capture');
    await done('d', 'mail', 'release');
    clock.pass(DAY_MS);
    await done('e', 'mail', 'capture');
    const read = (query = '') => tenant.call(`GET /gasbank/usage?network=${NETWORK}${query}`);
    const { body } = await read();
    expect(body.items).toEqual([
      {
        id: '2026-11-29/reservations.mail',
        day: '2026-11-29',
        purpose: 'reservations.mail',
        gas: '1',
        credits: '0',
        uses: 1,
      },
      expect.objectContaining({ id: '2026-11-29/reservations.render', gas: '2', uses: 2 }),
      expect.objectContaining({ id: '2026-11-30/reservations.mail', gas: '1', uses: 1 }),
    ]);
    expect((await read('&from=2026-11-30')).body.items).toHaveLength(1);
    expect((await read('&to=2026-11-29')).body.items).toHaveLength(2);
    const first = await read('&limit=2');
    const second = await read(`&limit=2&cursor=${first.body.nextCursor}`);
    expect([...first.body.items, ...second.body.items]).toEqual(body.items);
    expect(second.body.nextCursor).toBeNull();
  });

  it('M1: is of one network', async () => {
    const tenant = onTwoNetworks(await openTenant());
    const account = await openFunded(tenant, '9');
    await reserve(tenant, account);
    await tenant.call(`POST ${reservationPath()}/capture`, { body: {} });
    const other = await tenant.call(`GET /gasbank/usage?network=${NETWORKS.down.id}`);
    expect(other.body.items).toEqual([]);
  });
});

describe('400', () => {
  it.each([
    ['no network', ''],
    ['a day that there is not', `network=${NETWORK}&from=2026-02-30`],
    ['a time for a day', `network=${NETWORK}&to=2026-11-01T00:00:00Z`],
    ['an end before the beginning', `network=${NETWORK}&from=2026-11-02&to=2026-11-01`],
    ['more than a year', `network=${NETWORK}&from=2025-10-31&to=2026-11-01`],
  ])('refuses %s', async (_, query) => {
    const refused = await (await openTenant()).call(`GET /gasbank/usage?${query}`);
    expect(refused.status).toBe(400);
  });
});

describe('404', () => {
  it('knows only networks of this deployment', async () => {
    const refused = await (await openTenant()).call('GET /gasbank/usage?network=neo3:elsewhere');
    expect(refused.body.code).toBe('chain.network_unknown');
  });
});
