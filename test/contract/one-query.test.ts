/**
 * The hot path of a read asks the catalogue at most once: warm, with a key, the credential is
 * remembered and the answer is one query. Counted on the real database through a binding that
 * passes everything on.
 */
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import { operations } from '../../worker/contract.ts';
import { callAltered } from '../support/altered-platform.ts';
import { testOperator } from '../support/bindings.ts';
import { openTenant, type Tenant } from '../support/harness.ts';
import { makeValid } from './fixtures.ts';

let queries: string[] = [];
let tenant: Tenant;
beforeEach(async () => {
  tenant = await openTenant();
  queries = [];
});

/**
 * A batch is one round trip, and so one query; a statement counts when it is run, not when it is
 * prepared.
 */
const RUNS = ['first', 'run', 'all', 'raw'];

function counted(statement: D1PreparedStatement, text: string): D1PreparedStatement {
  return new Proxy(statement, {
    get: (target, name: keyof D1PreparedStatement) => {
      if (name === 'bind') return (...values: unknown[]) => counted(target.bind(...values), text);
      if (RUNS.includes(name)) queries.push(text);
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });
}

const DB: D1Database = new Proxy(env.DB, {
  get: (target, name: keyof D1Database) => {
    if (name === 'prepare') return (text: string) => counted(target.prepare(text), text);
    if (name === 'batch' || name === 'exec') queries.push(name);
    const member: unknown = Reflect.get(target, name);
    return typeof member === 'function' ? (member.bind(target) as unknown) : member;
  },
});

const reads = operations
  .filter(({ method }) => method === 'get')
  .map((operation) => [operation.id, operation] as const);

describe('a warm read', () => {
  it.each(reads)('asks the catalogue at most once: %s', async (_, operation) => {
    const { path } = await makeValid(operation, tenant);
    const token = operation.access.kind === 'operator' ? testOperator.token : tenant.key;
    const read = () => callAltered({ DB }, `GET ${path}`, { token });
    expect((await read()).status).toBe(200);
    queries = [];
    expect((await read()).status).toBe(200);
    expect(queries.length, queries.join('\n')).toBeLessThanOrEqual(1);
  });

  it('asks it at most once for an operator, who may read every account', async () => {
    const read = () => callAltered({ DB }, `GET /accounts/${tenant.accountId}/keys`);
    await read();
    queries = [];
    expect((await read()).status).toBe(200);
    expect(queries).toHaveLength(1);
  });

  it('asks nothing for a credential that is refused again', async () => {
    const read = () =>
      callAltered({ DB }, `GET /accounts/${tenant.accountId}`, { token: 'no-key-at-all' });
    expect((await read()).status).toBe(401);
    expect(queries).toEqual([]);
  });
});
