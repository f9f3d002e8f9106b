/** What the gas vault is deployed with, as its `_deploy` takes it (contracts/gas-vault). */
import type { ScriptHash } from '../../worker/core/neo/script-hash.ts';
import type { StackArgument } from '../../worker/core/neo/stack-argument.ts';

/** Amounts in datoshi, caps per UTC day. */
export interface VaultTerms {
  readonly owner: ScriptHash;
  readonly operator: ScriptHash;
  readonly minimumDeposit: bigint;
  readonly releaseCap: bigint;
  readonly refillCap: bigint;
  /** The wallets that refills may pay. */
  readonly sponsors: readonly ScriptHash[];
}

export function vaultTerms(terms: VaultTerms): StackArgument {
  return {
    type: 'Array',
    value: [
      account(terms.owner),
      account(terms.operator),
      integer(terms.minimumDeposit),
      integer(terms.releaseCap),
      integer(terms.refillCap),
      { type: 'Array', value: terms.sponsors.map(account) },
    ],
  };
}

const account = (value: ScriptHash): StackArgument => ({ type: 'Hash160', value });
const integer = (value: bigint): StackArgument => ({ type: 'Integer', value });
