/** D1 queries of withdrawal policies. */
import { and, eq, type SQL, sql } from 'drizzle-orm';
import { OPEN_POLICY, type WithdrawalPolicy } from '../../core/withdrawals/policy.ts';
import type { Database } from '../../db/connect.ts';
import { withdrawalPolicies } from './tables.ts';

export type PolicyRow = typeof withdrawalPolicies.$inferSelect;

export interface PolicyName {
  readonly accountId: string;
  readonly networkMagic: number;
}

export async function loadPolicyRow(
  db: Database,
  { accountId, networkMagic }: PolicyName,
): Promise<PolicyRow | undefined> {
  const [row] = await db
    .select()
    .from(withdrawalPolicies)
    .where(
      and(
        eq(withdrawalPolicies.accountId, accountId),
        eq(withdrawalPolicies.networkMagic, networkMagic),
      ),
    );
  return row;
}

export const loadPolicy = async (db: Database, name: PolicyName): Promise<WithdrawalPolicy> =>
  policyOf(await loadPolicyRow(db, name));

const bigOrNull = (amount: number | null) => (amount === null ? null : BigInt(amount));

export const policyOf = (row: PolicyRow | undefined): WithdrawalPolicy =>
  row === undefined
    ? OPEN_POLICY
    : {
        approvalsAbove: bigOrNull(row.approvalsAbove),
        perDay: bigOrNull(row.perDay),
        destinations: row.destinations,
        openAt: row.openAt,
        delayMs: row.delayMs,
        delayBefore: row.delayBefore,
      };

/** True while it is the policy that was read; revision 0 is "none". */
export const policyUnchanged = ({ accountId, networkMagic }: PolicyName, revision: number): SQL =>
  sql`coalesce((SELECT revision FROM withdrawal_policies WHERE account_id = ${accountId}
    AND network_magic = ${networkMagic}), 0) = ${revision}`;

export const savePolicy = (db: Database, row: PolicyRow) => {
  const { accountId: _account, networkMagic: _magic, createdAt: _created, ...set } = row;
  return db
    .insert(withdrawalPolicies)
    .values(row)
    .onConflictDoUpdate({
      target: [withdrawalPolicies.accountId, withdrawalPolicies.networkMagic],
      set,
    });
};
