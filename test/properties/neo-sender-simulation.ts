/** Seeds of the simulation of senders in memory, in slices that a test's time allows. */
import { describe, expect, it } from 'vitest';
import { simulate } from '../../scripts/sim/run.ts';
import { senderInMemory } from '../../scripts/sim/sender-in-memory.ts';

const SLICE = 100;
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

export function testSeeds(first: number, last: number): void {
  describe('a sender under everything that may fail outside', () => {
    for (let start = first; start <= last; start += SLICE)
      it(`keeps M1, M4, M5, M7, M8, M16, M19 and M20 in seeds ${start} to ${start + SLICE - 1}`, async () => {
        for (let seed = start; seed < start + SLICE; seed += 1) {
          const { violations } = await simulate(seed, {
            startAt: 1_800_000_000_000,
            settle,
            makeSender: senderInMemory,
          });
          expect(violations, `seed ${seed}`).toEqual([]);
        }
      });
  });
}
