/** Done means: equal receipts in a fresh process with the network off, for every example and random functions. */
import { expect, it } from 'vitest';
import { replayAfterRestart } from './replay-after-restart.ts';

it('replays every example and 40 random functions after a restart without a network', async () => {
  const seed = Number(process.env.REPLAY_SEED ?? Date.now() % 1_000_000);
  process.stdout.write(`REPLAY_SEED=${seed}\n`);
  expect(await replayAfterRestart({ seed, functions: 40 })).toBeGreaterThan(60);
}, 300_000);
