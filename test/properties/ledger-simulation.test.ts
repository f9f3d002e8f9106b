/**
 * Ten thousand commands; a hundred thousand in the long run. `npm run sim -- --of ledger --seed S`
 * repeats one of the seeds.
 */
import { expect, it } from 'vitest';
import { runLedger, testLedgerSeeds } from './ledger-simulation.ts';

testLedgerSeeds(5, 2_000);

it('gives the same run for the same seed', async () => {
  expect(await runLedger(3, 300)).toEqual(await runLedger(3, 300));
});
