/** The purge of a deleted account: after the time of grace, everything but its records, exactly once. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { sweep } from '../../../worker/sweep.ts';
import { call, openTenant } from '../../support/harness.ts';

const DAY_MS = 86_400_000;
const count = async (table: string, accountId: string): Promise<number> => {
  const row = await env.DB.prepare(`SELECT count(*) AS n FROM ${table} WHERE account_id = ?`)
    .bind(accountId)
    .first<{ n: number }>();
  return row?.n ?? -1;
};

async function deletedTenant() {
  const tenant = await openTenant();
  await tenant.call('POST /secrets', { body: { name: 'token', value: 'canary-of-the-purge' } });
  await tenant.call('POST /functions', { body: { name: 'one', source: '() => 1' } });
  await call(`POST /accounts/${tenant.accountId}/workspace-wallets`, {
    body: { kind: 'evm', address: '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed' },
  });
  const deleted = await call(`DELETE /accounts/${tenant.accountId}`);
  expect(deleted.status).toBe(204);
  return tenant;
}

describe('before the time of grace is over', () => {
  it('keeps everything', async () => {
    const { accountId } = await deletedTenant();
    await sweep(env, Date.now() + 29 * DAY_MS);
    expect(await count('functions', accountId)).toBe(1);
    expect(await count('secrets', accountId)).toBe(1);
  });
});

describe('after it', () => {
  it('removes keys, functions and secrets with their data key, and keeps the wallet mappings', async () => {
    const { accountId } = await deletedTenant();
    await sweep(env, Date.now() + 31 * DAY_MS);
    for (const table of [
      'api_keys',
      'functions',
      'function_versions',
      'secrets',
      'secret_versions',
      'account_data_keys',
    ])
      expect(await count(table, accountId), table).toBe(0);
    expect(await count('workspace_wallets', accountId)).toBe(1);
  });

  it('keeps the audit log and tells of itself in it once, however often it runs', async () => {
    const { accountId } = await deletedTenant();
    await sweep(env, Date.now() + 31 * DAY_MS);
    await sweep(env, Date.now() + 32 * DAY_MS);
    await sweep(env, Date.now() + 33 * DAY_MS);
    const log = await env.ACCOUNT_JOURNAL.getByName(accountId).listAudit({ limit: 100 });
    const lines = log.ok ? log.value.items.map((line) => line.operation) : [];
    expect(lines.filter((line) => line === 'accounts.purgeAccount')).toHaveLength(1);
    expect(lines).toContain('accounts.deleteAccount');
  });
});

describe('the records', () => {
  const auditOf = async (journal: string) => {
    const log = await env.ACCOUNT_JOURNAL.getByName(journal).listAudit({ limit: 100 });
    return log.ok ? log.value.items.map(({ operation, target }) => ({ operation, target })) : [];
  };

  it('of an account are kept for ten years after its deletion, and not a day longer', async () => {
    const { accountId } = await deletedTenant();
    const start = Date.now();
    await sweep(env, start + 31 * DAY_MS);
    await sweep(env, start + 3649 * DAY_MS);
    expect(await count('workspace_wallets', accountId)).toBe(1);
    expect((await auditOf(accountId)).length).toBeGreaterThan(3);
    await sweep(env, start + 3651 * DAY_MS);
    for (const table of ['workspace_wallets', 'wallet_policies', 'accounts', 'scheduler_wakes'])
      expect(await count(table, accountId), table).toBe(0);
    await expect.poll(() => auditOf(accountId)).toEqual([]);
    expect((await call(`GET /accounts/${accountId}`)).status).toBe(404);
  });

  it('end once, on record with the operators, however often the sweep runs', async () => {
    const [{ accountId }, living] = [await deletedTenant(), await openTenant()];
    const start = Date.now();
    for (const day of [31, 3651, 3652, 3653]) await sweep(env, start + day * DAY_MS);
    const ends = (await auditOf('operator')).filter(
      ({ operation }) => operation === 'accounts.endRecords',
    );
    expect(ends).toMatchObject([{ target: { kind: 'account', id: accountId } }]);
    expect(await count('accounts', living.accountId)).toBe(1);
    expect((await auditOf(living.accountId)).length).toBeGreaterThan(0);
  });

  it('do not end while the journal does not answer', async () => {
    const { accountId } = await deletedTenant();
    const start = Date.now();
    await sweep(env, start + 31 * DAY_MS);
    const deaf = { getByName: () => ({ endRecords: () => Promise.reject(new Error('away')) }) };
    await sweep(
      { ...env, LOG_LEVEL: 'silent', ACCOUNT_JOURNAL: deaf as never },
      start + 3651 * DAY_MS,
    );
    expect(await count('accounts', accountId)).toBe(1);
    expect(await count('workspace_wallets', accountId)).toBe(1);
  });
});
