/**
 * Moving checkpoints on, a stage after the other (delivery rule D4): a row is taken by moving its
 * time on, so two sweeps at once do not do the same work, and one that died is found when that time
 * has come. The end is written with its audit line, and a failure with the event that tells it.
 */
import { toTimestamp } from '../../core/clock.ts';
import { guard } from '../../db/guards.ts';
import { type Author, commit } from '../../http/commit.ts';
import { errorFields } from '../../http/log.ts';
import type { VaultRow } from '../vaults/index.ts';
import { insertAnchor } from './anchor-store.ts';
import { sweepAnchors } from './anchors.ts';
import { wakeBooks } from './books.ts';
import { LIMITS } from './limits.ts';
import { type Moved, type ProofDeps, STAGES } from './stages.ts';
import {
  beginCheckpoint,
  type CheckpointRow,
  changeCheckpoint,
  forgetOld,
  isSameTurn,
  lastBegun,
  listDue,
  loadCheckpoint,
  saveCheckpoint,
} from './store.ts';
import { listVaults, provableHeight } from './watched.ts';

const SWEEP = { kind: 'system', id: 'sweep' } as const;
const RETRY_MS = LIMITS.checkpointRetrySeconds.value * 1_000;
const SETTLE_MS = LIMITS.checkpointSettleSeconds.value * 1_000;
const EVERY_MS = LIMITS.checkpointEveryMinutes.value * 60_000;

export async function sweepProofs(deps: ProofDeps): Promise<void> {
  await wakeBooks(deps);
  for (const vault of await listVaults(deps.db)) await beginHourly(deps, vault);
  await advanceDue(deps);
  await sweepAnchors(deps);
}

/**
 * For who asked for a checkpoint: at once, and again when its books have had their time. What this
 * does not come to, the sweep does.
 */
export async function advanceSoon(deps: ProofDeps): Promise<void> {
  await advanceDue(deps);
  await new Promise((resolve) => {
    setTimeout(resolve, SETTLE_MS);
  });
  const later = { ...deps, now: deps.now + SETTLE_MS };
  await advanceDue(later);
  await sweepAnchors(later);
}

async function advanceDue(deps: ProofDeps): Promise<void> {
  for (const row of await listDue(deps.db, deps.now)) {
    const { networkMagic, height } = row;
    try {
      await advance(deps, row);
    } catch (thrown) {
      // Its time comes again.
      deps.log.error('proofs.stage_failed', { networkMagic, height, ...errorFields(thrown) });
    }
  }
}

async function beginHourly(deps: ProofDeps, vault: VaultRow): Promise<void> {
  const { db, now } = deps;
  const height = provableHeight(vault);
  const begun = await lastBegun(db, vault.networkMagic);
  if (height === null || (begun !== null && now - begun < EVERY_MS)) return;
  const { network, networkMagic } = vault;
  const row = { network, networkMagic, height, createdBy: 'system', createdAt: now };
  await commit(authorOf(deps, 'proofs.createCheckpoint'), {
    statements: beginCheckpoint(db, row),
    accountId: undefined,
    target: { kind: 'checkpoint', id: nameOf(row) },
    guards: { state: { code: 'request.precondition_failed' } },
    answer: { status: 200, body: null },
  });
}

const nameOf = ({ networkMagic, height }: Pick<CheckpointRow, 'networkMagic' | 'height'>): string =>
  `${String(networkMagic)}:${String(height)}`;

async function advance(deps: ProofDeps, due: CheckpointRow): Promise<void> {
  const { db, now } = deps;
  let row = due;
  for (let step = 0; step < LIMITS.checkpointStepsPerSweep.value; step += 1) {
    const taken = { dueAt: now + RETRY_MS + step, tries: row.tries + 1 };
    if (!(await saveCheckpoint(db, row, taken))) return;
    row = { ...row, ...taken };
    const moved = await STAGES[row.stage](deps, row);
    if (moved.kind === 'wait') return;
    if (moved.kind === 'end') return endCheckpoint(deps, row, moved);
    const { stage = row.stage } = moved.changes;
    const next = {
      ...moved.changes,
      tries: stage === row.stage ? row.tries : 0,
      dueAt: moved.waitMs === undefined ? row.dueAt : now + moved.waitMs,
    };
    if (!(await saveCheckpoint(db, row, next)) || moved.waitMs !== undefined) return;
    const place = { networkMagic: row.networkMagic, height: next.height ?? row.height };
    const found = await loadCheckpoint(db, place);
    if (found === undefined) return;
    row = found;
  }
}

async function endCheckpoint(
  deps: ProofDeps,
  row: CheckpointRow,
  { status, reason, changes }: Extract<Moved, { kind: 'end' }>,
): Promise<void> {
  const { db, now, log } = deps;
  const ended = { ...changes, status, reason, endedAt: now, seed: null } as const;
  const { network, networkMagic, height } = row;
  const facts = { network, height, reason, addresses: ended.addresses ?? row.addresses };
  if (status !== 'proven') log.error(`proofs.${status}`, { networkMagic, height, reason });
  await commit(authorOf(deps, 'proofs.endCheckpoint'), {
    statements: [
      guard('state', isSameTurn(row)),
      changeCheckpoint(db, row, ended),
      // Only these stay as they are: another root is never stated for the height.
      ...(status === 'proven' ? [insertAnchor(row, now)] : []),
      ...forgetOld(networkMagic),
    ],
    accountId: undefined,
    target: { kind: 'checkpoint', id: nameOf(row) },
    details: { status, reason, cutAt: toTimestamp(row.cutAt ?? now) },
    events:
      status === 'proven'
        ? []
        : [{ type: `gasbank.trial_balance_${status}`, subject: nameOf(row), data: facts }],
    guards: { state: { code: 'request.precondition_failed' } },
    answer: { status: 200, body: null },
  });
}

const authorOf = ({ env, db, now }: ProofDeps, operationId: string): Author => ({
  env,
  db,
  now,
  operationId,
  actor: SWEEP,
});
