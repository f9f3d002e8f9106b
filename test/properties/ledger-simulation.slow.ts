/** A hundred thousand commands, a minute or two. */
import { testLedgerSeeds } from './ledger-simulation.ts';

testLedgerSeeds(20, 5_000);
