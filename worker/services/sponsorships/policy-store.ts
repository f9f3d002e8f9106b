/** D1 queries of sponsorship policies. */
import { and, desc, eq, lt, type SQL, sql } from 'drizzle-orm';
import { assert } from '../../core/assert.ts';
import type { SponsorshipTerms } from '../../core/sponsorships/policy.ts';
import { parseTerms } from '../../core/sponsorships/policy-form.ts';
import type { Database } from '../../db/connect.ts';
import { sponsorshipPolicies } from './tables.ts';

export type PolicyRow = typeof sponsorshipPolicies.$inferSelect;

export interface PolicyPlace {
  readonly accountId: string;
  readonly policyId: string;
}

/** Of one or none. */
export const policyQuery = (db: Database, { accountId, policyId }: PolicyPlace) =>
  db
    .select()
    .from(sponsorshipPolicies)
    .where(
      and(eq(sponsorshipPolicies.policyId, policyId), eq(sponsorshipPolicies.accountId, accountId)),
    );

export async function loadPolicy(db: Database, place: PolicyPlace): Promise<PolicyRow | undefined> {
  const [row] = await policyQuery(db, place);
  return row;
}

/** Written by this service alone, from what was parsed. */
export function termsOfPolicy({ terms }: Pick<PolicyRow, 'terms'>): SponsorshipTerms {
  const parsed = parseTerms(terms);
  assert(parsed.ok, 'stored terms are some that were accepted');
  return parsed.value;
}

export interface PolicyFilter {
  readonly accountId: string;
  readonly network: string | undefined;
  readonly before: string | undefined;
  readonly limit: number;
}

export function listPolicyRows(db: Database, filter: PolicyFilter): Promise<PolicyRow[]> {
  const conditions: SQL[] = [eq(sponsorshipPolicies.accountId, filter.accountId)];
  if (filter.network) conditions.push(eq(sponsorshipPolicies.network, filter.network));
  if (filter.before) conditions.push(lt(sponsorshipPolicies.policyId, filter.before));
  return db
    .select()
    .from(sponsorshipPolicies)
    .where(and(...conditions))
    .orderBy(desc(sponsorshipPolicies.policyId))
    .limit(filter.limit);
}

export const insertPolicy = (db: Database, row: PolicyRow) =>
  db.insert(sponsorshipPolicies).values(row);

export const updatePolicyRow = (db: Database, row: PolicyRow, changes: Partial<PolicyRow>) =>
  db
    .update(sponsorshipPolicies)
    .set({ ...changes, revision: row.revision + 1 })
    .where(eq(sponsorshipPolicies.policyId, row.policyId));

export const deletePolicyRow = (db: Database, { policyId }: PolicyRow) =>
  db.delete(sponsorshipPolicies).where(eq(sponsorshipPolicies.policyId, policyId));

export const policyUnchanged = ({ policyId, revision }: PolicyRow): SQL =>
  sql`(SELECT revision FROM sponsorship_policies WHERE policy_id = ${policyId}) = ${revision}`;

/** True while nothing has suspended or removed it. */
export const policyActive = (policyId: string): SQL =>
  sql`(SELECT status FROM sponsorship_policies WHERE policy_id = ${policyId}) = 'active'`;

export const policiesBelow = (accountId: string, limit: number): SQL =>
  sql`(SELECT count(*) FROM sponsorship_policies WHERE account_id = ${accountId}) < ${limit}`;
