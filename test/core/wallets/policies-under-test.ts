/** A wallet that pays, policies, and transactions that change one thing of a plain one. */
import { CALL_FLAGS } from '../../../worker/core/neo/call-flags.ts';
import { encodeCalls } from '../../../worker/core/neo/contract-calls.ts';
import { NATIVE_CONTRACTS } from '../../../worker/core/neo/native-contracts.ts';
import { decodeScriptHash, type ScriptHash } from '../../../worker/core/neo/script-hash.ts';
import type { ContractCall, StackArgument } from '../../../worker/core/neo/stack-argument.ts';
import type { UnsignedTransaction } from '../../../worker/core/neo/transaction/transaction.ts';
import {
  CALLED_BY_ENTRY,
  type WitnessScopes,
} from '../../../worker/core/neo/transaction/witness-scope.ts';
import {
  decideByPolicy,
  type PolicyQuestion,
  type PolicyVerdict,
  type WalletPolicy,
} from '../../../worker/core/wallets/wallet-policy.ts';

const hash = (byte: number): ScriptHash => decodeScriptHash(new Uint8Array(20).fill(byte));

export const GAS = NATIVE_CONTRACTS.GasToken.hash;
export const NEO = NATIVE_CONTRACTS.NeoToken.hash;
export const WALLET = hash(1);
export const STRANGER = hash(2);
export const GAME = hash(3);
export const POINTS = hash(4);
export const NOW = Date.UTC(2026, 10, 20, 12);
export const TODAY = NOW / 86_400_000 - 0.5;
export const FEES = { systemFee: 20n, networkFee: 10n };

/** Nothing is free but the fees; what else there is needs two approvals. */
export const STRICT: WalletPolicy = {
  contracts: [],
  tokens: [{ token: GAS, perDay: 30n }],
  scopes: ['CalledByEntry'],
  customContracts: [],
  systemFeeMax: 100n,
  networkFeeMax: 100n,
  approvals: 2,
};

/** 1000 datoshi beside the fees of one transaction, and everything of the game. */
export const DAILY: WalletPolicy = {
  ...STRICT,
  contracts: [{ contract: GAME, methods: null }],
  tokens: [
    { token: GAS, perDay: 1030n },
    { token: NEO, perDay: 3n },
  ],
};

export const account = (value: ScriptHash): StackArgument => ({ type: 'Hash160', value });
export const integer = (value: bigint): StackArgument => ({ type: 'Integer', value });
export const NOTHING: StackArgument = { type: 'Any', value: null };

export const callOf = (
  contract: ScriptHash,
  method: string,
  args: readonly StackArgument[] = [],
): ContractCall => ({ contract, method, args, flags: CALL_FLAGS.All, result: 'kept' });

export const transferOf = (token: ScriptHash, amount: bigint, from = WALLET): ContractCall => ({
  ...callOf(token, 'transfer', [account(from), account(STRANGER), integer(amount), NOTHING]),
  result: 'asserted',
});

/** Of the wallet alone, with `CalledByEntry`. */
export const paying = (
  calls: readonly ContractCall[],
  changes: Partial<UnsignedTransaction> = {},
): UnsignedTransaction => ({
  nonce: 7,
  ...FEES,
  validUntilBlock: 100,
  signers: [{ account: WALLET, scopes: CALLED_BY_ENTRY }],
  attributes: [],
  script: calls.length === 0 ? Uint8Array.of(0x40) : encodeCalls(calls),
  ...changes,
});

export const withScopes = (
  calls: readonly ContractCall[],
  scopes: WitnessScopes,
): UnsignedTransaction => paying(calls, { signers: [{ account: WALLET, scopes }] });

export const judge = (
  transaction: UnsignedTransaction,
  asked: Partial<Omit<PolicyQuestion, 'transaction'>> = {},
): PolicyVerdict =>
  decideByPolicy({
    policy: DAILY,
    wallet: WALLET,
    transaction,
    replaces: [],
    spent: { day: TODAY, amounts: new Map() },
    now: NOW,
    ...asked,
  });

export const reasonsOf = (verdict: PolicyVerdict): readonly string[] =>
  verdict.kind === 'allowed' ? [] : verdict.reasons;
