/**
 * What senders of transactions need of a wallet: its key, found by network and account as the chain
 * knows them, and its signature over a whole transaction. A retired wallet signs nothing more, not
 * even what was prepared before; that expires.
 */
import { and, eq } from 'drizzle-orm';
import type { ChainSignature } from '../../../enclave-bridge/contract.ts';
import type { ScriptHash } from '../../core/neo/script-hash.ts';
import { encodeSignatureScript } from '../../core/neo/verification-script.ts';
import type { Result } from '../../core/result.ts';
import type { ChainKeyFacts } from '../../core/wallets/chain-key.ts';
import type { WalletPolicy } from '../../core/wallets/wallet-policy.ts';
import type { Database } from '../../db/connect.ts';
import { dataKeyOf, type VaultAccess } from '../secrets/index.ts';
import { policyOf } from './policy.ts';
import type { WalletRow } from './store.ts';
import { chainWallets } from './tables.ts';

export interface SigningWallet {
  readonly accountId: string;
  readonly facts: ChainKeyFacts;
  /** As it was when the wallet was found; null where the purpose of the key is all that binds it. */
  readonly policy: WalletPolicy | null;
  readonly sealedKey: Uint8Array;
}

/** Undefined for a wallet that is not ours, is retired, or was purged. */
export async function findSigningWallet(
  db: Database,
  sender: { readonly magic: number; readonly account: ScriptHash },
): Promise<SigningWallet | undefined> {
  const [row] = await db
    .select()
    .from(chainWallets)
    .where(
      and(eq(chainWallets.networkMagic, sender.magic), eq(chainWallets.scriptHash, sender.account)),
    );
  return row && toSigningWallet(row);
}

/** Undefined for one that is retired, or was purged. */
export function toSigningWallet(row: WalletRow): SigningWallet | undefined {
  if (row.status !== 'active' || row.sealedKey === null) return undefined;
  const { walletId, purpose, networkMagic: network, exportable, publicKey } = row;
  const facts = { walletId, purpose, network, exportable, publicKey };
  const { accountId, sealedKey } = row;
  return { accountId, facts, policy: policyOf(row), sealedKey };
}

export const verificationOf = ({ facts }: SigningWallet): Uint8Array =>
  encodeSignatureScript(facts.publicKey);

/** `unsigned` is the whole transaction without its witnesses; the bridge decides. */
export async function signAsWallet(
  access: VaultAccess,
  { accountId, facts, sealedKey }: SigningWallet,
  unsigned: Uint8Array,
): Promise<Result<ChainSignature>> {
  const wrappedKey = await dataKeyOf(access, accountId);
  if (!wrappedKey.ok) return wrappedKey;
  return access.env.BRIDGE.signTransaction({
    accountId,
    wrappedKey: wrappedKey.value,
    facts,
    sealedKey,
    transaction: unsigned,
  });
}
