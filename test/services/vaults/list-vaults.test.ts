/** `GET /operator/gasbank/vaults`. */
import { describe, expect, it } from 'vitest';
import { call } from '../../support/harness.ts';
import { registered } from './vaults-under-test.ts';

describe('200', () => {
  it('shows none, and then the one of the network', async () => {
    expect((await call('GET /operator/gasbank/vaults')).body.items).toEqual([]);
    const { vault } = await registered();
    const list = await call('GET /operator/gasbank/vaults');
    expect(list.body.items).toMatchObject([{ contract: vault }]);
  });
});
