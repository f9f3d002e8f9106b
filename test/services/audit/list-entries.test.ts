/** Reading the audit log: whoever was answered finds his act, and nobody finds another account's. */
import { describe, expect, it } from 'vitest';
import { connect } from '../../../worker/db/connect.ts';
import { drainOutbox } from '../../../worker/http/outbox.ts';
import { call, keyOf, openTenant } from '../../support/harness.ts';
import { bindings, callWith, rows, run } from './journal-under-test.ts';

interface Entry {
  readonly sequence: number;
  readonly operation: string;
}
const operationsOf = (body: { items: Entry[] }) => body.items.map(({ operation }) => operation);

describe('200', () => {
  it('shows an act with actor and target as soon as it was answered, newest first', async () => {
    const tenant = await openTenant();
    const made = await tenant.call('POST /secrets', { body: { name: 'token', value: 'x' } });
    const { body } = await tenant.call('GET /audit');
    expect(operationsOf(body)).toEqual([
      'secrets.createSecret',
      'keys.createKey',
      'accounts.createAccount',
    ]);
    expect(body.items[0]).toMatchObject({
      sequence: 3,
      outcome: 'ok',
      actor: {
        kind: 'apiKey',
        id: tenant.key
          .split('_')
          .slice(2, 3)
          .map((id) => `key_${id}`)[0],
      },
      target: { kind: 'secret', id: 'token' },
      requestId: made.headers.get('x-request-id'),
      details: { version: 1 },
    });
  });

  it('filters by actor, operation, outcome and time', async () => {
    const tenant = await openTenant();
    await tenant.call('POST /secrets', { body: { name: 'token', value: 'x' } });
    const found = async (query: string) =>
      operationsOf((await tenant.call(`GET /audit?${query}`)).body);
    expect(await found('actor=test-operator')).toEqual([
      'keys.createKey',
      'accounts.createAccount',
    ]);
    expect(await found('operation=keys.createKey')).toEqual(['keys.createKey']);
    expect(await found('outcome=failed')).toEqual([]);
    const [soon, past] = [new Date(Date.now() + 60_000), new Date(Date.now() - 60_000)];
    expect(await found(`since=${soon.toISOString()}`)).toEqual([]);
    expect(await found(`until=${past.toISOString()}`)).toEqual([]);
    expect(await found(`since=${past.toISOString()}&until=${soon.toISOString()}`)).toHaveLength(3);
  });

  it('neither skips nor repeats an entry when others are written between two pages', async () => {
    const tenant = await openTenant();
    for (let index = 0; index < 3; index += 1)
      await tenant.call('POST /secrets', { body: { name: `s${index}`, value: 'x' } });
    const seen: number[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const { body } = await tenant.call(`GET /audit?limit=2${query}`);
      seen.push(...body.items.map(({ sequence }: Entry) => sequence));
      cursor = body.nextCursor;
      await tenant.call('POST /secrets', { body: { name: `l${seen.length}`, value: 'x' } });
    }
    expect(seen).toEqual([5, 4, 3, 2, 1]);
  });

  it('is open to operators and to keys with audit:read alone', async () => {
    const tenant = await openTenant();
    const token = await keyOf(tenant.accountId, { scopes: ['secrets:read'] });
    expect((await tenant.call('GET /audit', { token })).status).toBe(403);
    expect((await call(`GET /accounts/${tenant.accountId}/audit`)).status).toBe(200);
  });
});

describe('404', () => {
  it("does not show another tenant's log", async () => {
    const [tenant, stranger] = [await openTenant(), await openTenant('stranger')];
    const path = `GET /accounts/${tenant.accountId}/audit`;
    expect((await call(path, { token: stranger.key })).status).toBe(404);
  });
});

describe('an act', () => {
  it('is in the log once although its Worker died between its batch and the drain', async () => {
    const tenant = await openTenant();
    await tenant.call('GET /audit');
    await callWith(
      {
        ACCOUNT_JOURNAL: {
          getByName: () => {
            throw new Error('the journal cannot be reached');
          },
        } as never,
      },
      `POST /accounts/${tenant.accountId}/secrets`,
      { token: tenant.key, body: { name: 'token', value: 'x' } },
    );
    expect(await rows('SELECT journal FROM outbox')).toEqual([{ journal: tenant.accountId }]);
    const { body } = await tenant.call('GET /audit?operation=secrets.createSecret');
    expect(body.items).toHaveLength(1);
    expect(await rows('SELECT * FROM outbox')).toEqual([]);
  });

  it('is in the log once although a drain died before it deleted the row', async () => {
    const tenant = await openTenant();
    await tenant.call('GET /audit');
    await run(
      `INSERT INTO outbox (outbox_id, journal, kind, body, created_at) VALUES (1, ?, 'audit', '{}', 0)`,
      tenant.accountId,
    );
    const before = (await tenant.call('GET /audit')).body.items;
    expect(before.map(({ operation }: Entry) => operation)).not.toContain('audit.unreadable');
    expect(await rows('SELECT * FROM outbox')).toEqual([]);
  });

  it('is in the log once when two drains run at the same time', async () => {
    const tenant = await openTenant();
    await run(
      `INSERT INTO outbox (journal, kind, body, created_at) VALUES (?, 'audit', ?, 0)`,
      tenant.accountId,
      JSON.stringify({
        at: '2026-11-01T09:00:00.000Z',
        actor: { kind: 'system', id: 'test' },
        operation: 'test.once',
        outcome: 'ok',
      }),
    );
    const db = connect(bindings.DB);
    await Promise.all([1, 2, 3].map(() => drainOutbox(bindings, db, tenant.accountId)));
    const { body } = await tenant.call('GET /audit?operation=test.once');
    expect(body.items).toHaveLength(1);
  });
});
