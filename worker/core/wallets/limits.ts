/** Bounds of wallets on a Neo network: of their policies, and of what the platform's own sign. */
import type { Limit } from '../limits.ts';

export const LIMITS = {
  moneyPolicyContractsMax: {
    value: 100,
    unit: 'contracts',
    reason: 'few dApps call ten; with all methods named the row stays under 300 KiB',
  },
  moneyPolicyMethodsMax: {
    value: 32,
    unit: 'methods',
    reason: 'more than most contracts have; name none to allow all',
  },
  moneyPolicyMethodCharsMax: {
    value: 64,
    unit: 'characters',
    reason: 'three times the longest method of a native contract',
  },
  moneyPolicyTokensMax: {
    value: 100,
    unit: 'tokens',
    reason: 'as many as contracts; a wallet that holds more spends few of them',
  },
  moneyPolicyCustomContractsMax: {
    value: 100,
    unit: 'contracts',
    reason: 'a signer names 16 at most, different transactions different ones',
  },
  moneyPolicyApprovalsMax: {
    value: 100,
    unit: 'approvals',
    reason: 'the most members a wallet policy can have',
  },
  moneyPolicySystemFeeMaxDefault: {
    value: 2_000_000_000,
    unit: 'datoshi',
    reason: '20 GAS: a deployment costs 10 and its size; a typing error of a zero is refused',
  },
  operatorSystemFeeMax: {
    value: 100_000_000,
    unit: 'datoshi',
    reason:
      '1 GAS: three times what a release to a wallet costs under the factors networks begin with',
  },
  operatorNetworkFeeMax: {
    value: 100_000_000,
    unit: 'datoshi',
    reason: '1 GAS: a release pays a hundredth, and six replacements of it may each pay double',
  },
  anchorSystemFeeMax: {
    value: 1_000_000,
    unit: 'datoshi',
    reason: '0.01 GAS: a push and a DROP cost 300 datoshi under the factors networks begin with',
  },
  anchorNetworkFeeMax: {
    value: 10_000_000,
    unit: 'datoshi',
    reason: '0.1 GAS: eight times what one small transaction of one signature pays',
  },
  moneyPolicyNetworkFeeMaxDefault: {
    value: 100_000_000,
    unit: 'datoshi',
    reason: '1 GAS: ten times what the largest transaction of one signature costs',
  },
} as const satisfies Record<string, Limit>;
