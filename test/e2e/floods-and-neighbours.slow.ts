/**
 * Floods against the served bundles: one account's slow and endless runs do not keep another from its answers, and
 * memory bombs do not pile up in the runtime. No time is asserted, only that answers come and how much memory it took.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  findRuntime,
  flood,
  type HoldingServer,
  MEMORY_BOMBS,
  openFloodedAccount,
  residentMiB,
  startHoldingServer,
  watchResident,
} from './floods.ts';
import { type ServedPlatform, servePlatform } from './served-platform.ts';

/** Two busy cores may take a second for each of the endless loops. */
const FLOOD_MS = 300_000;
const RESIDENT_MIB_MAX = 90;

let folder = '';
let server: HoldingServer | undefined;
let platform: ServedPlatform | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'floods-'));
  server = await startHoldingServer();
  platform = await servePlatform({
    state: join(folder, 'state'),
    env: { EGRESS_ALLOW: server.host },
  });
});

afterAll(async () => {
  server?.release();
  await platform?.stop();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function started(): { readonly server: HoldingServer; readonly platform: ServedPlatform } {
  if (!server || !platform) throw new Error('not started');
  return { server, platform };
}

it('a hundred memory bombs raise the resident memory of the runtime by less than 90 MiB', {
  timeout: FLOOD_MS,
}, async () => {
  const account = await openFloodedAccount(started().platform);
  const bombs = await Promise.all(
    Object.entries(MEMORY_BOMBS).map(([name, source]) => account.define(name, { source })),
  );
  const empty = await account.define('empty', { source: '() => 1' });
  await flood(account, [empty], { count: 100, atOnce: 4 });
  const runtime = findRuntime(started().platform.processId);
  const level = runtime === undefined ? 0 : residentMiB(runtime);
  const stop = runtime === undefined ? () => 0 : watchResident(runtime);
  const answers = await flood(account, bombs, { count: 100, atOnce: 20 });
  const raised = stop() - level;
  console.info(`resident memory: +${raised.toFixed(1)} MiB over ${level.toFixed(1)}`, answers);
  expect(answers['201 functions.memory_exhausted']).toBeGreaterThan(25);
  expect(
    Object.keys(answers).filter((answer) => !/^201 |^503 functions.capacity/.test(answer)),
  ).toEqual([]);
  if (runtime === undefined) console.warn('skipped: resident memory is only read on Linux');
  else expect(raised).toBeLessThan(RESIDENT_MIB_MAX);
  expect((await account.execute(empty)).body.status).toBe('succeeded');
});

it('twenty slow fetches and twenty endless loops of one account leave another its answers', {
  timeout: FLOOD_MS,
}, async () => {
  const { server: slow, platform: served } = started();
  const [greedy, payer] = [await openFloodedAccount(served), await openFloodedAccount(served)];
  const fetching = await greedy.define('fetching', {
    source: `async () => ({ status: (await Devpack.http.fetch('http://${slow.host}/')).status })`,
    permissions: { httpHosts: [slow.host] },
  });
  const endless = await greedy.define('endless', { source: '() => { for (;;); }' });
  const empty = await payer.define('empty', { source: '() => 1' });
  const fetches = Array.from({ length: 20 }, () => greedy.execute(fetching));
  await slow.holds(1);
  const loops = Array.from({ length: 20 }, () => greedy.execute(endless));
  for (let round = 0; round < 5; round += 1) {
    const [health, execution] = await Promise.all([
      fetch(`${served.address}/healthz`),
      payer.execute(empty),
    ]);
    expect(health.status).toBe(200);
    expect(execution, JSON.stringify(execution.body)).toMatchObject({
      status: 201,
      body: { status: 'succeeded' },
    });
  }
  expect(slow.held(), 'the slow fetches still run').toBeGreaterThan(0);
  slow.release();
  const answers = await Promise.all([...fetches, ...loops]);
  const codes = answers.map(({ body }) => body.code ?? body.error?.code ?? body.status);
  expect([...new Set(codes)]).toEqual(
    expect.arrayContaining(['functions.fuel_exhausted', 'succeeded']),
  );
  for (const { status } of answers) expect([201, 503]).toContain(status);
  expect((await greedy.execute(fetching)).body.status).toBe('succeeded');
  const tried = await greedy.tryOut(fetching);
  expect(tried.body, 'and a trial may reach the network when it is let').toMatchObject({
    status: 'succeeded',
    output: { status: 200 },
  });
});
