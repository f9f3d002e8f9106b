/** The longer walk of fuzz-bodies.ts over every other operation; fuzz-second-half.slow.ts has the rest. */
import { fuzzEveryOperation, LONG_WALK } from './fuzz-bodies.ts';

fuzzEveryOperation({ ...LONG_WALK, half: 0 });
