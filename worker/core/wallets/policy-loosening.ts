/**
 * Whether a change of a wallet's policy lets anything pass more easily than before. Loosening needs
 * the approvals of the policy that is to be loosened (money rule M16); tightening needs none, so
 * that whoever sees a theft can stop it at once. A change that does both loosens.
 */
import {
  allowanceOf,
  type ContractRule,
  permits,
  permitsAll,
  type WalletPolicy,
} from './wallet-policy.ts';

/** The parts of the policy that the change loosens, in their order; none for a tightening. */
export function loosenedParts(
  current: WalletPolicy,
  next: WalletPolicy,
): readonly (keyof WalletPolicy)[] {
  const loosened: Readonly<Record<keyof WalletPolicy, boolean>> = {
    contracts: next.contracts.some((rule) => !covers(current, rule)),
    tokens: next.tokens.some(({ token, perDay }) => !allows(current, token, perDay)),
    scopes: next.scopes.some((name) => !current.scopes.includes(name)),
    customContracts: next.customContracts.some((one) => !current.customContracts.includes(one)),
    systemFeeMax: next.systemFeeMax > current.systemFeeMax,
    networkFeeMax: next.networkFeeMax > current.networkFeeMax,
    approvals: needed(next) < needed(current),
  };
  // The keys of the record are the parts; `keys` widens them to text.
  const parts = Object.keys(loosened) as readonly (keyof WalletPolicy)[];
  return parts.filter((part) => loosened[part]);
}

const covers = (policy: WalletPolicy, { contract, methods }: ContractRule): boolean =>
  methods === null
    ? permitsAll(policy, contract)
    : methods.every((method) => permits(policy, contract, method));

/** No amount is less than the amount 0, with which transfers of nothing are free. */
function allows(
  policy: WalletPolicy,
  token: Parameters<typeof allowanceOf>[1],
  perDay: bigint,
): boolean {
  const allowance = allowanceOf(policy, token);
  return allowance === 'unlimited' || (allowance !== null && perDay <= allowance);
}

/** Refusing is more than any number. */
const needed = ({ approvals }: WalletPolicy): number => approvals ?? Number.POSITIVE_INFINITY;
