/**
 * What time does to secrets: notices of their age once each, erasure of what ended, and sweeps that collide or die.
 */
import { describe, expect, it } from 'vitest';
import { sweepSecrets } from '../../../worker/services/secrets/index.ts';
import { sweep } from '../../../worker/sweep.ts';
import { openTenant, type Tenant } from '../../support/harness.ts';
import { bindings, db, rotate, rows, run, store } from './vault-under-test.ts';

const DAY_MS = 86_400_000;
const inDays = (days: number): number => Date.now() + days * DAY_MS;

async function eventsOf(tenant: Tenant): Promise<readonly string[]> {
  const { body } = await tenant.call('GET /events');
  return body.items.map(
    (event: { type: string; data: { version: number } }) => `${event.type}@${event.data.version}`,
  );
}

describe('the maximum age', () => {
  it('is told of 30, 7 and 1 days before and once when it is reached', async () => {
    const tenant = await openTenant();
    await store(tenant, 'token', { maxAgeDays: 90 });
    for (let day = 0; day <= 120; day += 1) await sweepSecrets(db, inDays(day + 0.01));
    expect(await eventsOf(tenant)).toEqual([
      'secret.rotation_upcoming@1',
      'secret.rotation_upcoming@1',
      'secret.rotation_upcoming@1',
      'secret.rotation_due@1',
    ]);
  });

  it('is told of as due alone when nobody swept before, and not by days that were past at the start', async () => {
    const tenant = await openTenant();
    await store(tenant, 'late', { maxAgeDays: 90 });
    await sweepSecrets(db, inDays(200));
    expect(await eventsOf(tenant)).toEqual(['secret.rotation_due@1']);
    const other = await openTenant();
    await store(other, 'short', { maxAgeDays: 3 });
    await sweepSecrets(db, inDays(0.5));
    expect(await eventsOf(other)).toEqual([]);
  });

  it('starts anew with a new version', async () => {
    const tenant = await openTenant();
    await store(tenant, 'token', { maxAgeDays: 1 });
    await sweepSecrets(db, inDays(2));
    await rotate(tenant, 'token', 'second');
    await sweepSecrets(db, inDays(3));
    expect(await eventsOf(tenant)).toEqual(['secret.rotation_due@1', 'secret.rotation_due@2']);
  });

  it('is reported as due once a version, however often the setting is changed', async () => {
    const tenant = await openTenant();
    await store(tenant, 'token', { maxAgeDays: 1 });
    await sweepSecrets(db, inDays(40));
    for (const maxAgeDays of [2, 1, 3]) {
      await tenant.call('PATCH /secrets/token', { body: { maxAgeDays } });
      await sweepSecrets(db, inDays(40));
    }
    expect(await eventsOf(tenant)).toEqual(['secret.rotation_due@1']);
  });

  it('does not trouble a deleted secret or the ETag of a living one', async () => {
    const tenant = await openTenant();
    await store(tenant, 'gone', { maxAgeDays: 1 });
    await tenant.call('DELETE /secrets/gone');
    const made = await store(tenant, 'token', { maxAgeDays: 1 });
    await sweepSecrets(db, inDays(2));
    expect(await eventsOf(tenant)).toHaveLength(1);
    const read = await tenant.call('GET /secrets/token');
    expect(read.headers.get('etag')).toBe(made.headers.get('etag'));
  });

  it('is told once when two sweeps run at the same time', async () => {
    const tenant = await openTenant();
    await store(tenant, 'token', { maxAgeDays: 1 });
    await Promise.all([sweepSecrets(db, inDays(2)), sweepSecrets(db, inDays(2))]);
    expect(await eventsOf(tenant)).toEqual(['secret.rotation_due@1']);
  });

  it('reaches secrets beyond the bound of one sweep with the next', async () => {
    const tenant = await openTenant();
    await store(tenant, 'token', { maxAgeDays: 1 });
    await run(`INSERT INTO secrets SELECT 'sec_' || value, account_id, 'copy' || value, 1, grants, max_age_days,
      rotated_at, rotation_due_at, next_notice_at, NULL, created_by, 1, created_at, updated_at, NULL
      FROM secrets, (WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 149)
        SELECT value FROM n)`);
    await sweepSecrets(db, inDays(2));
    await sweepSecrets(db, inDays(2));
    const [told] = await rows('SELECT count(*) AS count FROM outbox WHERE kind = ?', 'event');
    expect(told).toEqual({ count: 150 });
  });
});

describe('a version past its window', () => {
  it('is erased by the sweep, and its erasure is in the audit log', async () => {
    const tenant = await openTenant();
    await store(tenant, 'token');
    await rotate(tenant, 'token', 'second', 3600);
    await sweepSecrets(db, inDays(0));
    expect(await rows('SELECT version FROM secret_versions WHERE sealed IS NULL')).toEqual([]);
    await Promise.all([sweepSecrets(db, inDays(1)), sweepSecrets(db, inDays(1))]);
    expect(await rows('SELECT version FROM secret_versions WHERE sealed IS NULL')).toEqual([
      { version: 1 },
    ]);
    const { body } = await tenant.call('GET /audit?operation=secrets.eraseVersion');
    expect(body.items).toMatchObject([{ actor: { kind: 'system' }, details: { version: 1 } }]);
  });
});

describe('the cron', () => {
  it('sweeps secrets and hands what it tells to the journal in the same run', async () => {
    const tenant = await openTenant();
    await store(tenant, 'token', { maxAgeDays: 1 });
    await sweep(bindings, inDays(2));
    expect(await rows('SELECT * FROM outbox')).toEqual([]);
    expect(await eventsOf(tenant)).toEqual(['secret.rotation_due@1']);
  });
});
