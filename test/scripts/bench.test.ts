/** The bench's arithmetic, its page, and that a refusal is never counted as speed. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { activeMs, sizeOf } from '../../scripts/bench/bundle.ts';
import { COMPARISONS } from '../../scripts/bench/comparisons.ts';
import { measure } from '../../scripts/bench/load.ts';
import { parseBenchOptions } from '../../scripts/bench/options.ts';
import { type Report, renderReport } from '../../scripts/bench/report.ts';
import { summarize } from '../../scripts/bench/rounds.ts';
import { percentile, toSpread, toTiming } from '../../scripts/bench/statistics.ts';

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serve(listener: RequestListener): Promise<string> {
  const listening = createServer(listener);
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  // A TCP server that listens has an address with a port.
  return `http://127.0.0.1:${(listening.address() as AddressInfo).port}/`;
}

const timing = (requestsPerSecond: number, p50Ms: number) => ({
  requestsPerSecond,
  p50Ms,
  p99Ms: p50Ms * 2,
});

describe('statistics', () => {
  it('answers a percentile that was measured, by the nearest rank', () => {
    const sorted = Array.from({ length: 100 }, (_, index) => index + 1);
    expect(percentile(sorted, 0.5)).toBe(50);
    expect(percentile(sorted, 0.99)).toBe(99);
    expect(percentile([7], 0.99)).toBe(7);
  });

  it('takes the median of odd and even counts, with the least and the greatest', () => {
    expect(toSpread([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 });
    expect(toSpread([4, 1, 2, 3])).toEqual({ median: 2.5, min: 1, max: 4 });
  });

  it('counts requests over the time that passed', () => {
    expect(toTiming([1, 2, 3, 4], 500)).toEqual({ requestsPerSecond: 8, p50Ms: 2, p99Ms: 4 });
  });

  it('takes ratios within a round, so that a slow round of both is none', () => {
    const { throughput, addedMs } = summarize(
      [timing(80, 3), timing(8, 30), timing(82, 3)],
      [timing(100, 1), timing(10, 28), timing(100, 1)],
    );
    expect(throughput).toEqual({ median: 0.8, min: 0.8, max: 0.82 });
    expect(addedMs.median).toBe(2);
  });
});

describe('measure', () => {
  const load = { connections: 2, seconds: 0.3 };

  it('fails when a single answer is not 2xx, and shows what was refused', async () => {
    let asked = 0;
    const url = await serve((_request, response) => {
      asked += 1;
      response.writeHead(asked % 50 === 0 ? 429 : 200).end('slow down');
    });
    await expect(measure({ url, method: 'GET' }, load)).rejects.toThrow(/times 429/);
  });

  it('fails when the server is gone', async () => {
    const url = await serve((request) => void request.socket.destroy());
    await expect(measure({ url, method: 'GET' }, load)).rejects.toThrow(/broken or lost/);
  });

  it('sends method, headers and body, and tells throughput and times', async () => {
    const seen = new Set<string>();
    const url = await serve((request, response) => {
      request.setEncoding('utf8').on('data', (body: string) => {
        seen.add(`${request.method} ${request.headers.authorization} ${body}`);
        response.writeHead(201).end();
      });
    });
    const headers = { authorization: 'Bearer x' };
    const measured = await measure({ url, method: 'POST', headers, body: '{"a":1}' }, load);
    expect([...seen]).toEqual(['POST Bearer x {"a":1}']);
    expect(measured.requestsPerSecond).toBeGreaterThan(0);
    expect(measured.p99Ms).toBeGreaterThanOrEqual(measured.p50Ms);
  });
});

describe('parseBenchOptions', () => {
  it('measures everything in five rounds by default, and only then replaces the page', () => {
    expect(parseBenchOptions([])).toMatchObject({ rounds: 5, isWhole: true });
    expect(parseBenchOptions(['--quick'])).toMatchObject({ rounds: 1, isWhole: false });
    expect(parseBenchOptions(['--only', 'execute'])).toMatchObject({ rounds: 5, isWhole: false });
  });

  it('refuses a part that is not measured', () => {
    expect(() => parseBenchOptions(['--only', 'everything'])).toThrow(/no part "everything"/);
    expect(() => parseBenchOptions(['--fast'])).toThrow(/usage/);
  });
});

describe('the bundle', () => {
  it('is measured with code and WASM apart', () => {
    const contents = Buffer.alloc(10_000, 'a');
    const { codeBytes, codeGzipBytes, wasmBytes } = sizeOf({
      folder: 'build',
      modules: [
        { type: 'ESModule', path: 'index.js', contents },
        { type: 'CompiledWasm', path: 'quickjs.wasm', contents: Buffer.alloc(7) },
      ],
    });
    expect({ codeBytes, wasmBytes }).toEqual({ codeBytes: 10_000, wasmBytes: 7 });
    expect(codeGzipBytes).toBeLessThan(200);
  });

  it('does not count idle time as start-up', () => {
    const node = (id: number, functionName: string) => ({ id, callFrame: { functionName } });
    const nodes = [node(1, '(idle)'), node(2, 'createApp'), node(3, '(garbage collector)')];
    const profile = { nodes, samples: [1, 2, 3, 2], timeDeltas: [90_000, 20_000, 5_000, 1_000] };
    expect(activeMs(profile)).toBe(26);
  });
});

describe('renderReport', () => {
  const [comparison] = COMPARISONS;
  const compared = (ratio: number, p50Ms: number) =>
    summarize([timing(ratio * 1000, p50Ms)], [timing(1000, 1)]);

  const raced = (ratio: number) => ({ subject: 1, floor: 1, ratio: toSpread([4 * ratio]) });
  const matching = (ratio: number) => [
    { subscriptions: 1_000, hot: 100, matches: 25_000, eventsMs: 1 },
    { subscriptions: 100_000, hot: 100, matches: 25_000, eventsMs: ratio > 0.8 ? 1.5 : 2.5 },
    { subscriptions: 100_000, hot: 1_000, matches: 250_000, eventsMs: 10 },
  ];

  const books = (ratio: number) => ({
    spending: [{ callers: 16, compared: compared(ratio, 1) }],
    reading: [{ what: 'the balances now', compared: compared(ratio, 1) }],
  });

  function render(ratio: number, p50Ms: number): string {
    if (comparison === undefined) throw new Error('there is nothing to compare');
    const report: Report = {
      date: '2026-11-21',
      command: 'npm run bench',
      rounds: 5,
      seconds: 4,
      connections: 16,
      settings: { LOG_LEVEL: 'warn' },
      machine: { cores: 2, cpu: 'a processor', memoryGib: 8, node: '24', workerd: '1' },
      compared: [{ comparison, one: compared(ratio, p50Ms), many: compared(ratio, p50Ms) }],
      connectionsGrowth: undefined,
      accountsGrowth: undefined,
      runtime: undefined,
      ledger: books(ratio),
      sponsorships: undefined,
      neo: {
        encoding: raced(ratio),
        signing: raced(ratio),
        matching: matching(ratio),
        catchUp: { subject: 612.4, floor: 5_123.6, ratio: toSpread([0.12]) },
      },
      bundle: undefined,
    };
    return renderReport(report);
  }

  it('shows a target that is reached, without an excuse', () => {
    const page = render(0.85, 2);
    expect(page).toContain('≥ 0.8: reached');
    expect(page).not.toContain('missed');
  });

  it('does not hide a missed target, and says where the time goes', () => {
    const page = render(0.7, 6);
    expect(page).toContain('≥ 0.8: **missed**');
    expect(page).toContain('median < 5 ms: **missed**');
    expect(page).toContain(comparison?.costs);
    expect(page).toContain('≥ 3: **missed**');
    expect(page).toContain('| the balances now | 0.70 (0.70–0.70) | ≥ 0.8: **missed** |');
    expect(page).toContain('2.50 times as long\n(< 2: **missed**)');
  });

  it('tells what following a chain costs beside reading it', () => {
    expect(render(0.85, 2)).toContain('| catch up with a chain | 0.12 (0.12–0.12) | 612 | 5,124 |');
  });

  it('has a reason ready for every comparison', () => {
    for (const { costs } of COMPARISONS) expect(costs.length).toBeGreaterThan(40);
  });
});
