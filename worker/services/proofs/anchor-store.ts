/** D1 queries of anchors. A change needs the revision that it read, so each step is done by one. */
import { and, asc, eq, lte, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../../db/connect.ts';
import type { CheckpointPlace, CheckpointRow } from './store.ts';
import { gasbankAnchors } from './tables.ts';

export type AnchorRow = typeof gasbankAnchors.$inferSelect;

/**
 * For the batch that ends a checkpoint, so that no crash falls between. Nothing where no wallet is
 * booked that could pay for it.
 */
export const insertAnchor = (
  { networkMagic, height, network }: Pick<CheckpointRow, 'networkMagic' | 'height' | 'network'>,
  now: number,
): SQL =>
  sql`INSERT OR IGNORE INTO gasbank_anchors (network_magic, height, network, status, attempt, due_at,
      revision, created_at)
    SELECT ${networkMagic}, ${height}, ${network}, 'pending', 0, ${now}, 1, ${now}
    WHERE EXISTS (SELECT 1 FROM platform_wallets WHERE network_magic = ${networkMagic}
      AND purpose = 'anchor' AND status = 'active' AND watched_height IS NOT NULL)`;

export async function loadAnchor(
  db: Database,
  { networkMagic, height }: CheckpointPlace,
): Promise<AnchorRow | undefined> {
  const [row] = await db
    .select()
    .from(gasbankAnchors)
    .where(and(eq(gasbankAnchors.networkMagic, networkMagic), eq(gasbankAnchors.height, height)));
  return row;
}

export const listDueAnchors = (
  db: Database,
  { now, limit }: { readonly now: number; readonly limit: number },
): Promise<AnchorRow[]> =>
  db
    .select()
    .from(gasbankAnchors)
    .where(lte(gasbankAnchors.dueAt, now))
    .orderBy(asc(gasbankAnchors.dueAt))
    .limit(limit);

/** Undefined when somebody else has moved it on. */
export async function changeAnchor(
  db: Database,
  row: AnchorRow,
  changes: Partial<AnchorRow>,
): Promise<AnchorRow | undefined> {
  const [changed] = await db
    .update(gasbankAnchors)
    .set({ ...changes, revision: row.revision + 1 })
    .where(
      and(
        eq(gasbankAnchors.networkMagic, row.networkMagic),
        eq(gasbankAnchors.height, row.height),
        eq(gasbankAnchors.revision, row.revision),
      ),
    )
    .returning();
  return changed;
}
