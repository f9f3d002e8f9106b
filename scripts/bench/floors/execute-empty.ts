/**
 * The least that runs a function and can prove it: a start record in the account's object, a fresh
 * metered VM, one write of the journal at the end. No credentials, quota, receipt, seal or audit.
 */
import { DurableObject } from 'cloudflare:workers';
import { execute } from '../../../worker/core/functions-runtime/execute.ts';
import { DEFAULT_RUN_LIMITS } from '../../../worker/core/functions-runtime/limits.ts';
import { DEFAULT_PERMISSIONS } from '../../../worker/core/functions-runtime/permissions.ts';
import { RUNTIMES } from '../../../worker/runtimes/generated/index.ts';

const SOURCE = '() => null';
const ACCOUNT = 'acc_1';

interface Env {
  readonly RECORDS: DurableObjectNamespace<Records>;
}

export class Records extends DurableObject {
  readonly #sql = this.ctx.storage.sql;

  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env as never);
    this.#sql.exec(`CREATE TABLE IF NOT EXISTS executions (id TEXT PRIMARY KEY, status TEXT NOT NULL,
      function_id TEXT NOT NULL, version_id TEXT NOT NULL, actor TEXT NOT NULL,
      fuel_max INTEGER NOT NULL, created_at INTEGER NOT NULL, watch_at INTEGER NOT NULL)`);
    this.#sql.exec(
      'CREATE TABLE IF NOT EXISTS journals (id TEXT PRIMARY KEY, bytes BLOB NOT NULL)',
    );
  }

  start(id: string, now: number): void {
    this.#sql.exec(
      'INSERT INTO executions VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      id,
      'running',
      'fn_1',
      'fnv_1',
      'key_1',
      DEFAULT_RUN_LIMITS.fuel,
      now,
      now + 90_000,
    );
  }

  finish(id: string, journal: Uint8Array): void {
    this.#sql.exec('INSERT INTO journals VALUES (?, ?)', id, journal);
  }
}

export default {
  async fetch(_request, { RECORDS }) {
    const id = crypto.randomUUID();
    const clockMs = Date.now();
    const records = RECORDS.getByName(ACCOUNT);
    await records.start(id, clockMs);
    const result = await execute({
      runtime: RUNTIMES[0],
      source: SOURCE,
      entryForm: { kind: 'expression', end: SOURCE.length },
      params: null,
      secrets: [],
      seed: crypto.getRandomValues(new Uint8Array(32)),
      clockMs,
      limits: DEFAULT_RUN_LIMITS,
      permissions: DEFAULT_PERMISSIONS,
      context: { functionId: 'fn_1', accountId: ACCOUNT },
      host: () => Promise.reject(new Error('the function calls nobody')),
      signal: new AbortController().signal,
    });
    await records.finish(id, new TextEncoder().encode(JSON.stringify(result.journal)));
    const { status, fuelUsed } = result;
    return Response.json({ id, status, fuelUsed }, { status: 201 });
  },
} satisfies ExportedHandler<Env>;
