/** Statistics of a function: what its executions tell, by period, and nothing of any other function. */
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../worker/core/executions/limits.ts';
import { openTenant, type Tenant } from '../../support/harness.ts';
import { deploy, onDisk, openWith, ran } from '../executions/runs-under-test.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NONE = { runs: 0, failures: 0, fuel: 0, p50Ms: null, p99Ms: null, periods: [] };
const THROWS_AT_NULL = '(p) => p.n';

const statsOf = (tenant: Tenant, functionId: string, query: Record<string, string> = {}) =>
  tenant.call(`GET /functions/${functionId}/stats?${String(new URLSearchParams(query))}`);

const sum = (numbers: readonly number[]): number => numbers.reduce((one, other) => one + other, 0);

/** What was counted in the present hour, as if it had been counted then. */
const moveTo = (tenant: Tenant, at: number) =>
  onDisk(
    tenant,
    'UPDATE function_hours SET hour = ? WHERE hour = (SELECT max(hour) FROM function_hours)',
    Math.floor(at / HOUR_MS),
  );

/** Buckets of durations: `k` ends at 2^(k/8) milliseconds. */
const setDurations = (tenant: Tenant, buckets: Readonly<Record<string, number>>) =>
  onDisk(tenant, 'UPDATE function_hours SET durations = ?', JSON.stringify(buckets));

describe('200', () => {
  it('counts runs, failures and fuel as the executions tell them', async () => {
    const { tenant, functionId } = await openWith(THROWS_AT_NULL);
    const runs = [];
    for (const params of [{ n: 1 }, { n: 2 }, null])
      runs.push(await ran(tenant, functionId, params));
    const { status, body } = await statsOf(tenant, functionId);
    expect(status).toBe(200);
    expect(body).toMatchObject({ runs: 3, failures: 1, fuel: sum(runs.map(({ fuel }) => fuel)) });
    const { periods, ...total } = body;
    expect(sum(periods.map((period: { runs: number }) => period.runs))).toBe(3);
    if (periods.length === 1) expect(periods).toMatchObject([total]);
    expect(body.p50Ms).toBeGreaterThan(0);
    expect(body.p99Ms).toBeGreaterThanOrEqual(body.p50Ms);
  });

  it('answers nothing but zeros for a function that never ran, and counts no test', async () => {
    const { tenant, functionId } = await openWith('() => 1');
    await tenant.call(`POST /functions/${functionId}/test`, { body: {} });
    expect((await statsOf(tenant, functionId)).body).toEqual(NONE);
  });

  it('counts each function apart, and keeps counting over its versions', async () => {
    const { tenant, functionId } = await openWith('() => 1');
    const other = await deploy(tenant, '() => 2');
    await ran(tenant, functionId);
    const body = { source: '() => 3', deploy: true };
    expect((await tenant.call(`PATCH /functions/${functionId}`, { body })).status).toBe(200);
    await ran(tenant, functionId);
    await ran(tenant, other);
    expect((await statsOf(tenant, functionId)).body.runs).toBe(2);
    expect((await statsOf(tenant, other)).body.runs).toBe(1);
  });

  it('parts the time into hours or days of UTC, oldest first', async () => {
    const { tenant, functionId } = await openWith(THROWS_AT_NULL);
    const day = Date.parse('2026-03-04T00:00:00.000Z');
    const fuel = [];
    for (const [at, params] of [
      [day + 22 * HOUR_MS, { n: 1 }],
      [day + 23 * HOUR_MS, null],
      [day + DAY_MS, { n: 1 }],
    ] as const) {
      fuel.push((await ran(tenant, functionId, params)).fuel);
      await moveTo(tenant, at);
      // Out of the way of the next one, which is to be the newest.
      await onDisk(tenant, 'UPDATE function_hours SET hour = -hour WHERE hour > 0');
    }
    await onDisk(tenant, 'UPDATE function_hours SET hour = -hour');
    const period = { since: '2026-03-04T00:00:00Z', until: '2026-03-06T00:00:00Z' };
    const days = (await statsOf(tenant, functionId, period)).body;
    expect(days).toMatchObject({ runs: 3, failures: 1, fuel: sum(fuel) });
    expect(days.periods).toMatchObject([
      { from: '2026-03-04T00:00:00.000Z', runs: 2, failures: 1, fuel: sum(fuel.slice(0, 2)) },
      { from: '2026-03-05T00:00:00.000Z', runs: 1, failures: 0, fuel: fuel[2] },
    ]);
    const hours = (await statsOf(tenant, functionId, { ...period, step: 'hour' })).body.periods;
    expect(hours).toMatchObject([
      { from: '2026-03-04T22:00:00.000Z', runs: 1, failures: 0, fuel: fuel[0] },
      { from: '2026-03-04T23:00:00.000Z', runs: 1, failures: 1, fuel: fuel[1] },
      { from: '2026-03-05T00:00:00.000Z', runs: 1, failures: 0, fuel: fuel[2] },
    ]);
    const until = { since: '2026-03-04T23:00:00Z', until: '2026-03-05T00:00:00Z' };
    expect((await statsOf(tenant, functionId, until)).body).toMatchObject({ runs: 1, failures: 1 });
  });

  it('tells by p50 and p99 how long half and nearly all of the runs took', async () => {
    const { tenant, functionId } = await openWith('() => 1');
    await ran(tenant, functionId);
    await setDurations(tenant, { 8: 60, 24: 39, 80: 1 });
    expect((await statsOf(tenant, functionId)).body).toMatchObject({ p50Ms: 2, p99Ms: 8 });
    await setDurations(tenant, { 8: 49, 24: 49, 80: 2 });
    const { body } = await statsOf(tenant, functionId, { step: 'hour' });
    expect(body).toMatchObject({ p50Ms: 8, p99Ms: 1024 });
    expect(body.periods).toMatchObject([{ p50Ms: 8, p99Ms: 1024 }]);
  });

  it('reaches back seven days unless asked for more', async () => {
    const { tenant, functionId } = await openWith('() => 1');
    await ran(tenant, functionId);
    const now = Date.now();
    await moveTo(tenant, now - 7 * DAY_MS + 2 * HOUR_MS);
    expect((await statsOf(tenant, functionId)).body.runs).toBe(1);
    await moveTo(tenant, now - 7 * DAY_MS - 2 * HOUR_MS);
    expect((await statsOf(tenant, functionId)).body).toEqual(NONE);
    const since = new Date(now - 8 * DAY_MS).toISOString();
    expect((await statsOf(tenant, functionId, { since })).body.runs).toBe(1);
    const until = new Date(now - 6 * DAY_MS).toISOString();
    expect((await statsOf(tenant, functionId, { until })).body.runs).toBe(1);
  });

  it('is empty for a time that ends before it begins', async () => {
    const { tenant, functionId } = await openWith('() => 1');
    await ran(tenant, functionId);
    const query = { since: '2030-01-01T00:00:00Z', until: '2020-01-01T00:00:00Z' };
    expect((await statsOf(tenant, functionId, query)).body).toEqual(NONE);
  });
});

describe('400', () => {
  it.each([{ since: 'yesterday' }, { until: '2026-13-01T00:00:00Z' }, { step: 'week' }])(
    'refuses %j and names it',
    async (query) => {
      const { tenant, functionId } = await openWith('() => 1');
      const { status, body } = await statsOf(tenant, functionId, query);
      expect([status, body.code]).toEqual([400, 'request.malformed']);
      expect(body.fields).toMatchObject([{ pointer: `query/${Object.keys(query)[0]}` }]);
    },
  );

  it('refuses a period of more hours than one answer tells, and takes one of as many', async () => {
    const { tenant, functionId } = await openWith('() => 1');
    const max = LIMITS.statsHoursMax.value;
    const until = Date.parse('2026-03-04T00:00:00.000Z');
    const ask = (hours: number) =>
      statsOf(tenant, functionId, {
        since: new Date(until - hours * HOUR_MS).toISOString(),
        until: new Date(until).toISOString(),
      });
    expect((await ask(max)).status).toBe(200);
    const refused = await ask(max + 1);
    expect(refused).toMatchObject({ status: 400, body: { limit: max, observed: max + 1 } });
  });
});

describe('404', () => {
  it("knows neither another tenant's function nor a deleted one", async () => {
    const { tenant, functionId } = await openWith('() => 1');
    const stranger = await openTenant('stranger');
    expect((await statsOf(stranger, functionId)).status).toBe(404);
    expect((await tenant.call(`DELETE /functions/${functionId}`)).status).toBe(204);
    expect((await statsOf(tenant, functionId)).status).toBe(404);
  });
});
