/** D1 queries of checkpoints. A change of a running one needs the turn that read it. */
import { and, asc, desc, eq, lt, lte, ne, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../../db/connect.ts';
import { guard } from '../../db/guards.ts';
import { LIMITS } from './limits.ts';
import { gasbankAnchors, gasbankCheckpointBooks, gasbankCheckpoints } from './tables.ts';
import type { CheckpointStatus } from './words.ts';

export type CheckpointRow = typeof gasbankCheckpoints.$inferSelect;
export type CheckpointBook = typeof gasbankCheckpointBooks.$inferSelect;

export interface CheckpointPlace {
  readonly networkMagic: number;
  readonly height: number;
}

const at = ({ networkMagic, height }: CheckpointPlace) =>
  and(eq(gasbankCheckpoints.networkMagic, networkMagic), eq(gasbankCheckpoints.height, height));

export async function loadCheckpoint(
  db: Database,
  place: CheckpointPlace,
): Promise<CheckpointRow | undefined> {
  const [row] = await db.select().from(gasbankCheckpoints).where(at(place));
  return row;
}

/** With what became of its anchor; null where it never had one. */
export async function loadAnchored(db: Database, place: CheckpointPlace) {
  const [row] = await db
    .select({ checkpoint: gasbankCheckpoints, anchor: gasbankAnchors })
    .from(gasbankCheckpoints)
    .leftJoin(
      gasbankAnchors,
      and(
        eq(gasbankAnchors.networkMagic, gasbankCheckpoints.networkMagic),
        eq(gasbankAnchors.height, gasbankCheckpoints.height),
      ),
    )
    .where(at(place));
  return row;
}

export async function loadRunning(
  db: Database,
  networkMagic: number,
): Promise<CheckpointRow | undefined> {
  const [row] = await db
    .select()
    .from(gasbankCheckpoints)
    .where(
      and(
        eq(gasbankCheckpoints.networkMagic, networkMagic),
        eq(gasbankCheckpoints.status, 'running'),
      ),
    );
  return row;
}

/** When a checkpoint of the network was last begun. */
export async function lastBegun(db: Database, networkMagic: number): Promise<number | null> {
  const [row] = await db
    .select({ at: sql<number | null>`MAX(created_at)` })
    .from(gasbankCheckpoints)
    .where(eq(gasbankCheckpoints.networkMagic, networkMagic));
  return row?.at ?? null;
}

export const listDue = (db: Database, now: number): Promise<CheckpointRow[]> =>
  db
    .select()
    .from(gasbankCheckpoints)
    .where(and(eq(gasbankCheckpoints.status, 'running'), lte(gasbankCheckpoints.dueAt, now)))
    .orderBy(asc(gasbankCheckpoints.dueAt));

export interface CheckpointFilter {
  readonly networkMagic: number;
  readonly status: CheckpointStatus | undefined;
  /** Below this height. */
  readonly below: number | undefined;
  readonly limit: number;
}

/** Newest first; without a status only those that have ended. */
export const listCheckpointRows = (
  db: Database,
  { networkMagic, status, below, limit }: CheckpointFilter,
): Promise<CheckpointRow[]> =>
  db
    .select()
    .from(gasbankCheckpoints)
    .where(
      and(
        eq(gasbankCheckpoints.networkMagic, networkMagic),
        status === undefined
          ? ne(gasbankCheckpoints.status, 'running')
          : eq(gasbankCheckpoints.status, status),
        below === undefined ? undefined : lt(gasbankCheckpoints.height, below),
      ),
    )
    .orderBy(desc(gasbankCheckpoints.height))
    .limit(limit);

/** What must still be so for another to begin. */
const noneRuns = (networkMagic: number): SQL =>
  sql`NOT EXISTS (SELECT 1 FROM gasbank_checkpoints
    WHERE network_magic = ${networkMagic} AND status = 'running')`;

/** Nothing, where this height was decided before. */
export function beginCheckpoint(
  db: Database,
  begun: CheckpointPlace & Pick<CheckpointRow, 'network' | 'createdBy' | 'createdAt'>,
): readonly (SQL | { getSQL(): SQL })[] {
  const row = {
    ...begun,
    status: 'running',
    stage: 'closing',
    reason: null,
    isWalk: false,
    tries: 0,
    dueAt: begun.createdAt,
  } as const;
  const { networkMagic: _magic, height: _height, ...again } = row;
  return [
    guard('state', noneRuns(begun.networkMagic)),
    // A node that keeps old states may have come since.
    db
      .update(gasbankCheckpoints)
      .set({ ...again, endedAt: null, statement: null, signature: null, seed: null })
      .where(and(at(begun), eq(gasbankCheckpoints.status, 'unprovable'))),
    db.insert(gasbankCheckpoints).values(row).onConflictDoNothing(),
  ];
}

/** As it was read by whoever has this turn. */
const sameTurn = (row: CheckpointRow) =>
  and(
    at(row),
    eq(gasbankCheckpoints.status, 'running'),
    eq(gasbankCheckpoints.stage, row.stage),
    eq(gasbankCheckpoints.dueAt, row.dueAt),
  );

export const isSameTurn = (row: CheckpointRow): SQL =>
  sql`EXISTS (SELECT 1 FROM gasbank_checkpoints WHERE ${sameTurn(row)})`;

export const changeCheckpoint = (
  db: Database,
  row: CheckpointRow,
  changes: Partial<CheckpointRow>,
) => db.update(gasbankCheckpoints).set(changes).where(sameTurn(row));

/** False when somebody else has it, or it has moved on. */
export async function saveCheckpoint(
  db: Database,
  row: CheckpointRow,
  changes: Partial<CheckpointRow>,
): Promise<boolean> {
  const changed = await changeCheckpoint(db, row, changes).returning({
    height: gasbankCheckpoints.height,
  });
  return changed.length > 0;
}

/** Every book with anything in it, as it stood at the checkpoint. */
export function copyBooks({ networkMagic, height }: CheckpointPlace): readonly SQL[] {
  return [
    sql`DELETE FROM gasbank_checkpoint_books
      WHERE network_magic = ${networkMagic} AND height = ${height}`,
    sql`DELETE FROM gasbank_tree_chunks
      WHERE network_magic = ${networkMagic} AND height = ${height}`,
    sql`INSERT INTO gasbank_checkpoint_books (network_magic, height, owner, available, reserved,
        in_transit, spent, other_books)
      SELECT network_magic, ${height}, owner, available, reserved, in_transit, spent, other_books
      FROM gasbank_books WHERE network_magic = ${networkMagic}
        AND (available <> 0 OR reserved <> 0 OR in_transit <> 0 OR spent <> 0 OR other_books <> 0)`,
  ];
}

export interface BookTotals {
  readonly books: number;
  readonly available: number;
  readonly reserved: number;
  readonly in_transit: number;
  readonly spent: number;
  readonly other_books: number;
  /** Books that do not add up to nothing, or have less than nothing where none may. */
  readonly wrong: number;
}

export async function sumBooks(
  db: Database,
  { networkMagic, height }: CheckpointPlace,
): Promise<BookTotals> {
  const [row] = await db.all<BookTotals>(
    sql`SELECT COUNT(*) AS books, COALESCE(SUM(available), 0) AS available,
        COALESCE(SUM(reserved), 0) AS reserved, COALESCE(SUM(in_transit), 0) AS in_transit,
        COALESCE(SUM(spent), 0) AS spent, COALESCE(SUM(other_books), 0) AS other_books,
        COUNT(*) FILTER (WHERE available + reserved + in_transit + spent + other_books <> 0
          OR MIN(available, reserved, in_transit, spent) < 0) AS wrong
      FROM gasbank_checkpoint_books WHERE network_magic = ${networkMagic} AND height = ${height}`,
  );
  return row ?? NO_BOOKS;
}

const NO_BOOKS: BookTotals = {
  books: 0,
  available: 0,
  reserved: 0,
  in_transit: 0,
  spent: 0,
  other_books: 0,
  wrong: 0,
};

export const listCopies = (
  db: Database,
  { networkMagic, height }: CheckpointPlace,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<CheckpointBook[]> =>
  db
    .select()
    .from(gasbankCheckpointBooks)
    .where(
      and(
        eq(gasbankCheckpointBooks.networkMagic, networkMagic),
        eq(gasbankCheckpointBooks.height, height),
        sql`owner > ${after}`,
      ),
    )
    .orderBy(asc(gasbankCheckpointBooks.owner))
    .limit(limit);

/** What is beyond the bounds, in the order in which nothing points to what is gone. */
export function forgetOld(networkMagic: number): readonly SQL[] {
  const nth = (kept: number) => sql`(SELECT height FROM gasbank_checkpoints
    WHERE network_magic = ${networkMagic} ORDER BY height DESC LIMIT 1 OFFSET ${kept})`;
  const tree = nth(LIMITS.checkpointTreesKept.value);
  const last = nth(LIMITS.checkpointsKept.value);
  return [
    sql`DELETE FROM gasbank_tree_chunks WHERE network_magic = ${networkMagic} AND height <= ${tree}`,
    sql`DELETE FROM gasbank_checkpoint_books
      WHERE network_magic = ${networkMagic} AND height <= ${tree}`,
    sql`DELETE FROM gasbank_anchors WHERE network_magic = ${networkMagic} AND height <= ${last}`,
    sql`DELETE FROM gasbank_checkpoints WHERE network_magic = ${networkMagic} AND height <= ${last}`,
  ];
}
