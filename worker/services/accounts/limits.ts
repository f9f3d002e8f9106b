/** Bounds of accounts, and the default quotas an operator may change account by account. */
import type { Limit } from '../../core/limits.ts';

export const LIMITS = {
  accountNameCharsMax: { value: 128, unit: 'characters', reason: 'one line of a terminal' },
  accountPurgeAfterDays: {
    value: 30,
    unit: 'days',
    reason: 'time to notice a mistaken deletion and ask the operator to undo it',
  },
  accountRecordsKeepDays: {
    value: 3650,
    unit: 'days',
    reason: 'audit, approvals, attestations and wallet mappings outlive the account for ten years',
  },
  quotaKeys: { value: 100, unit: 'keys', reason: 'a key for each service of a large team' },
  quotaWallets: {
    value: 100,
    unit: 'wallets',
    reason: 'the largest multi-signature set is 1024, few use 20',
  },
  quotaChainWallets: {
    value: 100,
    unit: 'wallets',
    reason: 'a wallet for each service and network of a large team; retired ones count',
  },
  quotaContracts: {
    value: 500,
    unit: 'contracts',
    reason: 'every token a large exchange lists, with its own contracts; each is a small row',
  },
  quotaSecrets: { value: 200, unit: 'secrets', reason: 'twice what the largest rival allows' },
  quotaFunctions: {
    value: 200,
    unit: 'functions',
    reason: 'far above the 3 workflows of the closest rival',
  },
  quotaConcurrentExecutions: {
    value: 20,
    unit: 'executions',
    reason: 'running at once; each may hold 16 MiB',
  },
  quotaMonthlyExecutions: {
    value: 1_000_000,
    unit: 'executions',
    reason: 'one every three seconds, month-long',
  },
  quotaMonthlyFuel: {
    value: 1_000_000_000_000_000,
    unit: 'fuel',
    reason: 'a million executions at a third of the default fuel; exact in a double',
  },
} as const satisfies Record<string, Limit>;
