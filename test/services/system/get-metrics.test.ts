/** `/metrics`: a scrape Prometheus reads, that counts operations and tells nothing about one customer. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { METRICS } from '../../../worker/core/metrics/definitions.ts';
import { metricsHubs } from '../../../worker/http/metrics.ts';
import { metrics } from '../../../worker/http/observe.ts';
import { randomBytes } from '../../../worker/http/request-context.ts';
import { callAltered, UNREACHABLE } from '../../support/altered-platform.ts';
import { testOperator } from '../../support/bindings.ts';
import { call, openTenant } from '../../support/harness.ts';
import { NETWORKS, SMALL_CHAIN } from '../../support/small-chain.ts';

const LINE = /^([a-z_]+)(?:\{((?:[a-z]+="(?:[^"\\\n]|\\.)*",?)*)\})? (-?\d+(?:\.\d+)?|\+Inf)$/;

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

function parseSample(line: string): Sample {
  const [, name = '', labels = '', value = ''] = LINE.exec(line) ?? [];
  expect(name, `a sample of the text format: ${line}`).not.toBe('');
  const pairs = [...labels.matchAll(/([a-z]+)="((?:[^"\\]|\\.)*)"/g)];
  return {
    name,
    labels: Object.fromEntries(pairs.map(([, label = '', text = '']) => [label, text])),
    value: Number(value),
  };
}

async function scrape(): Promise<{ readonly text: string; readonly samples: readonly Sample[] }> {
  // A flush waits for its time in a living platform; here for nothing.
  await metrics.flush({ now: Date.now(), hubFor: metricsHubs(env), random: randomBytes });
  const { text, status } = await call('GET /metrics');
  expect(status).toBe(200);
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return { text, samples: lines.map(parseSample) };
}

const countOf = (samples: readonly Sample[], operation: string, status: string): number =>
  samples.find(
    ({ name, labels }) =>
      name === 'nsl_http_requests_total' &&
      labels.operation === operation &&
      labels.status === status,
  )?.value ?? 0;

describe('200', () => {
  it('tells how far each followed network is, as of now', async () => {
    const follower = env.CHAIN_FOLLOWER.getByName(NETWORKS.up.id);
    const nothing = await scrape();
    expect(nothing.samples.filter(({ name }) => name.startsWith('nsl_chain'))).toEqual([]);
    await follower.configure({
      networkId: NETWORKS.up.id,
      magic: NETWORKS.up.magic,
      msPerBlock: 1_000,
      endpoints: ['node.test'],
      quorum: 1,
      checkpoint: SMALL_CHAIN.checkpoint,
    });
    const { samples } = await scrape();
    const labels = { network: NETWORKS.up.id };
    expect(samples).toContainEqual({ name: 'nsl_chain_verified_height', labels, value: 7 });
    expect(samples).toContainEqual({ name: 'nsl_chain_alert', labels, value: 0 });
  });

  it('is the text format 0.0.4 with help and type once a metric', async () => {
    const { text } = await scrape();
    for (const name of Object.keys(METRICS)) {
      expect(text.split(`# HELP ${name} `), name).toHaveLength(2);
      expect(text.split(`# TYPE ${name} `), name).toHaveLength(2);
    }
    expect((await call('GET /metrics')).headers.get('content-type')).toBe(
      'text/plain; version=0.0.4; charset=utf-8',
    );
    expect(text.endsWith('\n')).toBe(true);
  });

  it('counts each answer by its operation and status', async () => {
    const before = (await scrape()).samples;
    const absent = 'acc_01k4j8x1e0e4r9v2m3n5p6q7rs';
    for (let request = 0; request < 3; request += 1) await call('GET /system/version');
    for (let request = 0; request < 2; request += 1) await call(`GET /accounts/${absent}`);
    const after = (await scrape()).samples;
    const grown = (operation: string, status: string) =>
      countOf(after, operation, status) - countOf(before, operation, status);
    expect(grown('system.getVersion', '200')).toBe(3);
    expect(grown('accounts.getAccount', '404')).toBe(2);
  });

  it('times what it counts: as many observations as answers, in rising buckets', async () => {
    await call('GET /system/version');
    const { samples } = await scrape();
    const of = (name: string) =>
      samples.filter((row) => row.name === name && row.labels.operation === 'system.getVersion');
    const buckets = of('nsl_http_request_duration_seconds_bucket');
    const values = buckets.map(({ value }) => value);
    expect(values).toEqual(values.toSorted((left, right) => left - right));
    expect(buckets.at(-1)?.labels.le).toBe('+Inf');
    const [count] = of('nsl_http_request_duration_seconds_count');
    expect(count?.value).toBe(values.at(-1));
    const answered = samples.filter(
      ({ name, labels }) =>
        name === 'nsl_http_requests_total' && labels.operation === 'system.getVersion',
    );
    expect(count?.value).toBe(answered.reduce((sum, { value }) => sum + value, 0));
  });

  it('takes label values from closed sets: no id, name or path of a caller', async () => {
    const tenant = await openTenant('canary-name');
    await tenant.call('GET /keys');
    await tenant.call('GET /secrets/canary-secret');
    await call('GET /canary-path/acc_01k4j8x1e0e4r9v2m3n5p6q7rs');
    await call('GET /accounts', { token: 'canary-token-0123456789-0123456789' });
    const { text, samples } = await scrape();
    expect(text).not.toContain('canary');
    expect(text).not.toContain(tenant.accountId);
    expect(text).not.toContain(testOperator.name);
    expect(text).not.toMatch(/(?:acc|key|req|fn|exe)_[0-7][0-9a-z]{25}/);
    const labels = new Set(samples.flatMap((sample) => Object.keys(sample.labels)));
    expect([...labels].filter((label) => /account|key|id$|path|address/.test(label))).toEqual([]);
  });

  it('does not grow with paths that are none', async () => {
    const before = (await scrape()).samples.length;
    for (let path = 0; path < 20; path += 1) await call(`GET /invented-${path}`);
    const after = (await scrape()).samples;
    expect(after.filter(({ labels }) => labels.operation?.includes('invented'))).toEqual([]);
    // The scrape itself is counted too: its own first series may appear between the two.
    expect(after.length - before).toBeLessThanOrEqual(20);
  });

  it('is for operators alone', async () => {
    const tenant = await openTenant();
    expect((await call('GET /metrics', { token: null })).status).toBe(401);
    expect((await call('GET /metrics', { token: tenant.key })).status).toBe(403);
  });
});

describe('500', () => {
  it('fails whole when the shards do not answer, since a part would look like falling counters', async () => {
    const called = await callAltered({ METRICS_HUB: UNREACHABLE }, 'GET /metrics');
    expect(called).toMatchObject({ status: 500, body: { code: 'internal.error' } });
    expect(called.text).not.toContain('canary-9d1e');
    expect(called.text).not.toContain('nsl_http');
  });
});
