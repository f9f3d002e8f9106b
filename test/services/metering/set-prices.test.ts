/** `PUT /operator/gasbank/prices` */
import { describe, expect, it } from 'vitest';
import { call, openTenant } from '../../support/harness.ts';
import { NETWORK, PRICES, putPrices, rows, setPrices } from './metering-under-test.ts';

const LIST = {
  execution: '0.00001',
  fuel: '0.0002',
  storage: '0.05',
  creditsPerGas: '2.5',
  initialAllocation: { credits: '2', total: '1000' },
};

describe('200', () => {
  it('answers the list it set, and keeps the one before it', async () => {
    const first = await putPrices(LIST);
    expect(first.body).toMatchObject({
      network: NETWORK.id,
      networkMagic: NETWORK.magic,
      version: 1,
      ...LIST,
      allocated: '0',
      createdBy: 'operator:test-operator',
    });
    expect(first.headers.get('etag')).toBe('"r1"');
    const second = await setPrices({ execution: '1' });
    expect(second).toMatchObject({
      version: 2,
      execution: '1',
      fuel: '0',
      creditsPerGas: null,
      initialAllocation: null,
    });
    expect(await rows('SELECT version, execution, fuel FROM price_lists ORDER BY version')).toEqual(
      [
        { version: 1, execution: 1_000, fuel: 20_000 },
        { version: 2, execution: 100_000_000, fuel: 0 },
      ],
    );
  });

  it('tells the log of operators who set what', async () => {
    await setPrices(LIST);
    const { items } = (await call('GET /operator/audit?operation=metering.setPrices')).body;
    expect(items).toMatchObject([
      { target: { kind: 'priceList', id: 'neo3:private 1' }, details: { execution: 1_000 } },
    ]);
  });
});

describe('400', () => {
  it.each([
    ['/execution', { execution: '-1' }],
    ['/execution', { execution: '0.000000001' }],
    ['/fuel', { fuel: '1e3' }],
    ['/storage', { storage: '99999999' }],
    ['/creditsPerGas', { creditsPerGas: '0' }],
    ['/initialAllocation/credits', { initialAllocation: { credits: '0', total: '5' } }],
  ])('names the field that is no price: %s %o', async (pointer, fields) => {
    const refused = await putPrices(fields);
    expect([refused.status, refused.body.fields?.[0]?.pointer]).toEqual([400, pointer]);
    expect(await rows('SELECT * FROM price_lists')).toEqual([]);
  });
});

describe('403', () => {
  it('is for operators', async () => {
    const { key } = await openTenant();
    const refused = await call(`PUT ${PRICES}`, {
      token: key,
      body: { network: NETWORK.id, execution: '0', fuel: '0', storage: '0', creditsPerGas: null },
    });
    expect(refused.status).toBe(403);
  });
});

describe('404', () => {
  it('refuses a network that is not served', async () => {
    const refused = await putPrices({ network: 'neo3:nowhere' });
    expect([refused.status, refused.body.code]).toEqual([404, 'chain.network_unknown']);
  });
});

describe('412', () => {
  it('does not replace a list that its operator has not seen', async () => {
    await setPrices(LIST);
    expect((await putPrices({}, { 'if-match': '"r1"' })).status).toBe(200);
    expect((await putPrices(LIST, { 'if-match': '"r1"' })).status).toBe(412);
  });

  it('lets one of two at once pass', async () => {
    const both = await Promise.all([putPrices(LIST), putPrices({})]);
    const versions = await rows<{ version: number }>('SELECT version FROM price_lists');
    expect(new Set(versions.map(({ version }) => version)).size).toBe(versions.length);
    expect(both.filter(({ status }) => status === 200)).toHaveLength(versions.length);
  });
});
