/** Ten thousand seeds, some minutes. */
import { testSeeds } from './neo-sender-simulation.ts';

testSeeds(1, 10_000);
