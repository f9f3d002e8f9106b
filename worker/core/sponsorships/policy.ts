/**
 * What a sponsorship policy pays for (money rule M22): nothing until it names contracts, methods,
 * the most a transaction may cost, and caps a day for the policy, the account and each signer.
 * Signers and keys are free to make, so the caps of the policy bind whoever signs. Amounts are
 * datoshi; a cap that is null is none.
 */
import type { ScriptHash } from '../neo/script-hash.ts';

/** Methods are named one by one: those of a later version are not paid for. */
export interface SponsoredContract {
  readonly contract: ScriptHash;
  readonly methods: readonly string[];
}

export interface SponsorshipTerms {
  readonly contracts: readonly SponsoredContract[];
  /** Of one transaction: system fee and network fee. */
  readonly feeMax: bigint;
  readonly perDay: bigint;
  /** Of all policies of the account on the network together. */
  readonly perAccountPerDay: bigint;
  readonly perSignerPerDay: bigint;
  readonly perKeyPerDay: bigint | null;
  readonly perContractPerDay: bigint | null;
  readonly perMethodPerDay: bigint | null;
  readonly perEndUserPerDay: bigint | null;
  readonly faultsPerDay: number;
  readonly faultsPerSignerPerDay: number;
  /** Prepared or under way. */
  readonly openMax: number;
  readonly openPerSignerMax: number;
  readonly windowBlocksMax: number | null;
  /** A signer proves control of its address before anything is held for it. */
  readonly requiresUserSession: boolean;
}

export const permits = (
  contracts: readonly SponsoredContract[],
  contract: ScriptHash,
  method: string,
): boolean => contracts.some((rule) => rule.contract === contract && rule.methods.includes(method));

export const names = (contracts: readonly SponsoredContract[], contract: ScriptHash): boolean =>
  contracts.some((rule) => rule.contract === contract);

/** The parts that a change loosens (M16); none for a tightening. */
export function loosenedTerms(
  current: SponsorshipTerms,
  next: SponsorshipTerms,
): readonly (keyof SponsorshipTerms)[] {
  const loosened: Readonly<Record<keyof SponsorshipTerms, boolean>> = {
    contracts: next.contracts.some(({ contract, methods }) =>
      methods.some((method) => !permits(current.contracts, contract, method)),
    ),
    feeMax: next.feeMax > current.feeMax,
    perDay: next.perDay > current.perDay,
    perAccountPerDay: next.perAccountPerDay > current.perAccountPerDay,
    perSignerPerDay: next.perSignerPerDay > current.perSignerPerDay,
    perKeyPerDay: isRaised(current.perKeyPerDay, next.perKeyPerDay),
    perContractPerDay: isRaised(current.perContractPerDay, next.perContractPerDay),
    perMethodPerDay: isRaised(current.perMethodPerDay, next.perMethodPerDay),
    perEndUserPerDay: isRaised(current.perEndUserPerDay, next.perEndUserPerDay),
    faultsPerDay: next.faultsPerDay > current.faultsPerDay,
    faultsPerSignerPerDay: next.faultsPerSignerPerDay > current.faultsPerSignerPerDay,
    openMax: next.openMax > current.openMax,
    openPerSignerMax: next.openPerSignerMax > current.openPerSignerMax,
    windowBlocksMax: isRaised(current.windowBlocksMax, next.windowBlocksMax),
    requiresUserSession: current.requiresUserSession && !next.requiresUserSession,
  };
  // The keys of the record are the parts; `keys` widens them to text.
  const parts = Object.keys(loosened) as readonly (keyof SponsorshipTerms)[];
  return parts.filter((part) => loosened[part]);
}

/** No cap is more than any. */
function isRaised<Cap extends bigint | number>(current: Cap | null, next: Cap | null): boolean {
  if (current === null) return false;
  return next === null || next > current;
}
