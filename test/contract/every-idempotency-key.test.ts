/**
 * `Idempotency-Key` on every operation that keeps keys: the same request is answered the same and
 * has no second effect, another request is refused, and a refused request leaves the key free.
 */
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import { operations } from '../../worker/contract.ts';
import { openTenant, type Tenant } from '../support/harness.ts';
import { keepsKeys, makeValid, send } from './fixtures.ts';

const keeping = operations.filter(keepsKeys).map((operation) => [operation.id, operation] as const);

let tenant: Tenant;
beforeEach(async () => {
  tenant = await openTenant();
});

/**
 * Not effects: written and drained behind the answer, the mechanism itself, and the database's own
 * tables.
 */
const BOOKKEEPING = [
  'outbox',
  'scheduler_wakes',
  'idempotency_records',
  'request_nonces',
  'd1_migrations',
  'sqlite_sequence',
];

/** How many rows each table of a service holds. */
async function countRows(): Promise<unknown> {
  const tables = await env.DB.prepare(
    `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'`,
  ).all<{ name: string }>();
  const names = tables.results
    .map(({ name }) => name)
    .filter((name) => !BOOKKEEPING.includes(name));
  const counts = await env.DB.batch(
    names.map((name) =>
      env.DB.prepare(`SELECT '${name}' AS name, count(*) AS rows FROM "${name}"`),
    ),
  );
  return counts.map(({ results }) => results[0]);
}

describe('an Idempotency-Key', () => {
  it.each(keeping)(
    'gives one effect and one answer to the same request: %s',
    async (_, operation) => {
      const valid = await makeValid(operation, tenant);
      const options = { headers: { 'idempotency-key': 'asked-twice' } };
      const first = await send(valid, tenant, options);
      expect(first.status, first.text).toBeLessThan(300);
      expect(first.headers.get('idempotency-replayed')).toBeNull();
      const effect = await countRows();
      const second = await send(valid, tenant, options);
      expect({ status: second.status, text: second.text }).toEqual({
        status: first.status,
        text: first.text,
      });
      expect(second.headers.get('etag')).toBe(first.headers.get('etag'));
      expect(second.headers.get('idempotency-replayed')).toBe('true');
      expect(await countRows()).toEqual(effect);
    },
  );

  it.each(keeping)('is refused for another request: %s', async (_, operation) => {
    const valid = await makeValid(operation, tenant);
    const other = await makeValid(operation, tenant);
    const options = { headers: { 'idempotency-key': 'used-before' } };
    const first = await send(valid, tenant, options);
    expect(first.status, first.text).toBeLessThan(300);
    const sameRequest = valid.path === other.path && !operation.body;
    if (sameRequest) return;
    const rawBody = operation.body ? { rawBody: `${JSON.stringify(other.body)} ` } : {};
    expect(await send(other, tenant, { ...options, ...rawBody })).toMatchObject({
      status: 422,
      body: { code: 'idempotency.key_reused' },
    });
  });

  it.each(keeping)(
    'is text of a header, and free again after a refusal: %s',
    async (_, operation) => {
      const valid = await makeValid(operation, tenant);
      for (const key of ['', 'k'.repeat(256), 'k\u00e9y'])
        expect(await send(valid, tenant, { headers: { 'idempotency-key': key } })).toMatchObject({
          status: 400,
          body: { fields: [{ pointer: 'header/Idempotency-Key' }] },
        });
      const headers = { 'idempotency-key': 'k'.repeat(255) };
      if (operation.ifMatch) {
        const refused = await send(valid, tenant, {
          headers: { ...headers, 'if-match': '"r9999"' },
        });
        expect(refused.status).toBe(412);
      }
      const accepted = await send(valid, tenant, { headers });
      expect(accepted.status, accepted.text).toBeLessThan(300);
      expect(accepted.headers.get('idempotency-replayed')).toBeNull();
    },
  );
});
