/** The current runtime, loaded once for the tests that run in Node. */
import { loadRuntimes } from '../../../cli/src/functions/load-runtime.ts';

export const [runtime] = await loadRuntimes();
