/** `PATCH /accounts/{accountId}`: only what is given, over nothing newer than what was read. */
import { describe, expect, it } from 'vitest';
import { call, openTenant } from '../../support/harness.ts';

describe('200', () => {
  it('changes what is given, keeps the rest and raises the revision', async () => {
    const tenant = await openTenant('Before');
    await tenant.call('PATCH ', { body: { metadata: { a: '1', b: '2' } } });
    const named = await tenant.call('PATCH ', { body: { name: 'After' } });
    expect(named.body).toMatchObject({ name: 'After', metadata: { a: '1', b: '2' } });
    expect(named.headers.get('etag')).toBe('"r3"');
    const replaced = await tenant.call('PATCH ', { body: { metadata: { c: '3' } } });
    expect(replaced.body).toMatchObject({ name: 'After', metadata: { c: '3' } });
    expect((await tenant.call('GET ')).body).toEqual(replaced.body);
  });

  it('tells in the audit log which fields changed, and not to what', async () => {
    const tenant = await openTenant();
    await tenant.call('PATCH ', { body: { metadata: { note: 'private remark' } } });
    const log = await tenant.call('GET /audit?operation=accounts.updateAccount');
    expect(log.body.items).toMatchObject([{ details: { fields: ['metadata'] } }]);
    expect(log.text).not.toContain('private remark');
  });
});

describe('412', () => {
  it('does not write over a change made since it was read', async () => {
    const tenant = await openTenant();
    const read = await tenant.call('GET ');
    const headers = { 'if-match': read.headers.get('etag') ?? '' };
    expect((await tenant.call('PATCH ', { headers, body: { name: 'first' } })).status).toBe(200);
    expect((await tenant.call('PATCH ', { headers, body: { name: 'second' } })).status).toBe(412);
    expect((await tenant.call('GET ')).body.name).toBe('first');
  });

  it('loses no change when many arrive together: each that is answered 200 raised the revision once', async () => {
    const tenant = await openTenant();
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        tenant.call('PATCH ', { body: { name: `n${index}` } }),
      ),
    );
    const done = answers.filter(({ status }) => status === 200);
    expect(answers.every(({ status }) => status === 200 || status === 412)).toBe(true);
    expect((await tenant.call('GET ')).headers.get('etag')).toBe(`"r${1 + done.length}"`);
    const tags = done.map(({ headers }) => headers.get('etag'));
    expect(new Set(tags).size).toBe(done.length);
  });
});

describe('404', () => {
  it('does not change a deleted account', async () => {
    const tenant = await openTenant();
    await call(`DELETE /accounts/${tenant.accountId}`);
    const path = `/accounts/${tenant.accountId}`;
    expect((await call(`PATCH ${path}`, { body: { name: 'again' } })).status).toBe(404);
  });
});
