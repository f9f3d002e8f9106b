/**
 * Accounts by the thousand, written to D1 directly: through the API a hundred thousand would take
 * minutes. Their ids have the form of real ones and sort before every one the product makes.
 */
import { join } from 'node:path';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { unstable_readConfig as readConfig } from 'wrangler';

/** The part of a D1 database that the bench uses. */
export interface D1 {
  prepare(sql: string): D1Statement;
}

interface D1Statement {
  bind(...values: readonly unknown[]): D1Statement;
  run(): Promise<unknown>;
}

const FILL = `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)
INSERT OR IGNORE INTO accounts (account_id, name, status, metadata, quotas, revision, created_at,
  updated_at)
SELECT printf('acc_0%025d', n), 'Account ' || n, 'active', '{"team":"defi"}', '{}', 1,
  1790000000000 + n, 1790000000000 + n FROM numbers`;

/** Afterwards there are at least so many accounts; the ones before stay. */
export async function fillAccounts(database: D1, count: number): Promise<void> {
  await database.prepare(FILL).bind(count).run();
}

/** The same in the storage of a product that does not run. */
export async function fillStoredAccounts(
  root: string,
  storage: string,
  count: number,
): Promise<void> {
  const [configured] = readConfig({ config: join(root, 'wrangler.toml') }).d1_databases;
  if (configured?.database_id === undefined) throw new Error('wrangler.toml has no D1 database');
  const runtime = new Miniflare(
    convertV4MiniflareOptions({
      modules: true,
      script: 'export default {};',
      cf: false,
      telemetry: { enabled: false },
      d1Databases: { DB: configured.database_id },
      resourcePersistencePath: storage,
    }),
  );
  try {
    await fillAccounts(await runtime.getD1Database('DB'), count);
  } finally {
    await runtime.dispose();
  }
}
