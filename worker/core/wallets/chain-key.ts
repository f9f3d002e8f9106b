/**
 * The keys of wallets that live in the bridge, and what the bridge signs with them (money rule
 * M20). A key is made for one account, one wallet, one purpose and one network, and all of that is
 * sealed with it: named otherwise, it does not open. The bridge is given a whole transaction and
 * never a hash, so it knows what it signs.
 */
import { assertNever } from '../assert.ts';
import type { PublicKey } from '../neo/public-key.ts';
import type { UnsignedTransaction } from '../neo/transaction/transaction.ts';
import { accountOf } from '../neo/verification-script.ts';
import { refusalOfAnchor, refusalOfOperator, refusalOfSponsor } from './platform-keys.ts';

/**
 * `tenant`: a wallet of an account, for whatever its policy and approvals let pass. `sponsor`,
 * `operator` and `anchor`: wallets of the platform, which no policy binds but the purpose itself.
 */
export type ChainKeyPurpose = 'tenant' | 'sponsor' | 'operator' | 'anchor';

/** What a key is bound to when it is made. */
export interface ChainKeyFacts {
  readonly walletId: string;
  readonly purpose: ChainKeyPurpose;
  /** Magic of the one network it signs for. */
  readonly network: number;
  /** Whether it may ever leave the bridge. */
  readonly exportable: boolean;
  readonly publicKey: PublicKey;
}

/** The place a sealed key belongs to; the account is bound by the data key. */
export const chainKeyContext = (facts: ChainKeyFacts): readonly string[] => [
  'chain-key',
  facts.walletId,
  facts.purpose,
  String(facts.network),
  facts.exportable ? 'exportable' : 'kept',
  facts.publicKey,
];

/** Why a key must not sign a transaction; null when it may. */
export function decideSigning(
  facts: ChainKeyFacts,
  transaction: UnsignedTransaction,
): string | null {
  const account = accountOf(facts.publicKey);
  if (!transaction.signers.some((signer) => signer.account === account))
    return 'the wallet is not among its signers';
  switch (facts.purpose) {
    case 'tenant':
      return null;
    case 'sponsor':
      return refusalOfSponsor(account, transaction);
    case 'operator':
      return refusalOfOperator(account, transaction);
    case 'anchor':
      return refusalOfAnchor({ account, network: facts.network }, transaction);
    default:
      return assertNever(facts.purpose);
  }
}
