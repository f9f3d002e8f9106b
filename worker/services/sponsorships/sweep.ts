/**
 * What the passing of time does to sponsorships: ends what was not signed, hands over again what a
 * request died before, compares with its sender what has been under way for long, and removes what
 * ended long ago. A row is taken by moving its due time on, so two sweeps at once, or a sweep and a
 * request, do not do the same work (delivery rule D4).
 */
import { eq } from 'drizzle-orm';
import { isOver } from '../../core/sponsorships/status.ts';
import { errorFields } from '../../http/log.ts';
import { findBoundNetwork } from '../chain/index.ts';
import { toldByView } from '../transactions/index.ts';
import { askWhatBecame } from './absence.ts';
import { handOver, markHanded, type SponsorDeps } from './hand-over.ts';
import { LIMITS } from './limits.ts';
import { endUnsent, MINUTE_MS, settle } from './settle.ts';
import { senderOf } from './sponsors.ts';
import {
  deleteEndedSessions,
  deleteSponsorship,
  findSponsorship,
  listDue,
  type SponsorshipRow,
  updateSponsorship,
} from './store.ts';
import { sponsorships } from './tables.ts';

const SESSIONS_PER_SWEEP = 5_000;

export async function sweepSponsorships(deps: SponsorDeps): Promise<void> {
  const { db, now, log } = deps;
  await deleteEndedSessions(db, now, SESSIONS_PER_SWEEP);
  for (const sponsorshipId of await listDue(db, now, LIMITS.sponsorshipSweepRowsMax.value)) {
    try {
      const row = await findSponsorship(db, sponsorshipId);
      if (row && row.dueAt <= now) await move(deps, row);
    } catch (thrown) {
      log.error('sponsorships.sweep_failed', { sponsorshipId, ...errorFields(thrown) });
    }
  }
}

async function move(deps: SponsorDeps, row: SponsorshipRow): Promise<void> {
  if (isOver(row.status)) {
    await deleteSponsorship(deps.db, row);
    return;
  }
  // Its hold has ended by itself.
  if (row.status === 'prepared') return endUnsent(deps, row, NOT_SIGNED);
  if (!(await take(deps, row))) return;
  return row.handedAt === null ? handOverAgain(deps, row) : compare(deps, row);
}

const NOT_SIGNED = { status: 'expired', reason: 'not_signed_in_time', detail: null } as const;

/** False when somebody else has it, or it has moved on. */
async function take({ db, now }: SponsorDeps, row: SponsorshipRow): Promise<boolean> {
  const waitMs =
    row.handedAt === null
      ? LIMITS.sponsorshipHandOverSeconds.value * 1_000
      : LIMITS.sponsorshipSenderCheckMinutes.value * MINUTE_MS;
  const taken = await updateSponsorship(
    db,
    row,
    { dueAt: now + waitMs },
    eq(sponsorships.dueAt, row.dueAt),
  ).returning({ sponsorshipId: sponsorships.sponsorshipId });
  return taken.length > 0;
}

/** What the sender has ends as it says; what it cannot be given, as the chain says. */
async function handOverAgain(deps: SponsorDeps, row: SponsorshipRow): Promise<void> {
  const handed = await handOver(deps, row);
  if (handed.ok) return;
  const { sponsorshipId } = row;
  deps.log.warn('sponsorships.not_handed_over', { sponsorshipId, code: handed.failure.code });
  const known = await senderOf(deps, { magic: row.networkMagic, account: row.sponsor }).get(
    sponsorshipId,
  );
  if (known.ok) return markHanded(deps, row);
  const left = await findSponsorship(deps.db, sponsorshipId);
  if (left?.status === 'sending') await endByChain(deps, left);
}

async function endByChain(deps: SponsorDeps, row: SponsorshipRow): Promise<void> {
  const network = findBoundNetwork(deps.settings, row);
  const verdict = network.ok ? await askWhatBecame(network.value, row) : null;
  if (verdict === null) return;
  const plain = { at: deps.now, reason: null, detail: null };
  if (verdict.kind === 'expired')
    return settle(deps, row, {
      told: { ...plain, outcome: 'expired', included: null },
      author: 'sweep',
    });
  const { vmState, blockIndex } = verdict;
  const { hash, systemFee, networkFee } = row;
  return settle(deps, row, {
    told: {
      ...plain,
      outcome: vmState === 'HALT' ? 'confirmed' : 'faulted',
      included: { hash, blockIndex, vmState, systemFee, networkFee },
    },
    author: 'sweep',
  });
}

/** Should an event or an alarm have been lost. */
async function compare(deps: SponsorDeps, row: SponsorshipRow): Promise<void> {
  const sender = senderOf(deps, { magic: row.networkMagic, account: row.sponsor });
  const view = await sender.get(row.sponsorshipId);
  if (!view.ok) {
    deps.log.error('sponsorships.unknown_to_sender', { sponsorshipId: row.sponsorshipId });
    return;
  }
  const told = toldByView(view.value);
  if (told === null) {
    await sender.wake();
    return;
  }
  await settle(deps, row, { told, author: 'sweep' });
}
