/**
 * Accounts that nothing is ever paid to (money rule M14): the vault, which would keep it without an
 * owner, wallets of the platform, retired ones too, and contracts of the node.
 */
import { eq } from 'drizzle-orm';
import { NATIVE_CONTRACTS } from '../../core/neo/native-contracts.ts';
import { decodeScriptHash, type ScriptHash } from '../../core/neo/script-hash.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { platformWallets, vaults } from '../vaults/index.ts';
import type { PayoutDeps } from './deps.ts';
import { isSuspended } from './hand-over.ts';

const NATIVES: ReadonlySet<ScriptHash> = new Set(
  Object.values(NATIVE_CONTRACTS).map(({ hash }) => hash),
);
const NOBODY = decodeScriptHash(new Uint8Array(20));

export async function checkDestination(
  deps: PayoutDeps,
  { networkMagic, to }: { readonly networkMagic: number; readonly to: ScriptHash },
): Promise<Result<null, 'withdrawals.destination_refused'>> {
  const { db } = deps;
  if (NATIVES.has(to) || to === NOBODY) return refused('it is a contract of the node, or nobody');
  const [wallets, contracts] = await db.batch([
    db
      .select({ magic: platformWallets.networkMagic })
      .from(platformWallets)
      .where(eq(platformWallets.scriptHash, to)),
    db.select({ magic: vaults.networkMagic }).from(vaults).where(eq(vaults.contract, to)),
  ]);
  const ours = [...wallets, ...contracts].some(({ magic }) => magic === networkMagic);
  if (ours) return refused('it is the vault or a wallet of the platform');
  const payout = { kind: 'withdrawal', networkMagic, recipient: to } as const;
  return (await isSuspended(deps, payout)) ? refused('it refused payments lately') : ok(null);
}

const refused = (detail: string) => err('withdrawals.destination_refused', { detail });
