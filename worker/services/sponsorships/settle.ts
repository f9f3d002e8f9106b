/**
 * The end of a sponsorship, or its dispute. The book first, since it is the truth about money and
 * takes a command once; then the row with its audit line and its event in one batch under one
 * condition. Who dies in between is followed by the sender's next delivery or the sweep, and of two
 * who tell the same only the first is heard.
 */
import { type SQL, sql } from 'drizzle-orm';
import { assertNever } from '../../core/assert.ts';
import { toTimestamp } from '../../core/clock.ts';
import { formatGas } from '../../core/money.ts';
import { encodeAddress } from '../../core/neo/address.ts';
import {
  isOver,
  leavesOf,
  type SponsorshipStatus,
  statusOf,
} from '../../core/sponsorships/status.ts';
import { runBatch } from '../../db/batch.ts';
import { tellIf } from '../../http/outbox.ts';
import { newId, type RequestContext } from '../../http/request-context.ts';
import type { Told } from '../transactions/index.ts';
import { capture, release } from './holds.ts';
import { LIMITS } from './limits.ts';
import { senderOf } from './sponsors.ts';
import { type SponsorshipRow, updateSponsorship } from './store.ts';
import { costOf } from './views.ts';

export const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

type SettleDeps = Pick<RequestContext, 'env' | 'db' | 'now' | 'log'>;

export interface Settlement {
  readonly told: Told;
  /** Who says so, in the audit log. */
  readonly author: 'sender' | 'sweep';
  /** The sender's own id of it, the same in every delivery. */
  readonly eventId?: string;
}

/** Throws when the book or the store cannot be reached; then it is told again. */
export async function settle(
  deps: SettleDeps,
  row: SponsorshipRow,
  { told, author, eventId }: Settlement,
): Promise<void> {
  const status = statusOf(told.outcome);
  const from = leavesOf(status);
  if (!from.includes(row.status)) return;
  if (!(await settleMoney(deps, row, status))) return;
  const { at, reason, detail, included } = told;
  await write(deps, row, {
    changes: { status, reason, detail, statusSince: at, blockIndex: included?.blockIndex ?? null },
    from,
    author,
    eventId,
  });
}

/** False when the book refuses, which is a defect: the row stays, and the sweep asks again. */
async function settleMoney(
  deps: SettleDeps,
  row: SponsorshipRow,
  status: SponsorshipStatus,
): Promise<boolean> {
  const ended = await endHold(deps, row, status);
  if (ended !== null && !ended.ok) {
    const { sponsorshipId } = row;
    deps.log.error('sponsorships.not_settled', { sponsorshipId, code: ended.failure.code });
    return false;
  }
  if (isOver(status)) await endForWallet(deps, row, status !== 'expired');
  return true;
}

function endHold(deps: SettleDeps, row: SponsorshipRow, status: SponsorshipStatus) {
  switch (status) {
    case 'confirmed':
      return capture(deps, row, 'HALT');
    case 'faulted':
      return capture(deps, row, 'FAULT');
    case 'expired':
      return release(deps, row, `absent:${row.hash}`);
    case 'disputed':
    case 'prepared':
    case 'sending':
    case 'rejected':
      return null;
    default:
      return assertNever(status);
  }
}

/** Gives the day of a wallet of the account back what was not moved. */
async function endForWallet(deps: SettleDeps, row: SponsorshipRow, isMoved: boolean) {
  if (row.walletId === null) return;
  const sender = senderOf(deps, { magic: row.networkMagic, account: row.signer });
  await sender.endBeside({ id: row.sponsorshipId, isMoved });
}

export interface UnsentEnd {
  readonly status: 'expired' | 'rejected';
  readonly reason: string;
  readonly detail: string | null;
}

/** Of one whose hold was never bound, so that nothing of it was signed by the sponsor. */
export async function endUnsent(
  deps: SettleDeps,
  row: SponsorshipRow,
  { status, reason, detail }: UnsentEnd,
): Promise<void> {
  await endForWallet(deps, row, false);
  await write(deps, row, {
    changes: { status, reason, detail, statusSince: deps.now, blockIndex: null },
    from: [row.status],
    author: 'sweep',
  });
}

interface Written {
  readonly changes: Pick<
    SponsorshipRow,
    'status' | 'reason' | 'detail' | 'statusSince' | 'blockIndex'
  >;
  readonly from: readonly SponsorshipStatus[];
  readonly author: Settlement['author'];
  readonly eventId?: string | undefined;
}

async function write(
  { db, now }: SettleDeps,
  row: SponsorshipRow,
  { changes, from, author, eventId = newId('event', now) }: Written,
): Promise<void> {
  const { sponsorshipId, accountId: journal } = row;
  const { status } = changes;
  const same = sql`sponsorship_id = ${sponsorshipId}
    AND status IN (SELECT value FROM json_each(${JSON.stringify(from)}))`;
  const once = sql`sponsorships WHERE ${same}`;
  const line = {
    at: toTimestamp(now),
    actor: { kind: 'system', id: author },
    operation: 'sponsorships.settle',
    outcome: 'ok',
    target: { kind: 'sponsorship', id: sponsorshipId },
    details: { status, reason: changes.reason, hash: row.hash, policyId: row.policyId },
  };
  const isEnd = isOver(status);
  const wait = isEnd
    ? LIMITS.sponsorshipKeepDays.value * DAY_MS
    : LIMITS.sponsorshipSenderCheckMinutes.value * MINUTE_MS;
  await runBatch(db.$client, [
    tellIf({ journal, kind: 'audit', body: line, now }, once),
    tellIf({ journal, kind: 'event', body: eventOf(row, changes, eventId), now }, once),
    updateSponsorship(
      db,
      row,
      {
        ...changes,
        handedAt: author === 'sender' ? (row.handedAt ?? now) : row.handedAt,
        updatedAt: now,
        dueAt: now + wait,
        endedAt: isEnd ? changes.statusSince : null,
      },
      same,
    ).getSQL(),
    ...(status === 'faulted' ? suspendByFaults(row, now) : []),
  ]);
}

const eventOf = (row: SponsorshipRow, changes: Written['changes'], id: string) => ({
  id,
  source: `/accounts/${row.accountId}`,
  specversion: '1.0',
  time: toTimestamp(changes.statusSince),
  type: `sponsorship.${changes.status}`,
  subject: `sponsorships/${row.sponsorshipId}`,
  data: {
    sponsorshipId: row.sponsorshipId,
    requestId: row.requestId,
    policyId: row.policyId,
    network: row.network,
    networkMagic: row.networkMagic,
    signer: encodeAddress(row.signer),
    hash: row.hash,
    cost: formatGas(costOf(row)),
    reason: changes.reason,
    blockIndex: changes.blockIndex,
  },
});

/** M22: the fault that comes to the cap of the day suspends the policy, until somebody resumes it. */
function suspendByFaults(row: SponsorshipRow, now: number): readonly SQL[] {
  const { policyId, accountId: journal } = row;
  const today = now - (now % DAY_MS);
  const isDue = sql`policy_id = ${policyId} AND status = 'active'
    AND EXISTS (SELECT 1 FROM sponsorships
      WHERE sponsorship_id = ${row.sponsorshipId} AND status = 'faulted' AND updated_at = ${now})
    AND (SELECT count(*) FROM sponsorships AS one
      WHERE one.policy_id = ${policyId} AND one.status = 'faulted' AND one.ended_at >= ${today})
      >= faults_per_day`;
  const event = {
    id: newId('event', now),
    source: `/accounts/${journal}`,
    specversion: '1.0',
    time: toTimestamp(now),
    type: 'sponsorship_policy.suspended',
    subject: `sponsorship-policies/${policyId}`,
    data: { policyId, network: row.network, reason: 'faults_spent' },
  };
  return [
    tellIf({ journal, kind: 'event', body: event, now }, sql`sponsorship_policies WHERE ${isDue}`),
    sql`UPDATE sponsorship_policies SET status = 'suspended', suspended_at = ${now},
      updated_at = ${now}, revision = revision + 1 WHERE ${isDue}`,
  ];
}
