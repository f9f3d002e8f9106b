/** Proofs of the gas bank: books as they told of themselves, trial balances, and the sum trees. */
import { sql } from 'drizzle-orm';
import {
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/sqlite-core';
import type { Signature } from '../../core/crypto/signature.ts';
import type { Hash256 } from '../../core/neo/hash256.ts';
import type { ScriptHash } from '../../core/neo/script-hash.ts';
import { bytes } from '../../db/bytes-column.ts';
import {
  ANCHOR_REASONS,
  ANCHOR_STATUSES,
  CHECKPOINT_REASONS,
  CHECKPOINT_STATUSES,
  STAGE_NAMES,
} from './words.ts';

export const gasbankBooks = sqliteTable(
  'gasbank_books',
  {
    networkMagic: integer('network_magic').notNull(),
    /** An account id. */
    owner: text('owner').notNull(),
    /** It has entries since it closed this height; null while nothing was heard of any. */
    changedHeight: integer('changed_height'),
    /** The last height it was asked about, or told of. At most `changedHeight`: to be asked. */
    askedHeight: integer('asked_height').notNull(),
    /** The last entry of the sums below. */
    entry: integer('entry').notNull(),
    /** Datoshi, over all of its gas accounts. */
    available: integer('available').notNull(),
    reserved: integer('reserved').notNull(),
    inTransit: integer('in_transit').notNull(),
    spent: integer('spent').notNull(),
    /** Below zero by all that came from other books and did not go back. */
    otherBooks: integer('other_books').notNull(),
    /** When it was last heard of. */
    seenAt: integer('seen_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.networkMagic, table.owner] }),
    index('gasbank_books_seen_at').on(table.seenAt),
  ],
);

/** What the platform's book says of a watched address, and what the chain says. */
export interface AddressBalance {
  readonly address: ScriptHash;
  /** Decimal datoshi. */
  readonly booked: string;
  /** Null while no quorum told. */
  readonly onChain: string | null;
}

export const gasbankCheckpoints = sqliteTable(
  'gasbank_checkpoints',
  {
    networkMagic: integer('network_magic').notNull(),
    height: integer('height').notNull(),
    /** CAIP-2 id, as the network was called then; the magic is what binds (M1). */
    network: text('network').notNull(),
    status: text('status', { enum: CHECKPOINT_STATUSES }).notNull(),
    stage: text('stage', { enum: STAGE_NAMES }).notNull(),
    reason: text('reason', { enum: CHECKPOINT_REASONS }),
    /** Whether every book is asked, not only those that told of a change. */
    isWalk: integer('is_walk', { mode: 'boolean' }).notNull(),
    /** Of the present stage. */
    tries: integer('tries').notNull(),
    /** When the sweep goes on with it; whoever moves it on holds it until then. */
    dueAt: integer('due_at').notNull(),
    /** Sums of the platform's book by heading, decimal datoshi. */
    platform: text('platform', { mode: 'json' }).$type<Readonly<Record<string, string>>>(),
    addresses: text('addresses', { mode: 'json' }).$type<readonly AddressBalance[]>(),
    /** The statement, as it is signed: canonical JSON. */
    statement: text('statement'),
    signature: text('signature', { mode: 'json' }).$type<Signature>(),
    /** Salts, splits and order of the leaves come from it; gone once they stand in their rows. */
    seed: bytes('seed'),
    createdBy: text('created_by').notNull(),
    createdAt: integer('created_at').notNull(),
    /** When the platform's book had closed the height. */
    cutAt: integer('cut_at'),
    endedAt: integer('ended_at'),
  },
  (table) => [
    primaryKey({ columns: [table.networkMagic, table.height] }),
    uniqueIndex('gasbank_checkpoints_running')
      .on(table.networkMagic)
      .where(sql`status = 'running'`),
    index('gasbank_checkpoints_due_at').on(table.dueAt).where(sql`status = 'running'`),
  ],
);

/** A leaf as its owner is told of it: where it stands, what it holds, and what hides it. */
export interface OwnLeaf {
  readonly index: number;
  /** Decimal datoshi. */
  readonly amount: string;
  /** 32 bytes in hex. */
  readonly salt: string;
}

export const gasbankCheckpointBooks = sqliteTable(
  'gasbank_checkpoint_books',
  {
    networkMagic: integer('network_magic').notNull(),
    height: integer('height').notNull(),
    owner: text('owner').notNull(),
    available: integer('available').notNull(),
    reserved: integer('reserved').notNull(),
    inTransit: integer('in_transit').notNull(),
    spent: integer('spent').notNull(),
    otherBooks: integer('other_books').notNull(),
    leaves: text('leaves', { mode: 'json' }).$type<readonly OwnLeaf[]>(),
  },
  (table) => [primaryKey({ columns: [table.networkMagic, table.height, table.owner] })],
);

export const gasbankTreeChunks = sqliteTable(
  'gasbank_tree_chunks',
  {
    networkMagic: integer('network_magic').notNull(),
    height: integer('height').notNull(),
    chunk: integer('chunk').notNull(),
    /** Each of its leaves: 8 bytes of sum, 32 of hash. */
    nodes: bytes('nodes').notNull(),
    /** The node above them all, in the same form. */
    root: bytes('root').notNull(),
  },
  (table) => [primaryKey({ columns: [table.networkMagic, table.height, table.chunk] })],
);

/** What is written on chain follows from the statement of the checkpoint, which never changes. */
export const gasbankAnchors = sqliteTable(
  'gasbank_anchors',
  {
    networkMagic: integer('network_magic').notNull(),
    height: integer('height').notNull(),
    network: text('network').notNull(),
    status: text('status', { enum: ANCHOR_STATUSES }).notNull(),
    reason: text('reason', { enum: ANCHOR_REASONS }),
    /** Names the intent, so that each is handed over once. */
    attempt: integer('attempt').notNull(),
    /** The anchor wallet of this attempt. */
    sender: text('sender').$type<ScriptHash>(),
    /** When the sender is known to have it; never handed over again from then on. */
    handedAt: integer('handed_at'),
    /** Of the transaction that was included. */
    transactionHash: text('transaction_hash').$type<Hash256>(),
    blockIndex: integer('block_index'),
    /** When the sweep looks at it; null once it has ended. */
    dueAt: integer('due_at'),
    /** A change needs the one it read. */
    revision: integer('revision').notNull(),
    createdAt: integer('created_at').notNull(),
    endedAt: integer('ended_at'),
  },
  (table) => [
    primaryKey({ columns: [table.networkMagic, table.height] }),
    index('gasbank_anchors_due_at').on(table.dueAt).where(sql`due_at IS NOT NULL`),
  ],
);
