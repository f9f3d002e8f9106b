/**
 * Whom payments into the vault are for, as the catalogue has it when they are first booked; the
 * book decides once by it, and no later question changes that (money rule M2).
 */
import { and, eq, lte } from 'drizzle-orm';
import { MAIN } from '../../core/ledger/book.ts';
import type { Destination } from '../../core/ledger/commands.ts';
import type { ScriptHash } from '../../core/neo/script-hash.ts';
import type { Claim, SuspenseReason } from '../../core/vaults/bookings.ts';
import type { Database } from '../../db/connect.ts';
import { gasAccounts } from '../gasbank/index.ts';
import { workspaceWallets } from '../workspace-wallets/index.ts';

export type Decided =
  | { readonly destination: Extract<Destination, { kind: 'book' }> }
  | { readonly destination: { readonly kind: 'suspense' }; readonly reason: SuspenseReason };

export interface ClaimAt {
  readonly claim: Claim;
  readonly magic: number;
  /** Of the block, epoch milliseconds. */
  readonly time: number;
}

export const decideClaim = (db: Database, { claim, magic, time }: ClaimAt): Promise<Decided> =>
  claim.kind === 'gas account'
    ? byGasAccount(db, claim.gasAccountId, magic)
    : bySender(db, { account: claim.account, magic, time });

const suspense = (reason: SuspenseReason): Decided => ({
  destination: { kind: 'suspense' },
  reason,
});

async function byGasAccount(db: Database, gasAccountId: string, magic: number): Promise<Decided> {
  const [row] = await db
    .select()
    .from(gasAccounts)
    .where(eq(gasAccounts.gasAccountId, gasAccountId));
  if (row === undefined) return suspense('account_unknown');
  // The attack: the id of an account on a cheap network, paid for on it, credited on another (M1).
  if (row.networkMagic !== magic) return suspense('account_of_another_network');
  if (row.status !== 'open') return suspense('account_closed');
  return { destination: { kind: 'book', owner: row.accountId, fund: row.fund } };
}

/**
 * M18: of exactly one account that had verified this wallet by then. The time of its last change
 * stands for that of its verification, which it is never before.
 */
async function bySender(
  db: Database,
  {
    account,
    magic,
    time,
  }: { readonly account: ScriptHash; readonly magic: number; readonly time: number },
): Promise<Decided> {
  const owners = await db
    .selectDistinct({ accountId: workspaceWallets.accountId })
    .from(workspaceWallets)
    .where(
      and(
        eq(workspaceWallets.kind, 'neo'),
        eq(workspaceWallets.scriptHash, account),
        eq(workspaceWallets.status, 'verified'),
        lte(workspaceWallets.updatedAt, time),
      ),
    )
    .limit(2);
  const [owner, another] = owners;
  if (owner === undefined || another !== undefined) return suspense('sender_unknown');
  const [fund] = await db
    .select({ fund: gasAccounts.fund })
    .from(gasAccounts)
    .where(
      and(
        eq(gasAccounts.accountId, owner.accountId),
        eq(gasAccounts.networkMagic, magic),
        eq(gasAccounts.status, 'open'),
        eq(gasAccounts.fund, MAIN),
      ),
    );
  return fund === undefined
    ? suspense('sender_unknown')
    : { destination: { kind: 'book', owner: owner.accountId, fund: fund.fund } };
}
