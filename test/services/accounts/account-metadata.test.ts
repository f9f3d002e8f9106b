/** Metadata of accounts: bounded at every edge, and given back exactly as it was given, whatever its names. */
import { describe, expect, it } from 'vitest';
import { call, openTenant } from '../../support/harness.ts';

const entries = (count: number, value = 'v'): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, value]));

describe('bounds', () => {
  it.each([
    ['32 entries', entries(32)],
    ['a name of 64 characters', { ['n'.repeat(64)]: 'v' }],
    ['a value of 512 characters', { name: 'v'.repeat(512) }],
    ['an empty value', { name: '' }],
    ['nothing', {}],
    ['the largest of all', entries(32, '\u{1f9a9}'.repeat(256))],
  ])('take %s and give it back', async (_, metadata) => {
    const tenant = await openTenant();
    expect((await tenant.call('PATCH ', { body: { metadata } })).status).toBe(200);
    expect((await tenant.call('GET ')).body.metadata).toEqual(metadata);
  });

  it.each([
    ['33 entries', entries(33)],
    ['an empty name', { '': 'v' }],
    ['a name of 65 characters', { ['n'.repeat(65)]: 'v' }],
    ['a value of 513 characters', { name: 'v'.repeat(513) }],
    ['a number', { name: 1 }],
    ['null', { name: null }],
    ['an object', { name: {} }],
    ['a list', ['v']],
  ])('refuse %s and leave what was there', async (_, metadata) => {
    const tenant = await openTenant();
    await tenant.call('PATCH ', { body: { metadata: { kept: 'yes' } } });
    const refused = await tenant.call('PATCH ', { body: { metadata } });
    expect(refused).toMatchObject({ status: 400, body: { code: 'request.malformed' } });
    for (const { pointer } of refused.body.fields) expect(pointer).toMatch(/^\/metadata/);
    expect((await tenant.call('GET ')).body.metadata).toEqual({ kept: 'yes' });
  });
});

describe('names', () => {
  it.each(['constructor', 'toString', 'hasOwnProperty', '__defineGetter__', 'a/b~c', '$ref'])(
    'are text like any other: %s',
    async (name) => {
      const tenant = await openTenant();
      const rawBody = `{"metadata":{${JSON.stringify(name)}:"v"}}`;
      expect((await tenant.call('PATCH ', { rawBody })).status).toBe(200);
      expect((await tenant.call('GET ')).text).toContain(`${JSON.stringify(name)}:"v"`);
    },
  );

  it('lose nothing in silence: __proto__ is refused by its place, and pollutes nothing', async () => {
    const tenant = await openTenant();
    const rawBody = '{"metadata":{"__proto__":"polluted","kept":"yes"}}';
    const changed = await tenant.call('PATCH ', { rawBody });
    expect(changed.body.fields).toMatchObject([{ pointer: '/metadata/__proto__' }]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it.each([
    ['name', '{"metadata":{"\\ud800":"v"}}'],
    ['value', '{"metadata":{"name":"\\udc00"}}'],
  ])(
    'and values are text: half a character in a %s is refused, not replaced',
    async (_, rawBody) => {
      const tenant = await openTenant();
      expect((await tenant.call('PATCH ', { rawBody })).status).toBe(400);
      expect((await tenant.call('GET ')).body.metadata).toEqual({});
    },
  );

  it('are replaced as a whole, and left alone when they are not given', async () => {
    const tenant = await openTenant();
    await tenant.call('PATCH ', { body: { metadata: { a: '1' } } });
    await tenant.call('PATCH ', { body: { name: 'renamed' } });
    expect((await tenant.call('GET ')).body.metadata).toEqual({ a: '1' });
    await call(`PATCH /accounts/${tenant.accountId}`, { body: { metadata: {} } });
    expect((await tenant.call('GET ')).body.metadata).toEqual({});
  });
});
