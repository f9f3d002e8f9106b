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
