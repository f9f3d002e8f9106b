/**
 * What the tests of executions need beside the API: functions to run, the account's journal, a hold on time, the code
 * of a runner with parts of the platform that fail, and performers that note what was done.
 */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, vi } from 'vitest';
import type { LeasedWork } from '../../../worker/core/ports.ts';
import type { WorkKind } from '../../../worker/core/queue/kinds.ts';
import { connect } from '../../../worker/db/connect.ts';
import { defaultSettings, type Env } from '../../../worker/env.ts';
import type { IdempotencyClaim } from '../../../worker/http/idempotency.ts';
import { createLog } from '../../../worker/http/log.ts';
import { newId } from '../../../worker/http/request-context.ts';
import type { Performer, RunDeps } from '../../../worker/services/executions/deps.ts';
import { runQueuedItem } from '../../../worker/services/executions/queued.ts';
import { executeFunction, type RunContext } from '../../../worker/services/executions/service.ts';
import { type Called, type CallOptions, openTenant, type Tenant } from '../../support/harness.ts';

export const bindings = env as unknown as Env;

export interface FunctionFields {
  readonly secrets?: readonly string[];
  readonly permissions?: object;
  readonly limits?: object;
  readonly inputSchema?: object;
}

let made = 0;

export async function deploy(tenant: Tenant, source: string, fields: FunctionFields = {}) {
  made += 1;
  const body = { name: `function-${made}`, source, ...fields };
  const created = await tenant.call('POST /functions', { body });
  expect(created.status, created.text).toBe(201);
  return created.body.id as string;
}

/** A tenant with one function. */
export async function openWith(source: string, fields: FunctionFields = {}) {
  const tenant = await openTenant();
  return { tenant, functionId: await deploy(tenant, source, fields) };
}

export const execute = (
  tenant: Tenant,
  functionId: string,
  body: object = {},
  options: CallOptions = {},
): Promise<Called> => tenant.call(`POST /functions/${functionId}/executions`, { body, ...options });

export async function ran(tenant: Tenant, functionId: string, params: unknown = null) {
  const called = await execute(tenant, functionId, { params });
  expect(called.status, called.text).toBe(201);
  return called.body;
}

export const read = async (tenant: Tenant, executionId: string) =>
  (await tenant.call(`GET /executions/${executionId}`)).body;

/** The execution once it has ended. */
export const ended = (tenant: Tenant, executionId: string) =>
  vi.waitFor(
    async () => {
      const body = await read(tenant, executionId);
      if (body.endedAt === null) throw new Error(`still ${body.status}`);
      return body;
    },
    { timeout: 20_000, interval: 10 },
  );

export async function storeSecret(
  tenant: Tenant,
  name: string,
  fields: { readonly value: string; readonly grants: readonly string[] },
): Promise<void> {
  const stored = await tenant.call('POST /secrets', { body: { name, ...fields } });
  expect(stored.status, stored.text).toBe(201);
}

export async function audit(tenant: Tenant, operation: string) {
  const listed = await tenant.call(`GET /audit?limit=500&operation=${operation}`);
  return listed.body.items as { outcome: string; details: object; target: { id: string } }[];
}

export const journalOf = ({ accountId }: Pick<Tenant, 'accountId'>) =>
  bindings.ACCOUNT_JOURNAL.getByName(accountId);

export const schedulerOf = ({ accountId }: Pick<Tenant, 'accountId'>) =>
  bindings.ACCOUNT_SCHEDULER.getByName(accountId);

/** Statements on the journal's storage: what a holder of the disk can read and change. */
export const onDisk = <Row extends Record<string, SqlStorageValue>>(
  tenant: Tenant,
  statement: string,
  ...values: readonly SqlStorageValue[]
) =>
  runInDurableObject(journalOf(tenant), (_object, { storage }) =>
    storage.sql.exec<Row>(statement, ...values).toArray(),
  );

/** As if `ms` had gone by since the journal wrote about time; then its alarm rings until nothing is due. */
export async function letTimePass(tenant: Tenant, ms: number): Promise<void> {
  const columns = [
    ['due', 'at'],
    ['executions', 'watch_at'],
    ['executions', 'code_ended_at'],
    ['idempotency_records', 'lease_until'],
  ] as const;
  for (const [table, column] of columns)
    await onDisk(tenant, `UPDATE ${table} SET ${column} = ${column} - ?`, ms);
  for (let round = 0; round < 20; round += 1) {
    await runDurableObjectAlarm(journalOf(tenant));
    const due = await onDisk(tenant, 'SELECT 1 AS due FROM due WHERE at <= ?', Date.now());
    if (due.length === 0) return;
  }
}

const log = createLog('silent', {});

const runnerDeps = (parts: Partial<RunDeps> = {}): RunDeps => ({
  env: bindings,
  db: connect(bindings.DB),
  settings: defaultSettings,
  log,
  now: Date.now(),
  ...parts,
});

/** A request in the hands of the service; what it would do after its answer is dropped, as when it is killed. */
export const contextOf = (
  parts: Partial<RunDeps> & { readonly claim?: IdempotencyClaim } = {},
): RunContext => ({
  ...runnerDeps(parts),
  requestId: newId('request', Date.now()),
  trace: { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8) },
  principal: { kind: 'operator', name: 'test-operator' },
  operationId: 'executions.executeFunction',
  ifMatch: undefined,
  claim: parts.claim,
  address: 'unknown',
  defer: () => undefined,
});

export const executeIn = (
  context: RunContext,
  tenant: Tenant,
  functionId: string,
  mode: 'sync' | 'async' = 'sync',
) =>
  executeFunction(
    context,
    { accountId: tenant.accountId, functionId },
    { params: { n: 1 }, mode, store: 'full' },
  );

/** Whoever hands work over to these is killed on the way. */
const deafSchedulers = {
  getByName: () => ({ enqueue: () => new Promise(() => undefined) }),
} as unknown as Env['ACCOUNT_SCHEDULER'];

/** A queued execution that no queue has heard of. */
export async function queuedOnly(tenant: Tenant, functionId: string): Promise<string> {
  const env = { ...bindings, ACCOUNT_SCHEDULER: deafSchedulers };
  const queued = await executeIn(contextOf({ env }), tenant, functionId, 'async');
  if (!queued.ok) throw new Error(queued.failure.code);
  return queued.value.body.id;
}

export const workItem = (
  id: string,
  { kind = 'execution.run', attempt = 1 }: { kind?: WorkKind; attempt?: number } = {},
): LeasedWork => ({ id, kind, payload: new Uint8Array(), leaseNumber: 1, attempt });

/** One delivery of an item to a runner, whatever the scheduler thinks of it. */
export const deliver = (tenant: Tenant, item: LeasedWork, parts: Partial<RunDeps> = {}) =>
  runQueuedItem(runnerDeps(parts), tenant.accountId, item);

type Methods = Readonly<Record<string, (...values: never[]) => unknown>>;

/** The same stub, but for some of its methods. */
const altered = <Stub extends object>(stub: Stub, methods: Methods): Stub =>
  new Proxy(stub, {
    get(target, name) {
      const replaced = methods[String(name)];
      if (replaced) return replaced;
      const method = Reflect.get(target, name) as (...values: unknown[]) => unknown;
      return (...values: unknown[]) => Reflect.apply(method, target, values);
    },
  });

export const withBridge = (methods: Methods): Env => ({
  ...bindings,
  BRIDGE: altered(bindings.BRIDGE, methods),
});

/** `lost` methods do their work and their answer is lost; `dead` ones never reach the object. */
export const withJournal = (broken: {
  readonly dead?: readonly string[];
  readonly lost?: readonly string[];
  readonly times?: number;
}): Env => {
  let left = broken.times ?? Number.POSITIVE_INFINITY;
  const namespace = {
    getByName: (name: string) => {
      const stub = bindings.ACCOUNT_JOURNAL.getByName(name);
      return new Proxy(stub, {
        get(target, property) {
          const method = Reflect.get(target, property) as (...values: unknown[]) => unknown;
          return async (...values: unknown[]) => {
            const isDead = broken.dead?.includes(String(property)) && left > 0;
            const isLost = broken.lost?.includes(String(property)) && left > 0;
            if (isDead || isLost) left -= 1;
            if (isDead) throw new Error('killed');
            const answer = await Reflect.apply(method, target, values);
            if (isLost) throw new Error('killed');
            return answer;
          };
        },
      });
    },
  };
  return { ...bindings, ACCOUNT_JOURNAL: namespace as unknown as Env['ACCOUNT_JOURNAL'] };
};

/** Carries out `type` for real: what was ordered is kept, once for each id. */
export function performing(type: string, answer: Performer = async () => done) {
  const orders: { readonly id: string; readonly params: unknown }[] = [];
  const perform: Performer = async (deps, order) => {
    const isRepeat = orders.some(({ id }) => id === order.id);
    if (!isRepeat) orders.push({ id: order.id, params: order.params });
    return answer(deps, order);
  };
  return { orders, performers: new Map([[type, perform]]) };
}

export const done = { outcome: 'succeeded', result: null } as const;

/** The outside: a host that is asked and answers only when it is told to. Undo with `vi.unstubAllGlobals`. */
export function slowHost() {
  const host = { asked: false, answers: false, calls: 0 };
  vi.stubGlobal('fetch', async (_url: string, { signal }: RequestInit) => {
    host.asked = true;
    host.calls += 1;
    // Asked again and again, since no promise of another request can be waited for on this platform.
    while (!host.answers) {
      signal?.throwIfAborted();
      await new Promise((resolve) => {
        setTimeout(resolve, 5);
      });
    }
    return new Response('answer', { headers: { 'x-host': 'slow' } });
  });
  return host;
}

/** A data key that was wrapped for another account, as after a restore that mixed two backups. */
export async function giveForeignDataKey({ accountId }: Tenant): Promise<void> {
  const made = await bindings.BRIDGE.createDataKey({ accountId: 'acc_other' });
  if (!made.ok) throw new Error(made.failure.code);
  const { wrappedKey, masterKeyId } = made.value;
  await bindings.DB.prepare(
    `INSERT INTO account_data_keys (account_id, wrapped_key, master_key_id, updated_at)
     VALUES (?, ?, ?, 0)`,
  )
    .bind(accountId, wrappedKey, masterKeyId)
    .run();
}
