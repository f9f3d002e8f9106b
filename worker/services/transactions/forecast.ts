/**
 * What a transaction would do and cost, and what the wallet's policy says of it, before anything is
 * written. One node simulates; state, time and hash change until it is sent, so nothing is decided
 * here for good: the sender asks a quorum what it costs, and the policy again (money rules M5, M20).
 */
import { NATIVE_CONTRACTS } from '../../core/neo/native-contracts.ts';
import type { ScriptHash } from '../../core/neo/script-hash.ts';
import type { UnsignedTransaction } from '../../core/neo/transaction/transaction.ts';
import type { Invocation } from '../../core/neo/vm/invocation.ts';
import { toTokenTransfer } from '../../core/neo/vm/notification.ts';
import { LIMITS as SENDER_LIMITS } from '../../core/neo-sender/limits.ts';
import { err, ok, type Result } from '../../core/result.ts';
import {
  decideByPolicy,
  type PolicyVerdict,
  type WalletPolicy,
} from '../../core/wallets/wallet-policy.ts';
import type { Network } from '../chain/index.ts';
import { type ChainWalletRow, policyOf } from '../wallets/index.ts';
import type { SendDeps } from './hand-over.ts';
import { senderOf } from './senders.ts';
import { askWhatItNeeds, type Fees, withFeeMargin } from './simulation.ts';

export interface Draft {
  readonly wallet: ChainWalletRow;
  readonly network: Network;
  /** With all its numbers 0. */
  readonly template: UnsignedTransaction;
  readonly systemFeeMax: bigint | undefined;
  readonly networkFeeMax: bigint | undefined;
}

export interface Forecast {
  /** The most it may cost. */
  readonly fees: Fees;
  readonly gasSent: bigint;
  readonly verdict: Exclude<PolicyVerdict, { readonly kind: 'refused' }>;
}

export async function forecast(deps: SendDeps, draft: Draft): Promise<Result<Forecast>> {
  const { wallet, network, template } = draft;
  const run = await askWhatItNeeds(deps, network, template);
  if (!run.ok) return run;
  const { invocation, needed } = run.value;
  const policy = policyOf(wallet);
  const fees = feesOf(draft, needed, policy);
  if (!fees.ok) return fees;
  const verdict = decideByPolicy({
    policy,
    wallet: wallet.scriptHash,
    transaction: { ...template, ...fees.value },
    replaces: [],
    spent: await spentBy(deps, wallet),
    now: deps.now,
  });
  if (verdict.kind === 'refused')
    return err('wallets.policy_refused', { detail: verdict.reasons.join('; ') });
  return ok({ fees: fees.value, gasSent: gasSentBy(wallet.scriptHash, invocation), verdict });
}

async function spentBy(deps: SendDeps, { networkMagic, scriptHash }: ChainWalletRow) {
  const spent = await senderOf(deps, { networkMagic, sender: scriptHash }).spent();
  return spent.value;
}

function feesOf(
  { systemFeeMax, networkFeeMax }: Draft,
  needed: Fees,
  policy: WalletPolicy,
): Result<Fees, 'transactions.fee_above_maximum'> {
  const systemFee = systemFeeMax ?? withMargin(needed.systemFee, policy.systemFeeMax);
  const networkFee = networkFeeMax ?? withMargin(needed.networkFee, policy.networkFeeMax);
  const missing = [
    ...(systemFee < needed.systemFee ? [feeField('/systemFeeMax', needed.systemFee)] : []),
    ...(networkFee < needed.networkFee ? [feeField('/networkFeeMax', needed.networkFee)] : []),
  ];
  if (missing.length > 0) return err('transactions.fee_above_maximum', { fields: missing });
  return ok({ systemFee, networkFee });
}

const feeField = (pointer: string, needed: bigint) => ({
  pointer,
  detail: `it needs ${String(needed)} datoshi`,
});

/** The margin goes up to what the policy lets pass; what is above that anyway, the policy refuses. */
function withMargin(needed: bigint, policyMax: bigint): bigint {
  const wide = withFeeMargin(needed);
  if (wide <= policyMax) return wide;
  return needed > policyMax ? needed : policyMax;
}

/** For the free GAS of the wallet (M8) alone, and never to decide what its policy lets pass. */
function gasSentBy(wallet: ScriptHash, { notifications }: Invocation): bigint {
  const sent = notifications
    .flatMap((notification) => toTokenTransfer(notification) ?? [])
    .filter(({ token, from }) => token === NATIVE_CONTRACTS.GasToken.hash && from === wallet)
    .reduce((sum, { amount }) => sum + amount, 0n);
  // Whatever a node makes up, it is an amount that a sender takes.
  return sent < GAS_SENT_MAX ? sent : GAS_SENT_MAX;
}
const GAS_SENT_MAX = BigInt(SENDER_LIMITS.senderGasSentMax.value);
