/** `GET /operator/gasbank/wallets/{platformWalletId}`. */
import { describe, expect, it } from 'vitest';
import { call } from '../../support/harness.ts';
import { makePlatformWallet, registered } from './vaults-under-test.ts';

describe('200', () => {
  it('shows the wallet as it was made', async () => {
    const { body } = await makePlatformWallet('sponsor');
    const read = await call(`GET /operator/gasbank/wallets/${body.id}`);
    expect(read.body).toEqual(body);
  });

  it('says since when it is booked', async () => {
    const { sponsor, chain } = await registered();
    const read = await call(`GET /operator/gasbank/wallets/${sponsor.body.id}`);
    expect(read.body.watchedHeight).toBe(chain.height);
  });
});

describe('404', () => {
  it('shows nothing for an id that is none of a wallet', async () => {
    const read = await call('GET /operator/gasbank/wallets/pwl_01k4j8x1e0e4r9v2m3n5p6q7rs');
    expect(read.body.code).toBe('request.not_found');
  });
});
