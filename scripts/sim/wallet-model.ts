/**
 * The account of a run: a wallet of the bridge with or without a policy, which its owner tightens
 * when he likes, or an account of three members of whom two sign every transaction themselves.
 */
import { assert } from '../../worker/core/assert.ts';
import { hash256Of } from '../../worker/core/neo/hash256.ts';
import { NATIVE_CONTRACTS } from '../../worker/core/neo/native-contracts.ts';
import { decodePrivateKey, publicKeyOf, signMessage } from '../../worker/core/neo/private-key.ts';
import { comparePublicKeys } from '../../worker/core/neo/public-key.ts';
import { decodeScriptHash, scriptHashOf } from '../../worker/core/neo/script-hash.ts';
import { encodeInvocation } from '../../worker/core/neo/transaction/signature-witness.ts';
import {
  encodeSigningMessage,
  encodeTransaction,
  encodeUnsigned,
  type UnsignedTransaction,
} from '../../worker/core/neo/transaction/transaction.ts';
import { encodeMultisigScript } from '../../worker/core/neo/verification-script.ts';
import type { SenderIdentity } from '../../worker/core/neo-sender/intent.ts';
import type { WalletPolicy } from '../../worker/core/wallets/wallet-policy.ts';
import type { Scenario } from './scenario.ts';

const MAGIC = 56_753;
const GAS = NATIVE_CONTRACTS.GasToken.hash;
const BRIDGE_WALLET = { magic: MAGIC, account: decodeScriptHash(new Uint8Array(20).fill(0x5e)) };

const MEMBERS = [1, 2, 3].map((number) => {
  const key = decodePrivateKey(new Uint8Array(32).fill(number));
  assert(key !== null, 'a private key');
  return { key, publicKey: publicKeyOf(key) };
});
const VERIFICATION = encodeMultisigScript({
  threshold: 2,
  publicKeys: MEMBERS.map(({ publicKey }) => publicKey),
});
assert(VERIFICATION.ok, 'an account of three members');
const MULTISIG = { magic: MAGIC, account: scriptHashOf(VERIFICATION.value) };

export interface WalletModel {
  readonly sender: SenderIdentity;
  /** Null for a wallet of the platform and for an account of members. */
  policy: WalletPolicy | null;
}

export const walletOf = ({ isMultisig, perDay, approvals, policyFee }: Scenario): WalletModel => ({
  sender: isMultisig ? MULTISIG : BRIDGE_WALLET,
  policy:
    perDay === null || isMultisig
      ? null
      : {
          contracts: [],
          tokens: [{ token: GAS, perDay }],
          scopes: ['CalledByEntry'],
          customContracts: [],
          systemFeeMax: 100_000_000n,
          networkFeeMax: policyFee,
          approvals,
        },
});

export function tighten(wallet: WalletModel, divisor: bigint): void {
  const { policy } = wallet;
  if (policy === null) return;
  const tokens = policy.tokens.map(({ token, perDay }) => ({ token, perDay: perDay / divisor }));
  wallet.policy = { ...policy, tokens };
}

/** Datoshi that go out in a day unapproved, by the policy of the moment. */
export const perDayOf = ({ policy }: WalletModel): bigint => policy?.tokens[0]?.perDay ?? 0n;

/** By two of the members, in the order of their keys. */
export function signTogether(transaction: UnsignedTransaction): Uint8Array {
  assert(VERIFICATION.ok, 'an account of three members');
  const message = encodeSigningMessage(MAGIC, hash256Of(encodeUnsigned(transaction)));
  const signatures = MEMBERS.slice(0, 2)
    .toSorted((one, other) => comparePublicKeys(one.publicKey, other.publicKey))
    .map(({ key }) => signMessage(message, key));
  const witness = {
    invocation: encodeInvocation(signatures),
    verification: VERIFICATION.value,
  };
  return encodeTransaction({ ...transaction, witnesses: [witness] });
}
