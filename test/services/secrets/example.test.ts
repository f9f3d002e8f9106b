/** The example of this service does what it says, through the SDK and the real Worker. */
import { exports } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { rotateDueSecrets } from '../../../examples/secrets/rotate-due-secrets.ts';
import { createClient } from '../../../sdk/src/index.ts';
import { keyOf, ORIGIN, openTenant } from '../../support/harness.ts';
import { store } from './vault-under-test.ts';

it('rotates the secrets that are due within a week and no other', async () => {
  const tenant = await openTenant();
  await store(tenant, 'soon', { maxAgeDays: 3 });
  await store(tenant, 'later', { maxAgeDays: 30 });
  await store(tenant, 'never');
  const client = createClient({
    baseUrl: ORIGIN,
    allowPlainHttp: true,
    token: await keyOf(tenant.accountId, { scopes: ['secrets:read', 'secrets:write'] }),
    fetch: (input, init) => exports.default.fetch(input, init),
  });
  expect(await rotateDueSecrets(client, tenant.accountId)).toEqual(['soon']);
  const { body } = await tenant.call('GET /secrets/soon/versions');
  expect(body.items).toMatchObject([
    { version: 2, status: 'current' },
    { version: 1, status: 'grace' },
  ]);
  expect((await tenant.call('GET /secrets/later')).body.version).toBe(1);
});
