/**
 * What every operation owes every caller, walked over the whole contract: who is refused, in which
 * order, and that a refusal tells nothing. One test an operation and rule; an operation that is
 * added is walked without a line here.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import { operations } from '../../worker/contract.ts';
import { SCOPES } from '../../worker/core/access.ts';
import type { Operation } from '../../worker/http/operation.ts';
import { forgetAccounts } from '../../worker/ports.ts';
import { type Called, call, keyOf, openTenant, type Tenant } from '../support/harness.ts';
import { makeValid, pathParameters, send, type Valid } from './fixtures.ts';

const where = (keep: (operation: Operation) => boolean) =>
  operations.filter(keep).map((operation) => [operation.id, operation] as const);
const kindIs = (kind: string) => where(({ access }) => access.kind === kind);

const ABSENT = 'acc_01k4j8x1e0e4r9v2m3n5p6q7rs';

let tenant: Tenant;
beforeEach(async () => {
  tenant = await openTenant();
});

/** All that a refusal says, but for what differs with each request. */
const publicPart = ({ status, body }: Called): object => ({ status, ...body, requestId: '' });

const inAccount = (valid: Valid, accountId: string): Valid => ({
  ...valid,
  path: valid.path.replace(tenant.accountId, accountId),
});

async function refusesStrangers(valid: Valid): Promise<void> {
  const none = await send(valid, tenant, { token: null });
  expect(none.status).toBe(401);
  expect(none.headers.get('www-authenticate')).toBe('Bearer');
  const last = tenant.key.endsWith('0') ? '1' : '0';
  for (const token of ['x', `${tenant.key.slice(0, -1)}${last}`, 'o'.repeat(40)])
    expect(publicPart(await send(valid, tenant, { token })), token).toEqual(publicPart(none));
}

async function hidesFromOtherTenants(valid: Valid): Promise<void> {
  const other = await openTenant('stranger');
  const refused = await send(valid, tenant, { token: other.key });
  expect(refused, 'the key of another tenant').toMatchObject({ status: 404 });
  const nowhere = await send(inAccount(valid, ABSENT), tenant, { token: other.key });
  expect(publicPart(nowhere), 'is answered like an absent account').toEqual(publicPart(refused));
  const narrow = await keyOf(other.accountId, { scopes: ['events:read'] });
  const wrongInEveryWay = await send(valid, tenant, {
    token: narrow,
    ...(valid.operation.body ? { rawBody: '{', headers: { 'content-type': 'text/plain' } } : {}),
  });
  expect(wrongInEveryWay.status, '404 before 403, 400 and 415').toBe(404);
  if (pathParameters(valid.operation).length < 2) return;
  const across = await send(inAccount(valid, other.accountId), other);
  expect(across, "its resource through the stranger's own path").toMatchObject({
    status: 404,
    body: { code: 'request.not_found' },
  });
}

async function tellsOperatorsWhatIsNotThere(valid: Valid): Promise<void> {
  const { accountId: gone } = await openTenant('gone');
  await call(`DELETE /accounts/${gone}`);
  forgetAccounts();
  const method = valid.operation.method.toUpperCase();
  const options = valid.operation.body ? { body: valid.body } : {};
  for (const accountId of [gone, ABSENT, 'acc_x', '%2e%2e'])
    expect(await call(`${method} ${inAccount(valid, accountId).path}`, options)).toMatchObject({
      status: 404,
      body: { code: 'request.not_found' },
    });
}

async function refusesSuspended(valid: Valid): Promise<void> {
  const key = await keyOf(tenant.accountId, { scopes: SCOPES });
  await call(`POST /accounts/${tenant.accountId}/suspend`, { body: { reason: 'unpaid' } });
  const refused = await send(valid, tenant, { token: key });
  expect(refused).toMatchObject({ status: 403, body: { code: 'account.suspended' } });
}

describe('an operation of an account', () => {
  it.each(kindIs('account'))('answers only those who may ask: %s', async (_, operation) => {
    const valid = await makeValid(operation, tenant);
    await refusesStrangers(valid);
    await hidesFromOtherTenants(valid);
    await tellsOperatorsWhatIsNotThere(valid);
    const { access } = operation;
    const scopes = SCOPES.filter((scope) => access.kind === 'account' && scope !== access.scope);
    const token = await keyOf(tenant.accountId, { scopes });
    expect(await send(valid, tenant, { token }), 'every scope but its own').toMatchObject({
      status: 403,
      body: { code: 'request.forbidden' },
    });
    await refusesSuspended(valid);
  });
});

describe('an operation of operators', () => {
  it.each(kindIs('operator'))('answers no key, whatever its scopes: %s', async (_, operation) => {
    const valid = await makeValid(operation, tenant);
    await refusesStrangers(valid);
    expect(await send(valid, tenant, { token: tenant.key })).toMatchObject({
      status: 403,
      body: { code: 'request.forbidden' },
    });
    if (pathParameters(operation).includes('accountId')) await tellsOperatorsWhatIsNotThere(valid);
  });
});

describe('an operation of any caller with a credential', () => {
  it.each(kindIs('authenticated'))('answers no one else: %s', async (_, operation) => {
    const valid = await makeValid(operation, tenant);
    await refusesStrangers(valid);
    await refusesSuspended(valid);
  });
});

describe('a public operation', () => {
  it.each(kindIs('public'))(
    'answers anyone, with a wrong credential too: %s',
    async (_, operation) => {
      const declared = operation.successes.map(({ status }) => status);
      for (const token of [null, 'x', tenant.key]) {
        // Anew each time: some of what strangers may ask is answered once.
        const valid = await makeValid(operation, tenant);
        expect(declared).toContain((await send(valid, tenant, { token })).status);
      }
    },
  );
});

describe('every operation', () => {
  const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
  const headers = { traceparent: `00-${TRACE}-00f067aa0ba902b7-01` };

  const checkHeaders = (answer: Called): void => {
    expect(answer.headers.get('x-request-id')).toMatch(/^req_[0-9a-z]{26}$/);
    expect(answer.headers.get('traceparent')).toContain(`00-${TRACE}-`);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(answer.headers.get('cache-control')).not.toBeNull();
  };

  it.each(where(() => true))(
    'accepts its example and names its request: %s',
    async (_, operation) => {
      const valid = await makeValid(operation, tenant);
      const refused = await send(valid, tenant, { headers, token: null });
      checkHeaders(refused);
      if (refused.status >= 400)
        expect(refused.body.requestId).toBe(refused.headers.get('x-request-id'));
      const again = operation.access.kind === 'public' ? await makeValid(operation, tenant) : valid;
      const answer = await send(again, tenant, { headers });
      const declared = operation.successes.map(({ status }) => status);
      expect(declared, answer.text.slice(0, 300)).toContain(answer.status);
      checkHeaders(answer);
      const success = operation.successes.find(({ status }) => status === answer.status);
      if (success?.etag) expect(answer.headers.get('etag')).toMatch(/^"r\d+"$/);
    },
  );
});
