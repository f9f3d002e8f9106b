/**
 * The sum tree of a checkpoint in its rows. Leaves are stored in chunks of a power of two, so that
 * the path of one is that within its chunk and that over the roots of all chunks; a proof reads one
 * chunk, however many books there are. Planted twice, the rows are the same.
 */
import { hex } from '@scure/base';
import { and, asc, eq, type SQL, sql } from 'drizzle-orm';
import { assert } from '../../core/assert.ts';
import { fromStored } from '../../core/money.ts';
import { type PlantedLeaf, plantLeaves } from '../../core/proofs/plant.ts';
import {
  decodeNodes,
  encodeNodes,
  pathOf,
  rootOf,
  type SumNode,
} from '../../core/proofs/sum-tree.ts';
import { runBatch } from '../../db/batch.ts';
import type { Database } from '../../db/connect.ts';
import { type CheckpointPlace, listCopies } from './store.ts';
import { gasbankTreeChunks, type OwnLeaf } from './tables.ts';

/** 20 KB a row. */
const CHUNK_LEAVES = 512;
const BOOKS_PER_READ = 5_000;
/** Some 500 bytes each, in one parameter. */
const OWNERS_PER_STATEMENT = 500;
const STATEMENTS_PER_BATCH = 10;

export interface Planted {
  readonly root: SumNode;
  readonly leaves: number;
}

interface Planting {
  readonly seed: Uint8Array;
  /** Lets nothing be written once the checkpoint has moved on without us. */
  readonly turn: SQL;
}

export async function plantTree(
  db: Database,
  place: CheckpointPlace,
  { seed, turn }: Planting,
): Promise<Planted> {
  const ground = { seed, magic: place.networkMagic, height: place.height };
  const leaves = plantLeaves(ground, await readShares(db, place));
  const chunks = chunksOf(leaves.map(({ node }) => node));
  const statements = [...leafStatements(place, leaves), ...chunkStatements(place, chunks)];
  for (let from = 0; from < statements.length; from += STATEMENTS_PER_BATCH)
    await runBatch(db.$client, [turn, ...statements.slice(from, from + STATEMENTS_PER_BATCH)]);
  return { root: rootOf(chunks.map(rootOf)), leaves: leaves.length };
}

async function readShares(db: Database, place: CheckpointPlace) {
  const shares: { owner: string; amount: bigint }[] = [];
  for (let after = ''; ; ) {
    const page = await listCopies(db, place, { after, limit: BOOKS_PER_READ });
    for (const { owner, available, reserved, inTransit } of page)
      shares.push({ owner, amount: fromStored(available + reserved + inTransit) });
    after = page.at(-1)?.owner ?? after;
    if (page.length < BOOKS_PER_READ) return shares;
  }
}

function chunksOf(nodes: readonly SumNode[]): readonly (readonly SumNode[])[] {
  const chunks: (readonly SumNode[])[] = [];
  for (let from = 0; from < nodes.length; from += CHUNK_LEAVES)
    chunks.push(nodes.slice(from, from + CHUNK_LEAVES));
  return chunks;
}

function* leafStatements(
  { networkMagic, height }: CheckpointPlace,
  leaves: readonly PlantedLeaf[],
): Generator<SQL> {
  const own = new Map<string, OwnLeaf[]>();
  for (const [index, { owner, amount, salt }] of leaves.entries()) {
    const leaf = { index, amount: amount.toString(), salt: hex.encode(salt) };
    own.set(owner, [...(own.get(owner) ?? []), leaf]);
  }
  const rows = [...own];
  for (let from = 0; from < rows.length; from += OWNERS_PER_STATEMENT) {
    const some = JSON.stringify(rows.slice(from, from + OWNERS_PER_STATEMENT));
    yield sql`INSERT INTO gasbank_checkpoint_books (network_magic, height, owner, available, reserved,
        in_transit, spent, other_books, leaves)
      SELECT ${networkMagic}, ${height}, value ->> 0, 0, 0, 0, 0, 0, value -> 1
      FROM json_each(${some}) WHERE true
      ON CONFLICT DO UPDATE SET leaves = excluded.leaves`;
  }
}

const chunkStatements = (
  { networkMagic, height }: CheckpointPlace,
  chunks: readonly (readonly SumNode[])[],
): readonly SQL[] =>
  chunks.map(
    (nodes, chunk) =>
      sql`INSERT OR REPLACE INTO gasbank_tree_chunks (network_magic, height, chunk, nodes, root)
        VALUES (${networkMagic}, ${height}, ${chunk}, ${encodeNodes(nodes)},
          ${encodeNodes([rootOf(nodes)])})`,
  );

/** The way from each of these leaves to the root; null once the tree is not kept any more. */
export async function readPaths(
  db: Database,
  place: CheckpointPlace,
  indexes: readonly number[],
): Promise<readonly (readonly SumNode[])[] | null> {
  const roots = await readRoots(db, place);
  const paths: (readonly SumNode[])[] = [];
  for (const index of indexes) {
    const chunk = Math.floor(index / CHUNK_LEAVES);
    const nodes = await readChunk(db, place, chunk);
    if (nodes === null) return null;
    paths.push([...pathOf(nodes, index % CHUNK_LEAVES), ...pathOf(roots, chunk)]);
  }
  return paths;
}

const ofTree = ({ networkMagic, height }: CheckpointPlace) =>
  and(eq(gasbankTreeChunks.networkMagic, networkMagic), eq(gasbankTreeChunks.height, height));

async function readRoots(db: Database, place: CheckpointPlace): Promise<readonly SumNode[]> {
  const rows = await db
    .select({ root: gasbankTreeChunks.root })
    .from(gasbankTreeChunks)
    .where(ofTree(place))
    .orderBy(asc(gasbankTreeChunks.chunk));
  return rows.flatMap(({ root }) => decodeNodes(root));
}

async function readChunk(
  db: Database,
  place: CheckpointPlace,
  chunk: number,
): Promise<readonly SumNode[] | null> {
  const rows = await db
    .select({ nodes: gasbankTreeChunks.nodes })
    .from(gasbankTreeChunks)
    .where(and(ofTree(place), eq(gasbankTreeChunks.chunk, chunk)));
  assert(rows.length <= 1, 'a chunk has one row');
  const [row] = rows;
  return row === undefined ? null : decodeNodes(row.nodes);
}
