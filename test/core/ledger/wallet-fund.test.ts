/** Which gas account a wallet has: one, in whichever way it is written, and no other wallet's. */
import { describe, expect, it } from 'vitest';
import { isFundName, MAIN } from '../../../worker/core/ledger/book.ts';
import { fundOfWallet } from '../../../worker/core/ledger/wallet-fund.ts';

const ADDRESS = 'NNLi44dJNXtDNSBkofB48aTVYtb1zZrNEs';
const BOOK = { magic: 7, owner: 'acc_01k4j8x1e0e4r9v2m3n5p6q7rs' };

describe('the gas account of a wallet', () => {
  it('is the same for an address and its script hash', () => {
    const fund = fundOfWallet(ADDRESS);
    expect(fund).toMatch(/^wallet-[0-9a-f]{40}$/);
    expect(fundOfWallet(`  ${ADDRESS}\n`)).toBe(fund);
    expect(fundOfWallet(`0x${fund.slice('wallet-'.length)}`)).toBe(fund);
  });

  it('is one for a name in any case, and none of an address', () => {
    expect(fundOfWallet('Payroll')).toBe(fundOfWallet('payroll '));
    const hex = fundOfWallet(ADDRESS).slice('wallet-'.length);
    for (const name of [hex.slice(1), `wallet-${hex}`, `${ADDRESS}1`, ADDRESS.toLowerCase()])
      expect(fundOfWallet(name)).toMatch(/^name-/);
  });

  it.each([ADDRESS, 'main', 'x'.repeat(200), '\u{1f4b0}', ' '])(
    'is a name that a book can have: %s',
    (wallet) => {
      const fund = fundOfWallet(wallet);
      expect(isFundName(BOOK, fund)).toBe(true);
      expect(fund).not.toBe(MAIN);
    },
  );
});
