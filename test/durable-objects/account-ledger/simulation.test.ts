/** A few seeds in workerd; fifty in the long run (simulation.slow.ts), at some seconds each. */
import { testLedgerSeedsInWorkerd } from './seeds-in-workerd.ts';

testLedgerSeedsInWorkerd(1, 3);
