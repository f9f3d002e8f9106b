/**
 * Seeds of the simulation again in workerd, with the real object, its alarms and evictions. The same seeds run in
 * memory by the thousand (test/properties/neo-sender-simulation.slow.ts); here it is shown that the object adds
 * nothing.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { simulate } from '../../../scripts/sim/run.ts';
import { START, senderInWorkerd, startClock, stopClock } from './sender-rig.ts';

const settle = () =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, 0);
  });

export function testSeedsInWorkerd(first: number, last: number): void {
  describe('a sender in workerd under everything that may fail outside', () => {
    beforeEach(stopClock);
    afterEach(startClock);
    for (let seed = first; seed <= last; seed += 1)
      it(`keeps M1, M4, M5, M7, M8, M16, M19 and M20 in seed ${seed}`, async () => {
        const { violations } = await simulate(seed, {
          startAt: START,
          settle,
          makeSender: (clock) => senderInWorkerd(`56753:seed-${seed}`, clock),
        });
        expect(violations).toEqual([]);
      });
  });
}
