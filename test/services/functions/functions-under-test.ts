/** What the tests of functions need beside the API: making functions, the stored rows, and an isolate without slots. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect } from 'vitest';
import type { Env } from '../../../worker/env.ts';
import { type Turn, takeTurn } from '../../../worker/http/turns.ts';
import { type Called, type CallOptions, call, type Tenant } from '../../support/harness.ts';

const bindings = env as unknown as Env;

export const DOUBLE = '(params) => ({ doubled: params.value * 2 })';
export const TRIPLE = '(params) => ({ tripled: params.value * 3 })';

let made = 0;

export function create(tenant: Tenant, fields: object = {}, options: CallOptions = {}) {
  made += 1;
  const body = { name: `function-${made}`, source: DOUBLE, ...fields };
  return tenant.call('POST /functions', { body, ...options });
}

export async function created(tenant: Tenant, fields: object = {}) {
  const answer = await create(tenant, fields);
  expect(answer.status, answer.text).toBe(201);
  return answer.body;
}

export const read = async (tenant: Tenant, functionId: string) =>
  (await tenant.call(`GET /functions/${functionId}`)).body;

export const update = (
  tenant: Tenant,
  functionId: string,
  body: object,
  options: CallOptions = {},
) => tenant.call(`PATCH /functions/${functionId}`, { body, ...options });

export async function updated(tenant: Tenant, functionId: string, body: object) {
  const answer = await update(tenant, functionId, body);
  expect(answer.status, answer.text).toBe(200);
  return answer.body;
}

export async function ran(tenant: Tenant, functionId: string, params: unknown = null) {
  const answer = await tenant.call(`POST /functions/${functionId}/executions`, {
    body: { params },
  });
  expect(answer.status, answer.text).toBe(201);
  return answer.body;
}

export const versionsOf = async (tenant: Tenant, functionId: string) =>
  (await tenant.call(`GET /functions/${functionId}/versions?limit=500`)).body.items;

export const rows = async (sql: string, ...values: readonly unknown[]) =>
  (
    await bindings.DB.prepare(sql)
      .bind(...values)
      .all()
  ).results;

export const setQuota = (tenant: Tenant, quotas: object): Promise<Called> =>
  call(`PATCH /accounts/${tenant.accountId}/quotas`, { body: quotas });

/** Runs the work while all slots of the account are taken: half of those of the isolate. */
export async function withoutSlots<Value>(
  { accountId }: Tenant,
  work: () => Promise<Value>,
): Promise<Value> {
  const turns: Turn[] = [];
  for (let taken = 0; taken < 16; taken += 1) {
    const turn = await takeTurn({ accountId, memoryBytes: 1 });
    if (turn.ok) turns.push(turn.value);
  }
  expect(turns).toHaveLength(16);
  try {
    return await work();
  } finally {
    for (const turn of turns) turn.end();
  }
}

/** Everything stored of the account, but for when keys were last used, what requests counted, and the month's fuel. */
export async function dumpStores({ accountId }: Tenant): Promise<string> {
  const { results } = await bindings.DB.prepare(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\'",
  ).all<{ name: string }>();
  const catalogue: Record<string, unknown> = {};
  for (const { name } of results)
    if (name !== 'api_keys') catalogue[name] = await rows(`SELECT * FROM "${name}"`);
  const dumpObject = (object: DurableObjectNamespace<never>) =>
    runInDurableObject(object.getByName(accountId), (_instance, state: DurableObjectState) => {
      const tables = state.storage.sql
        .exec<{ name: string }>(
          "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\'",
        )
        .toArray();
      const kept = tables.filter(({ name }) => name !== 'usage_months');
      return kept.map(({ name }) => [
        name,
        state.storage.sql.exec(`SELECT * FROM "${name}"`).toArray(),
      ]);
    });
  return JSON.stringify({
    catalogue,
    journal: await dumpObject(bindings.ACCOUNT_JOURNAL as unknown as DurableObjectNamespace<never>),
    scheduler: await dumpObject(
      bindings.ACCOUNT_SCHEDULER as unknown as DurableObjectNamespace<never>,
    ),
  });
}
