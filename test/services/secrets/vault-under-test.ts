/**
 * What the tests of secrets need beside the API: the stored rows, the vault's inner doors, and a bridge without keys.
 */
import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect } from 'vitest';
import type { BridgeEnv } from '../../../enclave-bridge/env.ts';
import { SoftwareBridge } from '../../../enclave-bridge/software-bridge.ts';
import { api } from '../../../worker/api.ts';
import { createId } from '../../../worker/core/ids.ts';
import { connect } from '../../../worker/db/connect.ts';
import type { Env } from '../../../worker/env.ts';
import { openSecretsForFunction, type SecretUse } from '../../../worker/services/secrets/index.ts';
import { testOperator } from '../../support/bindings.ts';
import { ORIGIN, type Tenant } from '../../support/harness.ts';

export const bindings = env as unknown as Env;
export const db = connect(bindings.DB);

/** Found in no answer and in no stored row. */
export const CANARY = 'canary-7f3a-value-that-must-not-come-back';

export const functionId = (): string =>
  createId('function', { now: Date.now(), random: crypto.getRandomValues(new Uint8Array(10)) });

export async function store(
  tenant: Tenant,
  name: string,
  fields: {
    readonly value?: string;
    readonly grants?: readonly string[];
    readonly maxAgeDays?: number;
  } = {},
) {
  const made = await tenant.call('POST /secrets', { body: { name, value: CANARY, ...fields } });
  expect(made.status).toBe(201);
  return made;
}

/** The next version of a secret, with a grace window for the one before. */
export async function rotate(tenant: Tenant, name: string, value: string, graceSeconds = 0) {
  const rotated = await tenant.call(`PUT /secrets/${name}`, { body: { value, graceSeconds } });
  expect(rotated.status).toBe(200);
  return rotated;
}

/** The function's view: what it receives, or why it does not. */
export const openFor = (
  tenant: Tenant,
  reader: string,
  names: readonly string[],
  now = Date.now(),
): Promise<SecretUse> =>
  openSecretsForFunction(
    { env: bindings, db, now },
    { accountId: tenant.accountId, functionId: reader, names },
  );

export const run = (sql: string, ...values: readonly unknown[]) =>
  bindings.DB.prepare(sql)
    .bind(...values)
    .run();

export async function rows<Row>(sql: string, ...values: readonly unknown[]): Promise<Row[]> {
  const found = await bindings.DB.prepare(sql)
    .bind(...values)
    .all<Row>();
  return found.results;
}

/** Every row of every table as text, blobs byte by byte as latin-1. */
export async function dumpCatalogue(): Promise<string> {
  const tables = await rows<{ name: string }>(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB '_*' AND name NOT GLOB 'sqlite*'",
  );
  const dumps = await Promise.all(
    tables.map(async ({ name }) => JSON.stringify(await rows(`SELECT * FROM "${name}"`), asText)),
  );
  return dumps.join('\n');
}

const asText = (_key: string, value: unknown): unknown =>
  Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'number')
    ? String.fromCharCode(...value)
    : value;

/** A request to the real Worker with another bridge bound to it: the real software bridge with these settings. */
export async function callWithBridge(
  settings: BridgeEnv,
  request: string,
  options: { readonly token?: string; readonly body?: unknown } = {},
) {
  const [method = 'GET', path = '/'] = request.split(' ');
  const context = createExecutionContext();
  const response = await api.fetch(
    new Request(`${ORIGIN}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${options.token ?? testOperator.token}`,
        'content-type': 'application/json',
      },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    }),
    { ...bindings, BRIDGE: new SoftwareBridge(settings) },
    context,
  );
  const body = await response.json<{
    readonly code?: string;
    readonly [field: string]: unknown;
  }>();
  await waitOnExecutionContext(context);
  return { status: response.status, body };
}
