/**
 * Amounts of GAS in every body of gas accounts: what a float, another parser or another unit would
 * make something of is refused with 400 by the name of the field, and nothing is done.
 */
import { describe, expect, it } from 'vitest';
import { openFunded, openGasAccount } from '../../support/gas-account.ts';
import { openTenant, type Tenant } from '../../support/harness.ts';
import { balanceOf, NETWORK, pathOf, reservationPath, reserve } from './gas-under-test.ts';

const WRONG: readonly (readonly [name: string, text: unknown])[] = [
  ['more than 8 decimals', '0.000000001'],
  ['more than 8 decimals, be they zero', '1.000000000'],
  ['a negative amount', '-1'],
  ['a sign', '+1'],
  ['an exponent', '1e3'],
  ['a datoshi more than the supply', '90071992.54740992'],
  ['more than the supply', '99999999'],
  ['far more than the supply', '1'.repeat(400)],
  ['a bare point', '.5'],
  ['a point without decimals', '1.'],
  ['leading zeros', '01'],
  ['another base', '0x10'],
  ['digits of another script', '\u0661'],
  ['white space', ' 1'],
  ['a line break', '1\n'],
  ['a comma', '1,5'],
  ['nothing', ''],
  ['a word', 'NaN'],
  ['a number', 1],
  ['a truth', true],
  ['a list', ['1']],
];
const NONE: typeof WRONG = [
  ['zero', '0'],
  ['zero with decimals', '0.00000000'],
];

const put = (pointer: string, value: unknown): object => {
  const [, outer = '', inner] = pointer.split('/');
  return inner === undefined ? { [outer]: value } : { [outer]: { [inner]: value } };
};

interface Field {
  readonly pointer: string;
  readonly mayBeZero?: true;
}
const TERMS: readonly Field[] = [
  { pointer: '/minimumBalance', mayBeZero: true },
  { pointer: '/dailyLimit', mayBeZero: true },
  { pointer: '/lowBalance' },
  { pointer: '/topUp/amount' },
  { pointer: '/topUp/perDay' },
];
const valuesOf = ({ mayBeZero }: Field) => (mayBeZero ? WRONG : [...WRONG, ...NONE]);

type Send = (body: object) => ReturnType<Tenant['call']>;

async function refusesAll(field: Field, send: Send, body: (value: unknown) => object) {
  for (const [name, value] of valuesOf(field)) {
    const refused = await send(body(value));
    expect(refused, name).toMatchObject({
      status: 400,
      body: { code: 'request.malformed', fields: [{ pointer: field.pointer }] },
    });
  }
}

describe.each(TERMS)('$pointer of a gas account', (field) => {
  const bodyOf = (fromGasAccountId: string, value: unknown): object => {
    const given = put(field.pointer, value);
    const rule = { fromGasAccountId, amount: '1', perDay: '1' };
    return 'topUp' in given
      ? { lowBalance: '1', topUp: { ...rule, ...(given.topUp as object) } }
      : given;
  };

  it('is refused when it is opened, which opens none', async () => {
    const tenant = await openTenant();
    const { id } = (await openGasAccount(tenant)).body;
    await refusesAll(
      field,
      (body) => tenant.call('POST /gasbank/gas-accounts', { body }),
      (value) => ({ network: NETWORK, name: 'hot', ...bodyOf(id, value) }),
    );
    expect((await tenant.call('GET /gasbank/gas-accounts')).body.items).toHaveLength(1);
  });

  it('is refused when it is changed, which changes nothing', async () => {
    const tenant = await openTenant();
    const { id } = (await openGasAccount(tenant)).body;
    const hot = await openGasAccount(tenant, { name: 'hot' });
    await refusesAll(
      field,
      (body) => tenant.call(`PATCH ${pathOf(hot)}`, { body }),
      (value) => bodyOf(id, value),
    );
    expect((await tenant.call(`GET ${pathOf(hot)}`)).body).toEqual(hot.body);
  });
});

describe('an amount', () => {
  const AMOUNT: Field = { pointer: '/amount' };

  it('of a transfer is refused, and nothing moves', async () => {
    const tenant = await openTenant();
    const from = await openFunded(tenant, '5');
    const to = await openGasAccount(tenant, { name: 'other' });
    const ids = { id: 'one', fromGasAccountId: from.body.id, toGasAccountId: to.body.id };
    await refusesAll(
      AMOUNT,
      (body) => tenant.call('POST /gasbank/transfers', { body }),
      (amount) => ({ ...ids, amount }),
    );
    expect(await balanceOf(tenant, from)).toMatchObject({ available: '5', sequence: 1 });
  });

  it('of a reservation is refused, and nothing is put aside', async () => {
    const tenant = await openTenant();
    const account = await openFunded(tenant, '5');
    const rest = { gasAccountId: account.body.id, purpose: 'work', expiresInSeconds: 60 };
    await refusesAll(
      AMOUNT,
      (body) => tenant.call('POST /gasbank/reservations', { body }),
      (amount) => ({ id: 'one', ...rest, amount }),
    );
    expect(await balanceOf(tenant, account)).toMatchObject({ available: '5', sequence: 1 });
  });

  it('of a capture is refused, and nothing is taken', async () => {
    const tenant = await openTenant();
    const account = await openFunded(tenant, '5');
    await reserve(tenant, account);
    await refusesAll(
      AMOUNT,
      (body) => tenant.call(`POST ${reservationPath()}/capture`, { body }),
      (amount) => ({ amount }),
    );
    expect(await balanceOf(tenant, account)).toMatchObject({ reserved: '1', sequence: 2 });
  });
});
