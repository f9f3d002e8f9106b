/** Events as a consumer reads them: in order, from where it stopped, of its own account. */
import { describe, expect, it } from 'vitest';
import { connect } from '../../../worker/db/connect.ts';
import { sweepSecrets } from '../../../worker/services/secrets/index.ts';
import { call, keyOf, openTenant, type Tenant } from '../../support/harness.ts';
import { bindings } from '../audit/journal-under-test.ts';

/** One event a secret: each is a day old and due. */
async function raise(tenant: Tenant, names: readonly string[]): Promise<void> {
  for (const name of names)
    await tenant.call('POST /secrets', { body: { name, value: 'x', maxAgeDays: 1 } });
  await sweepSecrets(connect(bindings.DB), Date.now() + 2 * 86_400_000);
}

const subjectsOf = (body: { items: { subject: string }[] }) =>
  body.items.map(({ subject }) => subject).sort();

describe('200', () => {
  it('answers CloudEvents with their data as JSON', async () => {
    const tenant = await openTenant();
    await raise(tenant, ['token']);
    const { body } = await tenant.call('GET /events');
    expect(body.items).toMatchObject([
      {
        specversion: '1.0',
        type: 'secret.rotation_due',
        source: `/accounts/${tenant.accountId}`,
        subject: 'secrets/token',
        datacontenttype: 'application/json',
        data: { name: 'token', version: 1 },
        sequence: 1,
      },
    ]);
  });

  it('goes on after the sequence a consumer has seen', async () => {
    const tenant = await openTenant();
    await raise(tenant, ['one']);
    const seen = (await tenant.call('GET /events')).body.items[0].sequence;
    await raise(tenant, ['two']);
    const { body } = await tenant.call(`GET /events?afterSequence=${seen}`);
    expect(subjectsOf(body)).toEqual(['secrets/two']);
  });

  it('goes through all pages by cursor', async () => {
    const tenant = await openTenant();
    await raise(tenant, ['one', 'two', 'three']);
    const first = (await tenant.call('GET /events?limit=2')).body;
    const second = (await tenant.call(`GET /events?limit=2&cursor=${first.nextCursor}`)).body;
    expect(second.nextCursor).toBeNull();
    const items = [...first.items, ...second.items];
    expect(subjectsOf({ items })).toEqual(['secrets/one', 'secrets/three', 'secrets/two']);
  });
});

describe('400', () => {
  it.each(['afterSequence=-1', 'limit=0', 'cursor=x'])('refuses %s', async (query) => {
    const tenant = await openTenant();
    expect((await tenant.call(`GET /events?${query}`)).status).toBe(400);
  });
});

describe('403', () => {
  it('needs the scope events:read', async () => {
    const tenant = await openTenant();
    const token = await keyOf(tenant.accountId, { scopes: ['audit:read'] });
    expect((await tenant.call('GET /events', { token })).status).toBe(403);
  });
});

describe('404', () => {
  it("does not show another tenant's events", async () => {
    const [tenant, stranger] = [await openTenant(), await openTenant('stranger')];
    const path = `GET /accounts/${tenant.accountId}/events`;
    expect((await call(path, { token: stranger.key })).status).toBe(404);
  });
});
