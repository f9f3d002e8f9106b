/**
 * Canaries: secret values, API keys, an operator token, idempotency keys and credentials of
 * strangers are planted, every operation is run with them, and afterwards they are in no log line,
 * no row of the catalogue and no object, in clear, hex or base64. The Worker and the bridge log
 * everything they can. That the search finds what is there is checked too.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { operations } from '../../worker/contract.ts';
import { encodeApiKey } from '../../worker/core/crypto/api-key.ts';
import type { Operation } from '../../worker/http/operation.ts';
import { type AlteredCall, bridgeWith, callAltered } from '../support/altered-platform.ts';
import { type Called, openTenant, type Tenant } from '../support/harness.ts';
import { makeValid } from './fixtures.ts';
import { readCatalogue, readObjects } from './stored-text.ts';

const OPERATOR = 'canaryOperatorToken7f3a9c1e5b2d8f604182';
const SECRET = 'canarySecretValue-91c4e7b05d3f-correct-horse';
const NEXT_SECRET = 'canarySecretValue-next-62ab0f9d17e3-staple';
const IDEMPOTENCY = 'canaryIdempotencyKey-4be8d1a7';
const STRANGER = 'canaryStrangersCredential-c93b5f20';
const MALFORMED = 'canaryInMalformedBody-0d7e61';
/** Not a secret: proves that the search looks where things are. */
const KNOWN = 'canaryThatIsPublic';

let lines: string[] = [];
beforeEach(() => {
  lines = [];
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const)
    vi.spyOn(console, method).mockImplementation((...parts: unknown[]) => {
      lines.push(parts.map(String).join(' '));
    });
});
afterEach(() => {
  vi.restoreAllMocks();
});

const alterations = {
  LOG_LEVEL: 'debug',
  API_TOKENS: `canary:${OPERATOR}`,
  BRIDGE: bridgeWith({ LOG_LEVEL: 'debug' }),
};
const ask = (request: string, options: AlteredCall = {}): Promise<Called> =>
  callAltered(alterations, request, { token: OPERATOR, ...options });

const toHex = (text: string): string =>
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
const found = (text: string, canaries: readonly string[]): readonly string[] =>
  canaries
    .filter((canary) => formsOf(canary).some((form) => text.includes(form)))
    .map((canary) => canary.slice(0, 24));

/** A function that does all it can to tell its secret. */
const TELLTALE = `(params, secrets) => {
  console.log(secrets.vaulted, JSON.stringify({ again: secrets.vaulted }));
  if (params.fail) throw new Error('with ' + secrets.vaulted);
  return { told: secrets.vaulted, inside: ['<' + secrets.vaulted + '>'], known: '${KNOWN}' };
}`;

async function plant(tenant: Tenant): Promise<readonly string[]> {
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
  operation: Operation,
  tenant: Tenant,
  keys: readonly string[],
): Promise<void> {
  const { path, body } = await makeValid(operation, tenant);
  const request = `${operation.method.toUpperCase()} ${path}`;
  const token = operation.access.kind === 'operator' ? OPERATOR : tenant.key;
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
      found(answer.text, [OPERATOR, SECRET, NEXT_SECRET, STRANGER, MALFORMED, ...keys]),
      operation.id,
    ).toEqual([]);
}

describe('the search', () => {
  it('finds a secret in clear, in hex, and in base64 at any place of a longer text', () => {
    for (const before of ['', '{', '{"'])
      for (const form of [before + SECRET, toHex(before + SECRET), btoa(`${before}${SECRET}"}`)])
        expect(found(`x${form}y`, [SECRET, OPERATOR])).toEqual([SECRET.slice(0, 24)]);
  });
});

describe('a secret', () => {
  it('is in no answer, log line, row or object after every operation has run', {
    timeout: 300_000,
  }, async () => {
    const tenant = await openTenant();
    const keys = await plant(tenant);
    for (const operation of operations) {
      // What ends the tenant or its key ends the walk: those are run on a tenant of their own.
      const own = operation.method === 'delete' || operation.access.kind === 'operator';
      await runWithCanaries(operation, own ? await openTenant() : tenant, keys);
    }
    const secretParts = keys.map((key) => key.split('_')[3] ?? key);
    const canaries = [
      OPERATOR,
      SECRET,
      NEXT_SECRET,
      IDEMPOTENCY,
      STRANGER,
      MALFORMED,
      ...secretParts,
    ];
    const [catalogue, objects] = [await readCatalogue(), await readObjects()];
    const logged = lines.join('\n');
    expect(found(logged, canaries), 'in the log').toEqual([]);
    expect(found(catalogue, canaries), 'in the catalogue').toEqual([]);
    expect(found(objects, canaries), 'in objects').toEqual([]);
    expect(catalogue, 'the search reads the catalogue').toContain(KNOWN);
    expect(objects, 'and the objects').toContain(tenant.accountId);
    expect(logged, 'and the log').toContain('accounts.getAccount');
  });
});
