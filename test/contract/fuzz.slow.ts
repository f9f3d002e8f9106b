/** The same as fuzz.test.ts with 5,000 bodies an operation. */
import { fuzzEveryOperation } from './fuzz-bodies.ts';

fuzzEveryOperation(5_000, Math.trunc(Date.now() / 1_000));
