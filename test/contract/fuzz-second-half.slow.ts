/** What fuzz-first-half.slow.ts leaves, in a file of its own so that both can run at once. */
import { fuzzEveryOperation, LONG_WALK } from './fuzz-bodies.ts';

fuzzEveryOperation({ ...LONG_WALK, half: 1 });
