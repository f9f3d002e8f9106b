/**
 * What happens to secrets by the passing of time: notices of their age, and the erasure of versions
 * whose window is over. Each row is told and marked by two statements under the same condition in
 * one batch, so two sweeps at once, or one that died half-way, tell nothing twice and skip nothing.
 * A sweep does a bounded number of rows; the next does the rest.
 */
import { and, isNotNull, isNull, lte, type SQL, sql } from 'drizzle-orm';
import { toTimestamp } from '../../core/clock.ts';
import { runBatch } from '../../db/batch.ts';
import type { Database } from '../../db/connect.ts';
import { tellIf } from '../../http/outbox.ts';
import { newId } from '../../http/request-context.ts';
import { LIMITS } from './limits.ts';
import { nextNoticeAt, rotationDueAt } from './rotation.ts';
import type { SecretRow } from './store.ts';
import { secrets, secretVersions } from './tables.ts';

const ROWS_MAX = LIMITS.secretSweepRowsMax.value;

export async function sweepSecrets(db: Database, now: number): Promise<void> {
  await eraseEnded(db, now);
  await sendNotices(db, now);
}

async function eraseEnded(db: Database, now: number): Promise<void> {
  const rows = await db
    .select({
      accountId: secretVersions.accountId,
      name: secretVersions.name,
      version: secretVersions.version,
    })
    .from(secretVersions)
    .where(and(lte(secretVersions.usableUntil, now), isNull(secretVersions.erasedAt)))
    .limit(ROWS_MAX);
  const statements = rows.flatMap(({ accountId, name, version }) => {
    const same = sql`account_id = ${accountId} AND name = ${name} AND version = ${version}
      AND erased_at IS NULL`;
    const line = {
      at: toTimestamp(now),
      actor: { kind: 'system', id: 'sweep' },
      operation: 'secrets.eraseVersion',
      outcome: 'ok',
      target: { kind: 'secret', id: name },
      details: { version },
    };
    return [
      tellIf(
        { journal: accountId, kind: 'audit', body: line, now },
        sql`secret_versions WHERE ${same}`,
      ),
      sql`UPDATE secret_versions SET sealed = NULL, erased_at = ${now} WHERE ${same}`,
    ];
  });
  await runBatch(db.$client, statements);
}

async function sendNotices(db: Database, now: number): Promise<void> {
  const rows = await db
    .select()
    .from(secrets)
    .where(and(isNotNull(secrets.nextNoticeAt), lte(secrets.nextNoticeAt, now)))
    .limit(ROWS_MAX);
  await runBatch(
    db.$client,
    rows.flatMap((row) => noticeStatements(row, now)),
  );
}

function noticeStatements(row: SecretRow, now: number): readonly SQL[] {
  const dueAt = rotationDueAt(row) ?? now;
  const due = dueAt <= now;
  const event = {
    id: newId('event', now),
    source: `/accounts/${row.accountId}`,
    specversion: '1.0',
    type: due ? 'secret.rotation_due' : 'secret.rotation_upcoming',
    subject: `secrets/${row.name}`,
    time: toTimestamp(now),
    data: {
      secretId: row.secretId,
      name: row.name,
      version: row.currentVersion,
      rotationDueAt: toTimestamp(dueAt),
    },
  };
  const dueNotedVersion = due ? row.currentVersion : row.dueNotedVersion;
  const next = nextNoticeAt({ ...row, dueNotedVersion }, now);
  // The revision stays: a notice is no change that an `If-Match` should stumble over.
  const same = sql`secret_id = ${row.secretId} AND revision = ${row.revision}
    AND next_notice_at = ${row.nextNoticeAt}`;
  return [
    tellIf({ journal: row.accountId, kind: 'event', body: event, now }, sql`secrets WHERE ${same}`),
    sql`UPDATE secrets SET next_notice_at = ${next}, due_noted_version = ${dueNotedVersion}
        WHERE ${same}`,
  ];
}
