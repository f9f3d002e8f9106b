/** Eighty seeds; ten thousand in the long run. `npm run sim -- --seed S` repeats one of them. */
import { expect, it } from 'vitest';
import { simulate } from '../../scripts/sim/run.ts';
import { senderInMemory } from '../../scripts/sim/sender-in-memory.ts';
import { testSeeds } from './neo-sender-simulation.ts';

testSeeds(1, 80);

it('gives the same run for the same seed', async () => {
  const run = () =>
    simulate(24, {
      startAt: 1_800_000_000_000,
      settle: () => new Promise((resolve) => setImmediate(resolve)),
      makeSender: senderInMemory,
    });
  expect(await run()).toEqual(await run());
});
