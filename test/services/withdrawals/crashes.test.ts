/** Some of the awaits at which crashes.slow.ts cuts withdrawals off, and one of its three ways. */
import { holdWhatIsCutOff } from './cut-off.ts';

holdWhatIsCutOff(['dies'], 8);
