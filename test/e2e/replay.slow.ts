/** The same as replay.test.ts with 200 random functions. */
import { expect, it } from 'vitest';
import { replayAfterRestart } from './replay-after-restart.ts';

it('replays every example and 200 random functions after a restart without a network', async () => {
  const seed = Number(process.env.REPLAY_SEED ?? Date.now() % 1_000_000);
  process.stdout.write(`REPLAY_SEED=${seed}\n`);
  expect(await replayAfterRestart({ seed, functions: 200 })).toBeGreaterThan(210);
}, 600_000);
