/**
 * What a signature protects, walked over the whole contract: in an account that requires signatures
 * every operation that asks for one refuses an unsigned request and does what a signed one says, and
 * every other lets unsigned requests pass as before.
 */
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import { operations } from '../../worker/contract.ts';
import { forgetCredentials } from '../../worker/http/authenticate.ts';
import { type Operation, signatureNeed } from '../../worker/http/operation.ts';
import { forgetAccounts } from '../../worker/ports.ts';
import { call, openTenant, type Tenant } from '../support/harness.ts';
import { signingKeyOf } from './fixtures/accounts.ts';
import { fillPath, makeValid, send } from './fixtures.ts';

const where = (keep: (operation: Operation) => boolean) =>
  operations.filter(keep).map((operation) => [operation.id, operation] as const);
const needIs = (need: string) => where((operation) => signatureNeed(operation) === need);

let tenant: Tenant;
beforeEach(async () => {
  tenant = await openTenant();
});

/** What the operation itself decides is tested with it. */
async function requireSignatures(): Promise<void> {
  await env.DB.prepare(`UPDATE accounts SET request_signatures = 'required' WHERE account_id = ?`)
    .bind(tenant.accountId)
    .run();
  forgetCredentials();
  forgetAccounts();
}

describe('an operation that asks for a signature', () => {
  it.each([...needIs('where_required'), ...needIs('always')])(
    'refuses an unsigned request and does what a signed one says: %s',
    async (_, operation) => {
      const { signer, ...valid } = await makeValid(operation, tenant);
      const caller = signer ? { token: valid.token, signer } : await signingKeyOf(tenant);
      await requireSignatures();
      const refused = await send(valid, tenant);
      expect(refused, refused.text).toMatchObject({
        status: 403,
        body: { code: 'signature.required' },
      });
      const { token } = caller;
      const done = await send({ ...valid, signer: caller.signer }, tenant, token ? { token } : {});
      expect(done.status, done.text).toBeLessThan(300);
    },
  );
});

describe('an operation that asks for none', () => {
  it.each(
    where(
      (operation) => operation.access.kind === 'account' && signatureNeed(operation) === 'never',
    ),
  )('lets an unsigned request pass: %s', async (_, operation) => {
    const { signer: _signer, ...valid } = await makeValid(operation, tenant);
    await requireSignatures();
    const answer = await send(valid, tenant);
    expect(answer.status, answer.text).toBeLessThan(300);
  });
});

describe('a signature that is sent', () => {
  const headers = { signature: 'sig=:AAAA:', 'signature-input': 'sig=()' };

  it.each(where(({ access }) => access.kind !== 'public'))(
    'is verified, whether it is asked for or not: %s',
    async (_, operation) => {
      // Nothing of the request is looked at before, so there need be no such resource.
      const params = { ...operation.example.params, accountId: tenant.accountId };
      const token = operation.access.kind === 'operator' ? {} : { token: tenant.key };
      const method = operation.method.toUpperCase();
      const refused = await call(`${method} ${fillPath(operation, params)}`, { ...token, headers });
      expect(refused).toMatchObject({ status: 400, body: { code: 'signature.malformed' } });
    },
  );
});

/** Told here once more, so that a change of the rule is seen as what it is. */
describe('what needs no signature although it changes something', () => {
  it('is to end a credential, to write a secret, and to run what is deployed', () => {
    const free = where(
      (operation) =>
        operation.access.kind === 'account' &&
        operation.method !== 'get' &&
        !operation.access.scope.endsWith(':read') &&
        signatureNeed(operation) === 'never',
    ).map(([id]) => id);
    expect(free.toSorted()).toEqual([
      'executions.cancelExecution',
      'executions.executeBatch',
      'executions.executeFunction',
      'functions.testFunction',
      'keys.revokeKey',
      'secrets.createSecret',
      'secrets.deleteSecret',
      'secrets.updateSecret',
      'secrets.updateSettings',
      'sessions.revokeSession',
    ]);
  });
});
