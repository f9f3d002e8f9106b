/** `PUT /operator/gasbank/wallets/{platformWalletId}/refill-rule`. */
import { describe, expect, it } from 'vitest';
import { call } from '../../support/harness.ts';
import { makePlatformWallet } from './vaults-under-test.ts';

const put = (id: string, refillRule: object | null) =>
  call(`PUT /operator/gasbank/wallets/${id}/refill-rule`, { body: { refillRule } });
const RULE = { below: '5', upTo: '20.5' };

describe('200', () => {
  it('sets the rule of a sponsor, and takes it away', async () => {
    const { body } = await makePlatformWallet('sponsor');
    expect((await put(body.id, RULE)).body.refillRule).toEqual(RULE);
    expect((await put(body.id, null)).body.refillRule).toBeNull();
  });
});

describe('400', () => {
  it.each([
    ['that fills up to less than it starts at', { below: '5', upTo: '5' }, '/refillRule/upTo'],
    ['of nothing', { below: '0', upTo: '5' }, '/refillRule/below'],
    ['below zero', { below: '-1', upTo: '5' }, '/refillRule/below'],
    ['of nine decimals', { below: '0.000000001', upTo: '5' }, '/refillRule/below'],
    ['with an exponent', { below: '1', upTo: '1e3' }, '/refillRule/upTo'],
  ])('refuses a rule %s by the name of the field', async (_name, rule, pointer) => {
    const { body } = await makePlatformWallet('sponsor');
    const refused = await put(body.id, rule);
    expect(refused).toMatchObject({ status: 400, body: { fields: [{ pointer }] } });
  });
});

describe('404', () => {
  it('sets nothing for a wallet that is not there', async () => {
    expect((await put('pwl_01k4j8x1e0e4r9v2m3n5p6q7rs', RULE)).status).toBe(404);
  });
});

describe('409', () => {
  it('refills no operator, and nothing that is retired', async () => {
    const operator = await makePlatformWallet('operator');
    expect((await put(operator.body.id, RULE)).body.code).toBe('vaults.not_a_sponsor');
    const { body } = await makePlatformWallet('sponsor');
    await call(`POST /operator/gasbank/wallets/${body.id}/retire`);
    expect((await put(body.id, RULE)).body.code).toBe('wallets.retired');
  });
});
