/**
 * After D1 was restored to an earlier time, its outbox would hand out ids again that the journals, which are not
 * restored with it, have applied already. The statement in docs/operations.md lifts the ids above all of them.
 */
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import type { Env } from '../../worker/env.ts';
import { call } from '../support/harness.ts';

declare global {
  interface ImportMeta {
    glob(
      pattern: string,
      options: { readonly eager: true; readonly query: '?raw'; readonly import: 'default' },
    ): Readonly<Record<string, string>>;
  }
}

const [operations = ''] = Object.values(
  import.meta.glob('../../docs/operations.md', { eager: true, query: '?raw', import: 'default' }),
);
const statement = /```sql\n(INSERT INTO outbox [\s\S]*?)```/.exec(operations)?.[1] ?? '';
const database = (): D1Database => (env as unknown as Env).DB;

async function rename(accountId: string, name: string): Promise<void> {
  const renamed = await call(`PATCH /accounts/${accountId}`, { body: { name } });
  expect(renamed.status).toBe(200);
}

async function countRenames(accountId: string): Promise<number> {
  const { body } = await call(`GET /accounts/${accountId}/audit?limit=100`);
  const items = body.items as readonly { operation: string }[];
  return items.filter(({ operation }) => operation === 'accounts.updateAccount').length;
}

it('loses no audit line after a restore once the documented statement ran', async () => {
  const { body: account } = await call('POST /accounts', { body: { name: 'before' } });
  for (const name of ['one', 'two', 'three']) await rename(account.id, name);
  expect(await countRenames(account.id)).toBe(3);
  await database().prepare("UPDATE sqlite_sequence SET seq = 0 WHERE name = 'outbox'").run();

  await rename(account.id, 'taken for applied');
  expect(await countRenames(account.id)).toBe(3);

  await database().prepare(statement).run();
  await rename(account.id, 'told');
  expect(await countRenames(account.id)).toBe(4);
  const { body } = await call('GET /operator/audit');
  expect(body.items[0]).toMatchObject({
    operation: 'operations.restoreCatalogue',
    actor: { kind: 'operator', id: 'ops' },
  });
});
