/** Fifty seeds in workerd, with evictions. */
import { testLedgerSeedsInWorkerd } from './seeds-in-workerd.ts';

testLedgerSeedsInWorkerd(1, 50);
