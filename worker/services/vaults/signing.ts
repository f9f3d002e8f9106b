/**
 * The platform's wallets as signers. No policy binds them but the purpose of their key, which the
 * bridge holds them to (money rule M20); a retired one signs nothing more.
 */
import { and, eq } from 'drizzle-orm';
import type { ChainSignature } from '../../../enclave-bridge/contract.ts';
import { PLATFORM } from '../../core/ledger/book.ts';
import type { ScriptHash } from '../../core/neo/script-hash.ts';
import { err, type Result } from '../../core/result.ts';
import type { Database } from '../../db/connect.ts';
import type { VaultAccess } from '../secrets/index.ts';
import { type SigningWallet, signAsWallet } from '../wallets/index.ts';
import type { PlatformWalletRow } from './store.ts';
import { platformWallets } from './tables.ts';

/** Undefined for a wallet that is none of the platform's, or is retired. */
export async function findPlatformWallet(
  db: Database,
  sender: { readonly magic: number; readonly account: ScriptHash },
): Promise<SigningWallet | undefined> {
  const [row] = await db
    .select()
    .from(platformWallets)
    .where(
      and(
        eq(platformWallets.networkMagic, sender.magic),
        eq(platformWallets.scriptHash, sender.account),
        eq(platformWallets.status, 'active'),
      ),
    );
  return row && toSigningWallet(row);
}

/** `unsigned` is the whole transaction without its witnesses; the bridge decides. */
export async function signAsPlatformWallet(
  access: VaultAccess,
  row: PlatformWalletRow,
  unsigned: Uint8Array,
): Promise<Result<ChainSignature>> {
  if (row.status === 'retired') return err('wallets.retired');
  return signAsWallet(access, toSigningWallet(row), unsigned);
}

const toSigningWallet = (row: PlatformWalletRow): SigningWallet => ({
  accountId: PLATFORM,
  facts: {
    walletId: row.walletId,
    purpose: row.purpose,
    network: row.networkMagic,
    exportable: false,
    publicKey: row.publicKey,
  },
  policy: null,
  sealedKey: row.sealedKey,
});
