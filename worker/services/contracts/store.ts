/** D1 queries of registered contracts. */
import { and, desc, eq, lt, type SQL, sql } from 'drizzle-orm';
import type { ScriptHash } from '../../core/neo/script-hash.ts';
import type { Database } from '../../db/connect.ts';
import { contracts } from './tables.ts';

export type ContractRow = typeof contracts.$inferSelect;

/** What a node tells of a contract. */
export type ChainFacts = Pick<
  ContractRow,
  'standing' | 'name' | 'updateCounter' | 'nefChecksum' | 'supportedStandards'
>;

export async function loadContract(
  db: Database,
  accountId: string,
  contractId: string,
): Promise<ContractRow | undefined> {
  const [row] = await db
    .select()
    .from(contracts)
    .where(and(eq(contracts.contractId, contractId), eq(contracts.accountId, accountId)));
  return row;
}

export interface ContractOnChain {
  readonly accountId: string;
  readonly networkMagic: number;
  readonly scriptHash: ScriptHash;
}

export async function loadContractAt(
  db: Database,
  { accountId, networkMagic, scriptHash }: ContractOnChain,
): Promise<ContractRow | undefined> {
  const [row] = await db
    .select()
    .from(contracts)
    .where(
      and(
        eq(contracts.accountId, accountId),
        eq(contracts.networkMagic, networkMagic),
        eq(contracts.scriptHash, scriptHash),
      ),
    );
  return row;
}

export interface ContractFilter {
  readonly accountId: string;
  readonly network: string | undefined;
  readonly before: string | undefined;
  readonly limit: number;
}

export function listContractRows(db: Database, filter: ContractFilter): Promise<ContractRow[]> {
  const conditions: SQL[] = [eq(contracts.accountId, filter.accountId)];
  if (filter.network) conditions.push(eq(contracts.network, filter.network));
  if (filter.before) conditions.push(lt(contracts.contractId, filter.before));
  return db
    .select()
    .from(contracts)
    .where(and(...conditions))
    .orderBy(desc(contracts.contractId))
    .limit(filter.limit);
}

export const insertContract = (db: Database, row: ContractRow) => db.insert(contracts).values(row);

/** Of the same id. */
export const updateContract = (db: Database, row: ContractRow) =>
  db.update(contracts).set(row).where(eq(contracts.contractId, row.contractId));

export const countContracts = (db: Database, accountId: string): Promise<number> =>
  db.$count(contracts, eq(contracts.accountId, accountId));

export const deleteContract = (db: Database, { contractId }: ContractRow) =>
  db.delete(contracts).where(eq(contracts.contractId, contractId));

/** True while the row is there: of two removals that meet, one finds nothing. */
export const contractStands = ({ contractId }: ContractRow): SQL =>
  sql`EXISTS (SELECT 1 FROM contracts WHERE contract_id = ${contractId})`;

export const contractsBelow = (accountId: string, limit: number): SQL =>
  sql`(SELECT count(*) FROM contracts WHERE account_id = ${accountId}) < ${limit}`;

/** Not over what was read later, by a request that was faster. */
export const saveFacts = (
  db: Database,
  { contractId }: ContractRow,
  facts: ChainFacts & { readonly readAt: number },
) =>
  db
    .update(contracts)
    .set(facts)
    .where(
      and(
        eq(contracts.contractId, contractId),
        sql`coalesce(${contracts.readAt}, 0) <= ${facts.readAt}`,
      ),
    );

export const purgeContracts = (accountId: string): SQL =>
  sql`DELETE FROM contracts WHERE account_id = ${accountId}`;
