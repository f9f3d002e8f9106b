/** The payment of the vault as it is sent, and the account that signs it (money rule M13). */
import { gasVault, type VaultPayment } from '../../chain/contracts/gas-vault.ts';
import { encodeCalls } from '../../core/neo/contract-calls.ts';
import type { ScriptHash } from '../../core/neo/script-hash.ts';
import {
  encodeUnsigned,
  type UnsignedTransaction,
} from '../../core/neo/transaction/transaction.ts';
import { operatorScopes } from '../../core/wallets/platform-keys.ts';
import { onChainIdOf } from '../../core/withdrawals/on-chain-id.ts';
import type { PayoutRow } from './store.ts';

type Payable = Pick<
  PayoutRow,
  'withdrawalId' | 'kind' | 'accountId' | 'networkMagic' | 'vault' | 'recipient' | 'amount'
>;

/** M3: ours, and the same in every attempt. */
export const payoutIdOf = (row: Payable): Uint8Array =>
  onChainIdOf({
    magic: row.networkMagic,
    vault: row.vault,
    accountId: row.accountId,
    payoutId: row.withdrawalId,
  });

export const paymentOf = (row: Payable): VaultPayment => ({
  method: row.kind === 'refill' ? 'refill' : 'release',
  id: payoutIdOf(row),
  to: row.recipient,
  amount: BigInt(row.amount),
});

/** With all its numbers 0. */
export const draftPayment = (
  vault: ScriptHash,
  operator: ScriptHash,
  payment: VaultPayment,
): UnsignedTransaction => ({
  nonce: 0,
  systemFee: 0n,
  networkFee: 0n,
  validUntilBlock: 0,
  signers: [{ account: operator, scopes: operatorScopes(vault) }],
  attributes: [],
  script: encodeCalls([gasVault(vault).pay(payment)]),
});

export const templateOf = (
  row: Payable,
  vault: ScriptHash,
  operator: ScriptHash,
): Uint8Array<ArrayBuffer> => encodeUnsigned(draftPayment(vault, operator, paymentOf(row)));
