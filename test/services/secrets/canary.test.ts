/** Plants a value and asks everything about it: no answer and no stored row holds it. */
import { expect, it } from 'vitest';
import { call, openTenant } from '../../support/harness.ts';
import { CANARY, dumpCatalogue, functionId, rotate, store } from './vault-under-test.ts';

it('does not come back from any operation, refusals and repeated requests included', async () => {
  const tenant = await openTenant();
  const stranger = await openTenant('stranger');
  const value = CANARY;
  const headers = { 'idempotency-key': 'canary' };
  await store(tenant, 'token', { grants: [functionId()], maxAgeDays: 1 });
  await rotate(tenant, 'token', CANARY, 60);
  const answers = [
    await tenant.call('POST /secrets', { body: { name: 'token', value } }),
    await tenant.call('POST /secrets', { body: { name: 'other', value }, headers }),
    await tenant.call('POST /secrets', { body: { name: 'other', value }, headers }),
    await tenant.call('POST /secrets', { body: { name: 'changed', value }, headers }),
    await tenant.call('POST /secrets', { body: { name: 7, value } }),
    await tenant.call('POST /secrets', { body: { name: 'x', value: [value] } }),
    await tenant.call('POST /secrets', { rawBody: `{"name":"x","value":"${value}"` }),
    await tenant.call('POST /secrets', { body: { name: 'x', value: value.repeat(2000) } }),
    await tenant.call('PUT /secrets/token', { body: { value, graceSeconds: -1 } }),
    await tenant.call('PUT /secrets/token', { body: { value }, headers: { 'if-match': '"r9"' } }),
    await tenant.call('PUT /secrets/missing', { body: { value } }),
    await call(`PUT /accounts/${tenant.accountId}/secrets/token`, {
      token: stranger.key,
      body: { value },
    }),
    await tenant.call('PATCH /secrets/token', { body: { maxAgeDays: 2 } }),
    await tenant.call('PUT /secrets/token/grants', { body: { functionIds: [functionId()] } }),
    await tenant.call('GET /secrets'),
    await tenant.call('GET /secrets/token'),
    await tenant.call('GET /secrets/token/versions'),
    await call('POST /operator/secrets/rewrap', { body: {} }),
    await tenant.call('DELETE /secrets/other'),
    await tenant.call('GET /audit?limit=500'),
    await tenant.call('GET /audit/export'),
    await tenant.call('GET /events'),
  ];
  const shown = answers.filter(({ text, headers: sent }) =>
    `${text}${JSON.stringify([...sent])}`.includes(CANARY),
  );
  expect(shown.map(({ text }) => text)).toEqual([]);
  expect(await dumpCatalogue()).not.toContain(CANARY);
});
