/**
 * Seeds of the simulation again in workerd, with the real object, its alarms and evictions. The same
 * generator runs in memory by the hundred thousand (test/properties/ledger-simulation.slow.ts); here
 * it is shown that the object adds nothing.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { simulateLedger } from '../../../scripts/sim/ledger/run.ts';
import { ledgerInWorkerd, START, startClock, stopClock } from './ledger-rig.ts';

const COMMANDS = 150;

export function testLedgerSeedsInWorkerd(first: number, last: number): void {
  describe('books in workerd under commands, evictions and messages in any order', () => {
    beforeEach(stopClock);
    afterEach(startClock);
    for (let seed = first; seed <= last; seed += 1)
      it(`keep M1, M2, M7, M9, M10, M14, M17 and M22 in seed ${seed}`, async () => {
        const { violations } = await simulateLedger(seed, {
          startAt: START,
          commands: COMMANDS,
          makeBook: ledgerInWorkerd,
          isDeath: () => false,
        });
        expect(violations).toEqual([]);
      });
  });
}
