/** `GET /operator/gasbank/unclaimed`: what deleted accounts have left on a network. */
import { describe, expect, it } from 'vitest';
import { newId } from '../../../worker/http/request-context.ts';
import { leaveUnclaimed } from '../../support/gas-account.ts';
import { call } from '../../support/harness.ts';
import { MAGIC, NETWORK } from './withdrawals-under-test.ts';

const list = (query: string) => call(`GET /operator/gasbank/unclaimed?${query}`);

describe('200', () => {
  it('M17: lists each account once, page by page, and no other fund', async () => {
    expect((await list(`network=${NETWORK}`)).body).toEqual({ items: [], nextCursor: null });
    const ids = [1, 2, 3].map((at) => newId('account', at));
    for (const [index, id] of ids.entries()) await leaveUnclaimed(id, String(index + 1));
    const first = await list(`network=${NETWORK}&limit=2`);
    expect(first.body.items).toEqual(
      ids.slice(0, 2).map((id, index) => ({
        id,
        network: NETWORK,
        networkMagic: MAGIC,
        available: String(index + 1),
      })),
    );
    const rest = await list(`network=${NETWORK}&limit=2&cursor=${first.body.nextCursor}`);
    expect(rest.body).toMatchObject({ items: [{ id: ids[2], available: '3' }], nextCursor: null });
  });
});

describe('400', () => {
  it('wants a network, and a cursor of its own', async () => {
    expect((await list('')).body.fields).toMatchObject([{ pointer: 'query/network' }]);
    expect((await list(`network=${NETWORK}&cursor=%21`)).body.code).toBe('request.malformed');
  });
});

describe('404', () => {
  it('knows no such network', async () => {
    const unknown = await list('network=neo3:elsewhere');
    expect(unknown).toMatchObject({ status: 404, body: { code: 'chain.network_unknown' } });
  });
});
