/** What is told of checkpoints: to everybody, to the owner of a balance, and to operators. */

import { hex } from '@scure/base';
import { toTimestamp } from '../../core/clock.ts';
import { formatGas, fromStored } from '../../core/money.ts';
import type { Inclusion } from '../../core/proofs/inclusion.ts';
import { statementSchema } from '../../core/proofs/statement.ts';
import { err, ok } from '../../core/result.ts';
import type { Database } from '../../db/connect.ts';
import { commit } from '../../http/commit.ts';
import { closePage, openPage, type PageQuery } from '../../http/pagination.ts';
import { creatorOf, type RequestContext } from '../../http/request-context.ts';
import { findNetwork } from '../chain/index.ts';
import { loadVault } from '../vaults/index.ts';
import { advanceSoon } from './advance.ts';
import type { AnchorRow } from './anchor-store.ts';
import {
  beginCheckpoint,
  type CheckpointPlace,
  type CheckpointRow,
  listCheckpointRows,
  loadAnchored,
  loadCheckpoint,
  loadRunning,
} from './store.ts';
import { leavesIn, loadOwn } from './tree.ts';
import { provableHeight } from './watched.ts';
import type { CheckpointStatus } from './words.ts';

interface ListQuery extends PageQuery {
  readonly network: string;
  readonly status?: CheckpointStatus | undefined;
}

async function listRows<Item>(
  { db, settings }: RequestContext,
  query: ListQuery,
  toItem: (row: CheckpointRow) => Item,
) {
  const network = findNetwork(settings, query.network);
  if (!network.ok) return network;
  const page = openPage(query);
  if (!page.ok) return page;
  const rows = await listCheckpointRows(db, {
    networkMagic: network.value.settings.magic,
    status: query.status,
    below: page.value.after === undefined ? undefined : Number(page.value.after),
    limit: page.value.rows,
  });
  const keyOf = ({ height }: CheckpointRow) => String(height);
  return ok({ status: 200 as const, body: closePage(rows, query.limit, { keyOf, toItem }) });
}

export const listProofs = (context: RequestContext, query: ListQuery) =>
  listRows(context, query, toSummary);

export const listCheckpoints = (context: RequestContext, query: ListQuery) =>
  listRows(context, query, toCheckpoint);

export interface ProofPlace {
  readonly network: string;
  readonly height: number;
}

/** One that has failed states nothing. */
const isStated = ({ status, statement }: Stated): boolean =>
  (status === 'proven' || status === 'unprovable') && statement !== null;

interface Stated {
  readonly status: string;
  readonly statement: string | null;
}

export async function getProof({ db, settings }: RequestContext, { network, height }: ProofPlace) {
  const found = findNetwork(settings, network);
  if (!found.ok) return found;
  const { checkpoint: row, anchor = null } =
    (await loadAnchored(db, { networkMagic: found.value.settings.magic, height })) ?? {};
  if (!row || !isStated(row) || row.signature === null) return err('request.not_found');
  // Written from a statement, and by nobody else.
  const statement = statementSchema.parse(JSON.parse(row.statement ?? ''));
  const { signature } = row;
  const body = { ...toSummary(row), statement, signature, anchor: anchor && toAnchor(anchor) };
  return ok({ status: 200, body } as const);
}

const toAnchor = ({ status, reason, transactionHash, blockIndex }: AnchorRow) => ({
  status,
  reason,
  transactionHash,
  blockIndex,
});

export async function getInclusion(
  { db, settings }: RequestContext,
  { accountId, network, height }: ProofPlace & { readonly accountId: string },
) {
  const found = findNetwork(settings, network);
  if (!found.ok) return found;
  const { magic: networkMagic } = found.value.settings;
  const own = await loadOwn(db, { networkMagic, height, owner: accountId });
  if (own === undefined || !isStated(own)) return err('request.not_found');
  if (own.owner === null) return err(own.is_kept ? 'request.not_found' : 'proofs.tree_gone');
  const amount = (stored: number | null) => formatGas(fromStored(stored ?? 0));
  const body: Inclusion = {
    accountId,
    networkMagic,
    height,
    available: amount(own.available),
    reserved: amount(own.reserved),
    inTransit: amount(own.in_transit),
    leaves: leavesIn(own).map(({ path, amount: text, ...leaf }) => ({
      ...leaf,
      amount: formatGas(BigInt(text)),
      path: path.map(({ sum, hash }) => ({ sum: formatGas(sum), hash: hex.encode(hash) })),
    })),
  };
  return ok({ status: 200, body } as const);
}

export async function createCheckpoint(context: RequestContext, network: string) {
  const { db, settings, now } = context;
  const found = findNetwork(settings, network);
  if (!found.ok) return found;
  const { magic: networkMagic } = found.value.settings;
  const vault = await loadVault(db, networkMagic);
  const height = vault === undefined ? null : provableHeight(vault);
  if (height === null) return err('proofs.not_ready');
  const createdBy = creatorOf(context.principal);
  const row = { network, networkMagic, height, createdBy, createdAt: now };
  const begun = await loadBegun(db, networkMagic, height);
  if (begun !== undefined) return answerWith(context, begun, []);
  const answered = await answerWith(context, { ...UNTOUCHED, ...row }, beginCheckpoint(db, row));
  if (answered.ok) context.defer(advanceSoon(context));
  // Another one was begun at the same moment.
  const other = answered.ok ? undefined : await loadRunning(db, networkMagic);
  return other === undefined ? answered : answerWith(context, other, []);
}

const answerWith = (
  context: RequestContext,
  shown: Shown & CheckpointPlace,
  statements: ReturnType<typeof beginCheckpoint>,
) =>
  commit(context, {
    statements,
    accountId: undefined,
    target: { kind: 'checkpoint', id: `${String(shown.networkMagic)}:${String(shown.height)}` },
    guards: { state: { code: 'request.precondition_failed' } },
    answer: { status: 202, body: toCheckpoint(shown) },
  });

/** The one that answers already: running, or decided at this height. */
async function loadBegun(db: Database, networkMagic: number, height: number) {
  const running = await loadRunning(db, networkMagic);
  if (running !== undefined) return running;
  const row = await loadCheckpoint(db, { networkMagic, height });
  return row?.status === 'unprovable' ? undefined : row;
}

const UNTOUCHED = {
  status: 'running',
  reason: null,
  addresses: null,
  cutAt: null,
  endedAt: null,
} as const;

type Shown = Pick<
  CheckpointRow,
  | 'network'
  | 'height'
  | 'status'
  | 'reason'
  | 'cutAt'
  | 'createdBy'
  | 'createdAt'
  | 'endedAt'
  | 'addresses'
>;

const timeOrNull = (at: number | null): string | null => (at === null ? null : toTimestamp(at));

function toSummary({ network, height, status, reason, cutAt }: CheckpointRow) {
  // A running one is in no public list, and its place in one would tell nothing.
  const shown = status === 'running' ? 'unprovable' : status;
  return { network, height, status: shown, reason, cutAt: timeOrNull(cutAt) };
}

const toCheckpoint = (row: Shown) => ({
  network: row.network,
  height: row.height,
  status: row.status,
  reason: row.status === 'running' ? null : row.reason,
  cutAt: timeOrNull(row.cutAt),
  createdBy: row.createdBy,
  createdAt: toTimestamp(row.createdAt),
  endedAt: timeOrNull(row.endedAt),
  addresses: (row.addresses ?? []).map(({ address, booked, onChain }) => ({
    address,
    booked: formatGas(BigInt(booked)),
    onChain: onChain === null ? null : formatGas(BigInt(onChain)),
  })),
});
