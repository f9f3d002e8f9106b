/** Withdrawals that are cut off at every await of their way, in each of three ways. */
import { FATES } from '../../support/intercepted-platform.ts';
import { holdWhatIsCutOff } from './cut-off.ts';

holdWhatIsCutOff(FATES);
