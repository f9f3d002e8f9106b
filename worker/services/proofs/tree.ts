/**
 * The sum tree of a checkpoint in its rows. Leaves are stored in chunks of a power of two, so that
 * the path of one is that within its chunk and that over the roots of all chunks; a proof reads one
 * chunk, however many books there are. Planted twice, the rows are the same.
 */
import { hex } from '@scure/base';
import { type SQL, sql } from 'drizzle-orm';
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
import type { OwnLeaf } from './tables.ts';

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

export interface OwnPlace extends CheckpointPlace {
  readonly owner: string;
}

type OwnRow = {
  readonly status: string;
  readonly statement: string | null;
  /** The rest is null where the owner had nothing. */
  readonly owner: string | null;
  readonly available: number | null;
  readonly reserved: number | null;
  readonly in_transit: number | null;
  readonly leaves: string | null;
  readonly roots: string;
  readonly chunks: string;
  readonly is_kept: number;
};

/** All that a proof of one's own balance is made of, in one look; the bytes of nodes as hex. */
export async function loadOwn(
  db: Database,
  { networkMagic, height, owner }: OwnPlace,
): Promise<OwnRow | undefined> {
  const ofTree = sql`t.network_magic = c.network_magic AND t.height = c.height`;
  const [row] = await db.all<OwnRow>(
    sql`SELECT c.status, c.statement, b.owner, b.available, b.reserved, b.in_transit, b.leaves,
        (SELECT json_group_array(hex(t.root) ORDER BY t.chunk) FROM gasbank_tree_chunks t
          WHERE ${ofTree}) AS roots,
        (SELECT json_group_array(json_array(t.chunk, hex(t.nodes))) FROM gasbank_tree_chunks t
          WHERE ${ofTree} AND t.chunk IN (SELECT CAST((value ->> 'index') / ${CHUNK_LEAVES} AS INTEGER)
            FROM json_each(b.leaves))) AS chunks,
        EXISTS (SELECT 1 FROM gasbank_checkpoint_books t WHERE ${ofTree}) AS is_kept
      FROM gasbank_checkpoints c LEFT JOIN gasbank_checkpoint_books b
        ON b.network_magic = c.network_magic AND b.height = c.height AND b.owner = ${owner}
      WHERE c.network_magic = ${networkMagic} AND c.height = ${height}`,
  );
  return row;
}

export interface ShownLeaf extends OwnLeaf {
  /** From the leaf to the root. */
  readonly path: readonly SumNode[];
}

const nodesIn = (text: string): readonly SumNode[] => decodeNodes(hex.decode(text.toLowerCase()));

export function leavesIn({ leaves, roots, chunks }: OwnRow): readonly ShownLeaf[] {
  // All three were made by the statement above, of what is written here.
  const own = JSON.parse(leaves ?? '[]') as readonly OwnLeaf[];
  const above = (JSON.parse(roots) as readonly string[]).flatMap(nodesIn);
  const byChunk = new Map(JSON.parse(chunks) as readonly (readonly [number, string])[]);
  return own.map((leaf) => {
    const chunk = Math.floor(leaf.index / CHUNK_LEAVES);
    const nodes = nodesIn(byChunk.get(chunk) ?? '');
    assert(nodes.length > 0, 'a leaf stands in its chunk');
    return {
      ...leaf,
      path: [...pathOf(nodes, leaf.index % CHUNK_LEAVES), ...pathOf(above, chunk)],
    };
  });
}
