/** `GET /operator/gasbank/prices` */
import { describe, expect, it } from 'vitest';
import { call, openTenant } from '../../support/harness.ts';
import { NETWORK, PRICES, setPrices } from './metering-under-test.ts';

const read = (network: string, token?: string) =>
  call(`GET ${PRICES}?network=${network}`, token === undefined ? {} : { token });

describe('200', () => {
  it('is free before anybody sets a price', async () => {
    const { status, body, headers } = await read(NETWORK.id);
    expect([status, headers.get('etag')]).toEqual([200, '"r0"']);
    expect(body).toEqual({
      network: NETWORK.id,
      networkMagic: NETWORK.magic,
      version: 0,
      execution: '0',
      fuel: '0',
      storage: '0',
      creditsPerGas: null,
      initialAllocation: null,
      allocated: '0',
      createdAt: null,
      createdBy: null,
    });
  });

  it('answers the list that was set last', async () => {
    await setPrices({ execution: '1' });
    const set = await setPrices({ execution: '2' });
    expect((await read(NETWORK.id)).body).toEqual(set);
  });
});

describe('403', () => {
  it('is for operators', async () => {
    expect((await read(NETWORK.id, (await openTenant()).key)).status).toBe(403);
  });
});

describe('404', () => {
  it('refuses a network that is not served', async () => {
    expect((await read('neo3:nowhere')).body.code).toBe('chain.network_unknown');
  });
});
