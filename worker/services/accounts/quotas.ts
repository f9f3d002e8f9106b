/** The quotas of an account: what is counted, the defaults, and what a full one answers. */
import type { Failure } from '../../core/result.ts';
import { LIMITS } from './limits.ts';

export interface Quotas {
  readonly keys: number;
  readonly wallets: number;
  readonly chainWallets: number;
  readonly contracts: number;
  readonly secrets: number;
  readonly functions: number;
  readonly concurrentExecutions: number;
  readonly monthlyExecutions: number;
  readonly monthlyFuel: number;
}

export const DEFAULT_QUOTAS: Quotas = {
  keys: LIMITS.quotaKeys.value,
  wallets: LIMITS.quotaWallets.value,
  chainWallets: LIMITS.quotaChainWallets.value,
  contracts: LIMITS.quotaContracts.value,
  secrets: LIMITS.quotaSecrets.value,
  functions: LIMITS.quotaFunctions.value,
  concurrentExecutions: LIMITS.quotaConcurrentExecutions.value,
  monthlyExecutions: LIMITS.quotaMonthlyExecutions.value,
  monthlyFuel: LIMITS.quotaMonthlyFuel.value,
};

export const quotaExceeded = (quota: keyof Quotas, limit: number): Failure => ({
  code: 'quota.exceeded',
  detail: `The account may have at most ${limit} for the quota ${quota}.`,
  limit,
  observed: limit,
});
