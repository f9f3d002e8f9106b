/** A wallet whose policy has an amount for a day, and what it sends. */
import { CALL_FLAGS } from '../../../worker/core/neo/call-flags.ts';
import { encodeCalls } from '../../../worker/core/neo/contract-calls.ts';
import { NATIVE_CONTRACTS } from '../../../worker/core/neo/native-contracts.ts';
import type { ScriptHash } from '../../../worker/core/neo/script-hash.ts';
import {
  encodeUnsigned,
  type UnsignedTransaction,
} from '../../../worker/core/neo/transaction/transaction.ts';
import { CALLED_BY_ENTRY } from '../../../worker/core/neo/transaction/witness-scope.ts';
import type { Leave } from '../../../worker/core/neo-sender/leave.ts';
import type { WalletPolicy } from '../../../worker/core/wallets/wallet-policy.ts';
import { SENDER, STRANGER, TERMS } from './intents.ts';

export const GAS = NATIVE_CONTRACTS.GasToken.hash;
export const TOKEN = NATIVE_CONTRACTS.NeoToken.hash;
/** Of one intent, at its maxima. */
export const FEES = TERMS.systemFeeMax + TERMS.networkFeeMax;

export const policyOf = (more: Partial<WalletPolicy> = {}): WalletPolicy => ({
  contracts: [],
  tokens: [
    { token: GAS, perDay: 10_000n },
    { token: TOKEN, perDay: 2n ** 200n },
  ],
  scopes: ['CalledByEntry'],
  customContracts: [],
  systemFeeMax: 500n,
  networkFeeMax: 2_000n,
  approvals: null,
  ...more,
});

export const perDay = (amount: bigint, more: Partial<WalletPolicy> = {}): WalletPolicy =>
  policyOf({ tokens: [{ token: GAS, perDay: amount }], ...more });

export const leaveOf = (policy = policyOf(), isApproved = false): Leave => ({ policy, isApproved });

export const transferOf = (amount: bigint, token: ScriptHash = GAS): UnsignedTransaction => ({
  nonce: 0,
  systemFee: 0n,
  networkFee: 0n,
  validUntilBlock: 0,
  signers: [{ account: SENDER.account, scopes: CALLED_BY_ENTRY }],
  attributes: [],
  script: encodeCalls([
    {
      contract: token,
      method: 'transfer',
      args: [
        { type: 'Hash160', value: SENDER.account },
        { type: 'Hash160', value: STRANGER },
        { type: 'Integer', value: amount },
        { type: 'Any', value: null },
      ],
      flags: CALL_FLAGS.All,
      result: 'asserted',
    },
  ]),
});

/** As a client sends a transfer: its bytes, and the GAS among it. */
export const sending = (amount: bigint, leave: Leave | null, token: ScriptHash = GAS) => ({
  template: encodeUnsigned(transferOf(amount, token)),
  gasSent: token === GAS ? amount : 0n,
  leave,
});
