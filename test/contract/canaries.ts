/**
 * Secrets of every kind, planted in every place from which a careless operation could tell them, and
 * the search for what was told: in clear, in hex and in base64. The caller says how requests are
 * sent, and reads the places it searches.
 */
import { expect } from 'vitest';
import { operations } from '../../worker/contract.ts';
import { encodeApiKey } from '../../worker/core/crypto/api-key.ts';
import type { Operation } from '../../worker/http/operation.ts';
import type { AlteredCall } from '../support/altered-platform.ts';
import { type Called, openTenant, type Tenant } from '../support/harness.ts';
import { makeValid } from './fixtures.ts';

const SECRET = 'canarySecretValue-91c4e7b05d3f-correct-horse';
const NEXT_SECRET = 'canarySecretValue-next-62ab0f9d17e3-staple';
const IDEMPOTENCY = 'canaryIdempotencyKey-4be8d1a7';
const STRANGER = 'canaryStrangersCredential-c93b5f20';
const MALFORMED = 'canaryInMalformedBody-0d7e61';
/** Not a secret: proves that the search looks where things are. */
export const KNOWN = 'canaryThatIsPublic';

/** A way into the platform. */
export interface Door {
  readonly ask: (request: string, options?: AlteredCall) => Promise<Called>;
  /** The operator's token: a canary as well. */
  readonly operator: string;
}

export const toHex = (text: string): string =>
  Array.from(new TextEncoder().encode(text), (byte) => byte.toString(16).padStart(2, '0')).join('');

/**
 * Base64 begins anew every three bytes, so of each alignment the part that does not depend on its
 * neighbours.
 */
const inBase64 = (text: string): readonly string[] =>
  [0, 1, 2].map((shift) =>
    btoa(text.slice(shift, shift + 3 * Math.floor((text.length - shift) / 3))),
  );

const formsOf = (canary: string): readonly string[] => [canary, toHex(canary), ...inBase64(canary)];

/** What is found, named by the first characters of the canary and never by more. */
export const found = (text: string, canaries: readonly string[]): readonly string[] =>
  canaries
    .filter((canary) => formsOf(canary).some((form) => text.includes(form)))
    .map((canary) => canary.slice(0, 24));

/** A function that does all it can to tell its secret. */
const TELLTALE = `(params, secrets) => {
  console.log(secrets.vaulted, JSON.stringify({ again: secrets.vaulted }));
  if (params.fail) throw new Error('with ' + secrets.vaulted);
  return { told: secrets.vaulted, inside: ['<' + secrets.vaulted + '>'], known: '${KNOWN}' };
}`;

async function plant({ ask }: Door, tenant: Tenant): Promise<readonly string[]> {
  const account = `/accounts/${tenant.accountId}`;
  const under = (request: string, body: unknown) => {
    const [method, path] = request.split(' ');
    const headers = { 'idempotency-key': `${IDEMPOTENCY}-${path}` };
    return ask(`${method} ${account}${path}`, { token: tenant.key, body, headers });
  };
  const made = await under('POST /keys', { name: KNOWN, role: 'admin' });
  const rotated = await under(`POST /keys/${made.body.id}/rotate`, { overlapSeconds: 60 });
  const source = { name: 'telltale', source: TELLTALE, secrets: ['vaulted'] };
  const functionId = (await under('POST /functions', source)).body.id;
  const stored = await under('POST /secrets', {
    name: 'vaulted',
    value: SECRET,
    grants: [functionId],
  });
  expect(stored.status, stored.text).toBe(201);
  for (const params of [{ fail: false }, { fail: true }]) {
    const ran = await ask(`POST ${account}/functions/${functionId}/executions`, {
      token: tenant.key,
      body: { params },
    });
    expect(ran.status, ran.text).toBe(201);
    expect(found(ran.text, [SECRET])).toEqual([]);
  }
  await under('PUT /secrets/vaulted', { value: NEXT_SECRET, graceSeconds: 60 });
  expect([made.status, rotated.status]).toEqual([201, 201]);
  return [tenant.key, made.body.key, rotated.body.key];
}

/** The canaries in every place a careless operation could log from. */
async function runWithCanaries(
  { ask, operator }: Door,
  operation: Operation,
  { tenant, keys }: Planted,
): Promise<void> {
  const { path, body } = await makeValid(operation, tenant);
  const request = `${operation.method.toUpperCase()} ${path}`;
  const token = operation.access.kind === 'operator' ? operator : tenant.key;
  const headers = { 'idempotency-key': `${IDEMPOTENCY}-${operation.id}` };
  const sent = operation.body ? { body } : {};
  const guessed = encodeApiKey({
    environment: 'dev',
    keyId: 'key_01k4j8x1e0e4r9v2m3n5p6q7rs',
    secret: new Uint8Array(32).fill(1),
  });
  const answers = [
    await ask(request, { token: STRANGER, ...sent }),
    await ask(request, { token: guessed, ...sent }),
    await ask(`${request}?token=${MALFORMED}`, { token, ...sent }),
    await ask(request, {
      token,
      ...(operation.body ? { body: { value: MALFORMED, nested: [MALFORMED] } } : {}),
    }),
    await ask(request, { token, headers, ...sent }),
    await ask(request, { token, headers, ...sent }),
  ];
  for (const answer of answers)
    expect(
      found(answer.text, [operator, SECRET, NEXT_SECRET, STRANGER, MALFORMED, ...keys]),
      operation.id,
    ).toEqual([]);
}

interface Planted {
  readonly tenant: Tenant;
  readonly keys: readonly string[];
}

/** Runs every operation with canaries in it; gives the tenant, and all that must be found nowhere. */
export async function runEveryOperation(
  door: Door,
): Promise<{ readonly tenant: Tenant; readonly canaries: readonly string[] }> {
  const tenant = await openTenant();
  const keys = await plant(door, tenant);
  for (const operation of operations) {
    // What ends the tenant or its key ends the walk, and a wallet policy decides who approves what
    // comes later: those are run on a tenant of their own.
    const own =
      operation.method === 'delete' ||
      operation.access.kind === 'operator' ||
      operation.id.startsWith('workspaceWallets.');
    await runWithCanaries(door, operation, { tenant: own ? await openTenant() : tenant, keys });
  }
  const secretParts = keys.map((key) => key.split('_')[3] ?? key);
  const planted = [SECRET, NEXT_SECRET, IDEMPOTENCY, STRANGER, MALFORMED];
  return { tenant, canaries: [door.operator, ...planted, ...secretParts] };
}
