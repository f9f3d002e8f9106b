/** GAS, the token that pays fees; amounts are datoshi, 10^-8 GAS. */
import { NATIVE_CONTRACTS } from '../../core/neo/native-contracts.ts';
import { nep17 } from './nep17.ts';

export const gas = nep17(NATIVE_CONTRACTS.GasToken.hash);
