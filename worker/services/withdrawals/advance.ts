/**
 * The next step of a withdrawal, whatever its last one was and whoever made it. Each step reads,
 * decides and writes under the revision that it read, so that two at once do one's work.
 */
import { assertNever } from '../../core/assert.ts';
import { errorFields } from '../../http/log.ts';
import type { PayoutDeps } from './deps.ts';
import { conclude, givenBack, settle } from './ending.ts';
import { handOver, takeTurn } from './hand-over.ts';
import { open } from './opening.ts';
import { judge } from './progress.ts';
import { askAbout } from './resolver-route.ts';
import { change, type PayoutRow } from './store.ts';

/** For who has committed the row: whatever goes wrong, the sweep comes by. */
export async function advanceSoon(deps: PayoutDeps, row: PayoutRow): Promise<void> {
  try {
    // A resolver is asked by the sweep alone, which counts its questions.
    if (row.status === 'ready' && row.route === 'vault') await takeTurn(deps, row);
    if (row.status === 'settling') await conclude(deps, row);
  } catch (thrown) {
    const { withdrawalId } = row;
    deps.log.error('withdrawals.not_advanced', { withdrawalId, ...errorFields(thrown) });
  }
}

/** Of one whose time has come. */
export async function advance(deps: PayoutDeps, row: PayoutRow): Promise<unknown> {
  const { now } = deps;
  switch (row.status) {
    case 'opening':
      return openAgain(deps, row);
    case 'awaiting_approval':
      if ((row.expiresAt ?? 0) > now) return undefined;
      return settle(deps, row, givenBack(row, { status: 'rejected', reason: 'approvals_missing' }));
    case 'scheduled':
      return beginScheduled(deps, row);
    case 'ready':
      return row.route === 'vault' ? takeTurn(deps, row) : askAbout(deps, row);
    case 'sending':
      if (row.route === 'resolver') return askAbout(deps, row);
      return row.handedAt === null ? handOver(deps, row) : judge(deps, row);
    case 'settling':
      return conclude(deps, row);
    case 'unresolved':
    case 'dead_letter':
    case 'completed':
    case 'failed':
    case 'cancelled':
    case 'rejected':
      return undefined;
    default:
      return assertNever(row.status);
  }
}

/** As the request would have, that died between its row and its answer. */
async function openAgain(deps: PayoutDeps, row: PayoutRow): Promise<unknown> {
  const { env, db, settings, log, now } = deps;
  const actor = { kind: 'system', id: 'sweep' } as const;
  const author = { env, db, settings, log, now, actor, operationId: 'withdrawals.open' };
  const opened = await open(author, row, () => null);
  return opened.ok ? advanceSoon(deps, opened.value.row) : undefined;
}

async function beginScheduled(deps: PayoutDeps, row: PayoutRow): Promise<unknown> {
  const { db, now } = deps;
  if ((row.scheduledAt ?? 0) > now) return undefined;
  const ready = await change(db, row, {
    status: 'ready',
    statusSince: now,
    dueAt: now,
    updatedAt: now,
  });
  return ready && advanceSoon(deps, ready);
}
