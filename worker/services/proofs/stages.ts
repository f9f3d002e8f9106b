/**
 * What each stage of a checkpoint does (M11). Each is idempotent and reads what it needs from its
 * row, so a crash anywhere is mended by doing the stage again:
 *
 *   closing     the platform's book closes the height, which makes the cut
 *   collecting  books that may have changed close it too, and tell their sums
 *   weighing    every book is copied, and all of them are added up; what does not add up asks every
 *               book before it is called wrong
 *   reading     the chain is asked what the addresses had at that height
 *   planting    the sum tree of what customers own
 *   signing     the statement, by the bridge
 *
 * The one rule between them: while a checkpoint runs no later one begins, or a book could skip this
 * one and lack what it sent in it.
 */
import { hex } from '@scure/base';
import { toTimestamp } from '../../core/clock.ts';
import { PLATFORM } from '../../core/ledger/book.ts';
import { formatGas } from '../../core/money.ts';
import { parseScriptHash, type ScriptHash } from '../../core/neo/script-hash.ts';
import { SEED_BYTES } from '../../core/proofs/plant.ts';
import {
  encodeStatement,
  findUnsound,
  OTHER_BOOKS,
  OWNED,
  type Statement,
} from '../../core/proofs/statement.ts';
import { runBatch } from '../../db/batch.ts';
import type { Database } from '../../db/connect.ts';
import { guard } from '../../db/guards.ts';
import type { Env, Settings } from '../../env.ts';
import { errorFields, type Log } from '../../http/log.ts';
import { randomBytes } from '../../http/request-context.ts';
import { findBoundNetwork } from '../chain/index.ts';
import { bookOf } from '../gasbank/index.ts';
import { loadVault } from '../vaults/index.ts';
import { type BookReport, enrolBooks, listUnasked, saveReports } from './books.ts';
import { LIMITS } from './limits.ts';
import { readAssets } from './read-assets.ts';
import { type BookTotals, type CheckpointRow, copyBooks, isSameTurn, sumBooks } from './store.ts';
import type { AddressBalance } from './tables.ts';
import { plantTree } from './tree.ts';
import { listWatched } from './watched.ts';
import type { CheckpointReason } from './words.ts';

export interface ProofDeps {
  readonly env: Env;
  readonly db: Database;
  readonly settings: Settings;
  readonly log: Log;
  readonly now: number;
}

/** What a stage leaves behind: it moves on, waits, or is the end. */
export type Moved =
  | { readonly kind: 'on'; readonly changes: Partial<CheckpointRow>; readonly waitMs?: number }
  | { readonly kind: 'wait' }
  | {
      readonly kind: 'end';
      readonly status: 'proven' | 'failed' | 'unprovable';
      readonly reason: CheckpointReason | null;
      readonly changes?: Partial<CheckpointRow>;
    };

type Stage = (deps: ProofDeps, row: CheckpointRow) => Promise<Moved>;

const WAIT: Moved = { kind: 'wait' };
const end = (status: 'failed' | 'unprovable', reason: CheckpointReason): Moved => ({
  kind: 'end',
  status,
  reason,
});

const close: Stage = async ({ env, db, now }, row) => {
  const { networkMagic: magic, height } = row;
  const book = { magic, owner: PLATFORM };
  const closed = await bookOf(env, book).checkpoint({ book, height });
  if (!closed.ok) {
    // Later blocks came into the book meanwhile; all of the chain up to another height is there.
    const booked = (await loadVault(db, magic))?.bookedHeight ?? 0;
    return booked > height ? { kind: 'on', changes: { height: booked } } : WAIT;
  }
  const platform = closed.value?.sums ?? {};
  const addresses = await listAddresses(db, row, platform);
  if (addresses === null) return end('unprovable', 'address_watched_later');
  const cutAt = row.cutAt ?? now;
  const changes = { stage: 'collecting', platform, addresses, cutAt } as const;
  // What books have to tell of before the cut arrives within seconds.
  return { kind: 'on', changes, waitMs: LIMITS.checkpointSettleSeconds.value * 1_000 };
};

const CHAIN = 'chain/';

/**
 * Every address of ours, with what the book has for it. Null where one is booked from a later block
 * on: its opening balance is in the book, and is not of this height.
 */
async function listAddresses(
  db: Database,
  { networkMagic, height }: CheckpointRow,
  platform: Readonly<Record<string, string>>,
): Promise<readonly AddressBalance[] | null> {
  const booked = new Map<ScriptHash, bigint>();
  for (const [heading, sum] of Object.entries(platform)) {
    const address = heading.startsWith(CHAIN) ? parseScriptHash(heading.slice(CHAIN.length)) : null;
    if (address !== null) booked.set(address, -BigInt(sum));
  }
  for (const { address, watchedHeight } of await listWatched(db, networkMagic)) {
    const isLater = watchedHeight === null || watchedHeight > height;
    if (isLater && booked.has(address)) return null;
    if (!isLater && !booked.has(address)) booked.set(address, 0n);
  }
  return [...booked]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([address, amount]) => ({ address, booked: amount.toString(), onChain: null }));
}

const collect: Stage = async ({ env, db, now, log }, row) => {
  const { networkMagic: magic, height, isWalk } = row;
  if (row.tries <= 1) await runBatch(env.DB, [enrolBooks(magic)]);
  const owners = await listUnasked(db, { magic, height, isWalk, now });
  if (owners.length === 0) return { kind: 'on', changes: { stage: 'weighing' } };
  const asked = await Promise.all(
    owners.map((owner) => askBook({ env, log }, { magic, owner }, height)),
  );
  const reports = asked.filter((report) => report !== null);
  if (reports.length > 0) await runBatch(env.DB, [saveReports({ magic, height, now }, reports)]);
  // Without the answer of one nothing can be said of all.
  return reports.length > 0 ? { kind: 'on', changes: {} } : WAIT;
};

async function askBook(
  { env, log }: Pick<ProofDeps, 'env' | 'log'>,
  book: { readonly magic: number; readonly owner: string },
  height: number,
): Promise<BookReport | null> {
  try {
    const closed = await bookOf(env, book).checkpoint({ book, height });
    if (!closed.ok) return null;
    const { entry = 0, sums = {} } = closed.value ?? {};
    return { owner: book.owner, entry, sums };
  } catch (thrown) {
    log.error('proofs.book_unreachable', { ...book, ...errorFields(thrown) });
    return null;
  }
}

const weigh: Stage = async ({ env, db }, row) => {
  await runBatch(env.DB, [guard('state', isSameTurn(row)), ...copyBooks(row)]);
  const totals = await sumBooks(db, row);
  if (totals.books > LIMITS.checkpointBooksMax.value) return end('unprovable', 'too_many_books');
  const owned = OWNED.reduce((sum, part) => sum + BigInt(totals[part]), 0n);
  const tree = { root: '0'.repeat(64), sum: formatGas(owned), leaves: 0 };
  const unsound = totals.wrong > 0 ? 'unbalanced' : findUnsound(stateOf(row, totals, tree));
  if (unsound === null) {
    const seed = randomBytes(SEED_BYTES);
    return { kind: 'on', changes: { stage: 'reading', seed } };
  }
  // A notice may have been lost: whoever was not asked is, before anything is called wrong.
  if (!row.isWalk) return { kind: 'on', changes: { stage: 'collecting', isWalk: true } };
  return end('failed', unsound === 'other_books_differ' ? 'other_books_differ' : 'book_unbalanced');
};

/** What the row and its books say; the root is that of its tree. */
function stateOf(row: CheckpointRow, totals: BookTotals, tree: Statement['tree']): Statement {
  const { network, networkMagic, height, platform, addresses } = row;
  const line = (heading: string, amount: bigint) => ({ heading, amount: formatGas(amount) });
  const own = Object.entries(platform ?? {}).filter(
    ([heading]) => !heading.startsWith(CHAIN) && heading !== OTHER_BOOKS,
  );
  const otherBooks = BigInt(platform?.[OTHER_BOOKS] ?? 0) + BigInt(totals.other_books);
  return {
    formatVersion: 1,
    network,
    networkMagic,
    height,
    cutAt: toTimestamp(row.cutAt ?? row.createdAt),
    assets: (addresses ?? []).map(({ address, booked }) => ({
      address,
      amount: formatGas(BigInt(booked)),
    })),
    liabilities: [
      ...([...OWNED, 'spent'] as const).map((part) =>
        line(`customers/${part}`, BigInt(totals[part])),
      ),
      ...own.map(([heading, sum]) => line(`platform/${heading}`, BigInt(sum))),
      line(OTHER_BOOKS, otherBooks),
    ],
    tree,
  };
}

const read: Stage = async ({ settings }, row) => {
  const found = findBoundNetwork(settings, row);
  const addresses = row.addresses ?? [];
  const told = found.ok
    ? await readAssets(
        found.value,
        addresses.map(({ address }) => address),
        row.height,
      )
    : ({ kind: 'later' } as const);
  if (told.kind === 'never')
    return { kind: 'on', changes: { stage: 'planting', reason: told.reason } };
  if (told.kind === 'later') {
    if (row.tries < LIMITS.checkpointReadsMax.value) return WAIT;
    return { kind: 'on', changes: { stage: 'planting', reason: 'nodes_unreachable' } };
  }
  const compared = addresses.map((one, index) => ({
    ...one,
    onChain: (told.amounts[index] ?? -1n).toString(),
  }));
  const changes = { addresses: compared };
  if (compared.some(({ booked, onChain }) => booked !== onChain))
    return { kind: 'end', status: 'failed', reason: 'assets_differ', changes };
  return { kind: 'on', changes: { ...changes, stage: 'planting', reason: null } };
};

const plant: Stage = async ({ db }, row) => {
  // Without it the tree cannot be the one of the rows that stand already.
  if (row.seed === null) return { kind: 'on', changes: { stage: 'weighing' } };
  const { root, leaves } = await plantTree(db, row, {
    seed: row.seed,
    turn: guard('state', isSameTurn(row)),
  });
  const totals = await sumBooks(db, row);
  const tree = { root: hex.encode(root.hash), sum: formatGas(root.sum), leaves };
  const statement = stateOf(row, totals, tree);
  // Its leaves were made of the very rows that were added up.
  if (findUnsound(statement) !== null) return end('failed', 'book_unbalanced');
  const text = new TextDecoder().decode(encodeStatement(statement));
  return { kind: 'on', changes: { stage: 'signing', statement: text, seed: null } };
};

const sign: Stage = async ({ env }, row) => {
  const payload = new TextEncoder().encode(row.statement ?? '');
  const signed = await env.BRIDGE.sign({ purpose: 'trial-balance', payload });
  if (!signed.ok) return WAIT;
  const { algorithm, keyId, value, attested } = signed.value;
  const status = row.reason === null ? 'proven' : 'unprovable';
  const changes = { signature: { algorithm, keyId, value, attested } };
  return { kind: 'end', status, reason: row.reason, changes };
};

export const STAGES: Readonly<Record<CheckpointRow['stage'], Stage>> = {
  closing: close,
  collecting: collect,
  weighing: weigh,
  reading: read,
  planting: plant,
  signing: sign,
};
