/** `GET /operator/gasbank/wallets`: what the platform pays with. */
import { describe, expect, it } from 'vitest';
import { call } from '../../support/harness.ts';
import { makePlatformWallet, NETWORK } from './vaults-under-test.ts';

describe('200', () => {
  it('shows wallets of all networks or of one, newest first, and no key', async () => {
    const operator = await makePlatformWallet('operator');
    const sponsor = await makePlatformWallet('sponsor');
    const list = await call('GET /operator/gasbank/wallets');
    const ids = list.body.items.map(({ id }: { id: string }) => id);
    expect(new Set(ids)).toEqual(new Set([operator.body.id, sponsor.body.id]));
    expect(list.text).not.toMatch(/sealed/);
    const none = await call('GET /operator/gasbank/wallets?network=neo3:other');
    expect(none.body.items).toEqual([]);
    const some = await call(`GET /operator/gasbank/wallets?network=${NETWORK}`);
    expect(some.body.items).toHaveLength(2);
  });
});
