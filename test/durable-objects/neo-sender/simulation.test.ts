/** Two seeds in workerd; fifty in the long run (simulation.slow.ts), at some seconds each. */
import { testSeedsInWorkerd } from './seeds-in-workerd.ts';

testSeedsInWorkerd(1, 2);
