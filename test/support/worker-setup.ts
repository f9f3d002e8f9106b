/** Files share one isolate for speed, so storage is wiped and migrated before each test (about 6 ms). */
import { applyD1Migrations, reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach } from 'vitest';

type Migrations = Parameters<typeof applyD1Migrations>[1];

beforeEach(async () => {
  await reset();
  const { DB, TEST_MIGRATIONS } = env as unknown as { DB: D1Database; TEST_MIGRATIONS: Migrations };
  await applyD1Migrations(DB, TEST_MIGRATIONS);
});
