/** Statistics: counted over this function's executions only. */
import { describe, expect, it } from 'vitest';
import { openTenant } from '../../support/harness.ts';
import { created, ran } from './functions-under-test.ts';

const SOURCE = '(params) => { if (params.fail) throw new Error("no"); return 1 }';

describe('200', () => {
  it('counts runs, failures and fuel, in all and by period', async () => {
    const tenant = await openTenant();
    const { id } = await created(tenant, { source: SOURCE });
    const other = await created(tenant, { source: SOURCE });
    await ran(tenant, other.id, { fail: true });
    const runs = [
      await ran(tenant, id, {}),
      await ran(tenant, id, {}),
      await ran(tenant, id, { fail: true }),
    ];
    const fuel = runs.reduce((sum, run) => sum + run.fuel, 0);
    const { body } = await tenant.call(`GET /functions/${id}/stats?step=hour`);
    expect(body).toMatchObject({ runs: 3, failures: 1, fuel });
    expect(body.p50Ms).toBeGreaterThanOrEqual(0);
    expect(body.p99Ms).toBeGreaterThanOrEqual(body.p50Ms);
    const total = (name: 'runs' | 'failures' | 'fuel') =>
      body.periods.reduce(
        (sum: number, period: Record<string, number>) => sum + (period[name] ?? 0),
        0,
      );
    expect([total('runs'), total('failures'), total('fuel')]).toEqual([3, 1, fuel]);
  });

  it('of a function that never ran are zero, without percentiles', async () => {
    const tenant = await openTenant();
    const { id } = await created(tenant);
    const { body } = await tenant.call(`GET /functions/${id}/stats`);
    expect(body).toMatchObject({ runs: 0, failures: 0, fuel: 0, p50Ms: null, p99Ms: null });
  });

  it('leave out what is not in the time asked for', async () => {
    const tenant = await openTenant();
    const { id } = await created(tenant);
    await ran(tenant, id, { value: 1 });
    const past = 'since=2020-01-01T00:00:00Z&until=2020-01-02T00:00:00Z';
    expect((await tenant.call(`GET /functions/${id}/stats?${past}`)).body.runs).toBe(0);
  });
});

describe('400', () => {
  it.each(['since=yesterday', 'step=minute', 'until=2020-13-01T00:00:00Z'])(
    'refuses %s',
    async (query) => {
      const tenant = await openTenant();
      const { id } = await created(tenant);
      expect((await tenant.call(`GET /functions/${id}/stats?${query}`)).status).toBe(400);
    },
  );

  it('does not count an unbounded number of periods', async () => {
    const tenant = await openTenant();
    const { id } = await created(tenant);
    const all = 'since=0001-01-01T00:00:00Z&until=9999-12-31T00:00:00Z&step=hour';
    const answer = await tenant.call(`GET /functions/${id}/stats?${all}`);
    expect(answer.status).toBeLessThan(500);
    expect(answer.text.length).toBeLessThan(1_000_000);
  });
});

describe('404', () => {
  it('hides the statistics of another tenant', async () => {
    const [owner, stranger] = [await openTenant(), await openTenant('stranger')];
    const { id } = await created(owner);
    expect((await stranger.call(`GET /functions/${id}/stats`)).status).toBe(404);
  });
});
