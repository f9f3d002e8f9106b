/** Seeds of the simulation of books in memory, a few thousand commands each. */
import { describe, expect, it } from 'vitest';
import { isDeath, ledgerInMemory } from '../../scripts/sim/ledger/ledger-in-memory.ts';
import { simulateLedger } from '../../scripts/sim/ledger/run.ts';

export const runLedger = (seed: number, commands: number) =>
  simulateLedger(seed, {
    startAt: 1_800_000_000_000,
    commands,
    makeBook: (_owner, clock) => ledgerInMemory(clock),
    isDeath,
  });

export function testLedgerSeeds(seeds: number, commands: number): void {
  describe('books under commands, deaths and messages in any order', () => {
    for (let seed = 1; seed <= seeds; seed += 1)
      it(`keep M1, M2, M7, M9, M10, M14, M17 and M22 in seed ${seed}`, async () => {
        const { violations, accepted } = await runLedger(seed, commands);
        expect(violations).toEqual([]);
        expect(accepted).toBeGreaterThan(commands / 4);
      });
  });
}
