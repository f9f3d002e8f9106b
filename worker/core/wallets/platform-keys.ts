/**
 * What the keys of the platform itself sign, whoever asks (money rule M20). A sponsor pays for
 * others' transactions and gives no authority: the first signer, with exactly the scope None. An
 * operator pays what the vault releases and nothing else: one call of `release` or `refill`, under
 * a witness that counts in that very contract only when the entry script calls it (M13). The bridge
 * keeps no list of vaults: with another contract in the vault's place the witness is worth its fee.
 * An anchor wallet writes down roots of sum trees (M12) and gives no authority to anything.
 */
import { decodeCalls } from '../neo/contract-calls.ts';
import type { ScriptHash } from '../neo/script-hash.ts';
import type { UnsignedTransaction } from '../neo/transaction/transaction.ts';
import { namesOfScopes, type WitnessScopes } from '../neo/transaction/witness-scope.ts';
import { decodeAnchorScript } from '../proofs/anchor.ts';
import { LIMITS } from './limits.ts';

/** Why the key of a sponsor must not sign; null when it may. */
export function refusalOfSponsor(
  wallet: ScriptHash,
  { signers, attributes }: UnsignedTransaction,
): string | null {
  const [sponsor, ...sponsored] = signers;
  if (sponsor?.account !== wallet) return 'the sponsor is not its first signer';
  if (!isNone(sponsor.scopes)) return 'the sponsor has a scope other than None';
  if (sponsored.some(({ account }) => account === wallet)) return 'the sponsor stands twice';
  if (sponsored.length === 0) return 'it sponsors nobody';
  return attributes.length === 0 ? null : 'it has an attribute';
}

const isNone = (scopes: WitnessScopes): boolean =>
  scopes !== 'Global' && namesOfScopes(scopes).length === 0;

const PAYMENTS: ReadonlySet<string> = new Set(['release', 'refill']);
const PAYMENT_ARGUMENTS = 3;

/**
 * Why the key of an operator must not sign; null when it may. A raised fee replaces what was signed
 * before, so it may conflict: with a payment of the same key at worst, which is then not made.
 */
export function refusalOfOperator(
  wallet: ScriptHash,
  transaction: UnsignedTransaction,
): string | null {
  const { signers, attributes, systemFee, networkFee, script } = transaction;
  const [signer, ...others] = signers;
  if (signer?.account !== wallet || others.length > 0) return 'the operator is not its only signer';
  const calls = decodeCalls(script);
  const [payment, ...more] = calls.ok ? calls.value : [];
  if (payment === undefined || more.length > 0) return 'its script is not one literal call';
  if (!PAYMENTS.has(payment.method) || payment.args.length !== PAYMENT_ARGUMENTS)
    return 'it calls neither release nor refill of a vault';
  if (!isBoundTo(signer.scopes, payment.contract))
    return 'the witness counts elsewhere than in the call of the vault';
  if (attributes.some(({ type }) => type !== 'Conflicts')) return 'it has another attribute';
  if (systemFee > LIMITS.operatorSystemFeeMax.value) return 'its system fee is above the maximum';
  if (networkFee > LIMITS.operatorNetworkFeeMax.value)
    return 'its network fee is above the maximum';
  return null;
}

/** Exactly WitnessRules [Allow And(CalledByEntry, ScriptHash(contract))], in this order. */
function isBoundTo(scopes: WitnessScopes, contract: ScriptHash): boolean {
  if (scopes === 'Global' || namesOfScopes(scopes).join() !== 'WitnessRules') return false;
  const [rule, ...others] = scopes.rules ?? [];
  if (rule?.action !== 'Allow' || others.length > 0 || rule.condition.type !== 'And') return false;
  const [entry, callee, ...more] = rule.condition.expressions;
  return (
    entry?.type === 'CalledByEntry' &&
    callee?.type === 'ScriptHash' &&
    callee.hash === contract &&
    more.length === 0
  );
}

/** The scopes that an operator signs with: what `refusalOfOperator` lets pass, and nothing else. */
export const operatorScopes = (vault: ScriptHash): WitnessScopes => ({
  calledByEntry: false,
  rules: [
    {
      action: 'Allow',
      condition: {
        type: 'And',
        expressions: [{ type: 'CalledByEntry' }, { type: 'ScriptHash', hash: vault }],
      },
    },
  ],
});

/**
 * Why the key of an anchor wallet must not sign; null when it may. Nothing ever replaces an anchor,
 * so no attribute is let pass: `Conflicts` would void another one.
 */
export function refusalOfAnchor(
  wallet: { readonly account: ScriptHash; readonly network: number },
  { signers, attributes, systemFee, networkFee, script }: UnsignedTransaction,
): string | null {
  const [signer, ...others] = signers;
  if (signer?.account !== wallet.account || others.length > 0)
    return 'the anchor wallet is not its only signer';
  if (!isNone(signer.scopes)) return 'the anchor wallet has a scope other than None';
  if (attributes.length > 0) return 'it has an attribute';
  const anchor = decodeAnchorScript(script);
  if (anchor === null) return 'its script is not one record that is pushed and dropped';
  if (anchor.magic !== wallet.network) return 'its record is of another network';
  if (systemFee > LIMITS.anchorSystemFeeMax.value) return 'its system fee is above the maximum';
  return networkFee > LIMITS.anchorNetworkFeeMax.value
    ? 'its network fee is above the maximum'
    : null;
}
