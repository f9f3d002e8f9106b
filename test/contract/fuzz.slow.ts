/**
 * The same as fuzz.test.ts with 5,000 bodies an operation. The seed stands still, so that a long run
 * can be compared with the one before; fuzz.test.ts is the one that looks for new places.
 */
import { fuzzEveryOperation } from './fuzz-bodies.ts';

const SEED = 1_795_277_441;

fuzzEveryOperation(5_000, SEED);
