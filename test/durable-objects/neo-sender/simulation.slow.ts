/** Fifty seeds in workerd, with evictions. */
import { testSeedsInWorkerd } from './seeds-in-workerd.ts';

testSeedsInWorkerd(1, 50);
