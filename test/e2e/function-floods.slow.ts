/** The flood of memory bombs, six times as long and from two accounts: what is left behind does not add up. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  findRuntime,
  flood,
  MEMORY_BOMBS,
  openFloodedAccount,
  residentMiB,
  watchResident,
} from './floods.ts';
import { type ServedPlatform, servePlatform } from './served-platform.ts';

const RESIDENT_MIB_MAX = 90;

let folder = '';
let platform: ServedPlatform | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'floods-'));
  platform = await servePlatform({ state: join(folder, 'state') });
});

afterAll(async () => {
  await platform?.stop();
  rmSync(folder, { recursive: true, force: true });
});

it('six hundred memory bombs of two accounts raise it by no more than a hundred may', async () => {
  if (!platform) throw new Error('not started');
  const accounts = [await openFloodedAccount(platform), await openFloodedAccount(platform)];
  const defined = await Promise.all(
    accounts.map(async (account) => ({
      account,
      empty: await account.define('empty', { source: '() => 1' }),
      bombs: await Promise.all(
        Object.entries(MEMORY_BOMBS).map(([name, source]) => account.define(name, { source })),
      ),
    })),
  );
  for (const { account, empty } of defined)
    await flood(account, [empty], { count: 200, atOnce: 4 });
  const runtime = findRuntime(platform.processId);
  if (runtime === undefined) return console.warn('skipped: resident memory is only read on Linux');
  const level = residentMiB(runtime);
  const stop = watchResident(runtime);
  const answers = await Promise.all(
    defined.map(({ account, bombs }) => flood(account, bombs, { count: 300, atOnce: 10 })),
  );
  const raised = stop() - level;
  console.info(`resident memory: +${raised.toFixed(1)} MiB over ${level.toFixed(1)}`, answers);
  expect(raised).toBeLessThan(RESIDENT_MIB_MAX);
  for (const { account, empty } of defined)
    expect((await account.execute(empty)).body.status).toBe('succeeded');
});
