/** Gas accounts with GAS in them, as a deposit brings it: a move of the platform's book. */
import { env } from 'cloudflare:workers';
import { expect } from 'vitest';
import { bookName, PLATFORM, unclaimedOf } from '../../worker/core/ledger/book.ts';
import type { MoveAnswer } from '../../worker/core/ledger/moves.ts';
import { parseGas } from '../../worker/core/money.ts';
import type { Env } from '../../worker/env.ts';
import type { Called, Tenant } from './harness.ts';
import { NETWORKS } from './small-chain.ts';

const { ACCOUNT_LEDGER } = env as unknown as Env;

export const bookOf = (accountId: string, magic: number = NETWORKS.up.magic) =>
  ACCOUNT_LEDGER.getByName(bookName({ magic, owner: accountId }));

export async function openGasAccount(tenant: Tenant, fields: object = {}): Promise<Called> {
  const body = { network: NETWORKS.up.id, ...fields };
  const opened = await tenant.call('POST /gasbank/gas-accounts', { body });
  expect(opened.status, opened.text).toBe(201);
  return opened;
}

export function datoshi(gas: string): bigint {
  const parsed = parseGas(gas, 'gas');
  if (!parsed.ok) throw new Error(`no amount of GAS: ${gas}`);
  return parsed.value;
}

/** Apart from the keys of other tests, which book deposits in the same books. */
const KEY = '6a'.repeat(16);
let deposits = 0;

/** To the fund of this name; answers as the book does. */
export async function deposit(tenant: Tenant, gas: string, name = 'main'): Promise<MoveAnswer> {
  deposits += 1;
  const { magic } = NETWORKS.up;
  const taken = await bookOf(tenant.accountId).receive({
    magic,
    fromOwner: 'platform',
    toOwner: tenant.accountId,
    toFund: name,
    number: deposits,
    id: `${String(magic)}:0x${KEY}${deposits.toString(16).padStart(32, '0')}:0`,
    amount: datoshi(gas),
    closedHeight: 0,
  });
  if (!taken.ok) throw new Error('a deposit was refused');
  return taken.value;
}

/** What a deleted account has left, as its purge brings it to the platform's book. */
export async function leaveUnclaimed(accountId: string, gas: string): Promise<void> {
  deposits += 1;
  const taken = await bookOf(PLATFORM).receive({
    magic: NETWORKS.up.magic,
    fromOwner: accountId,
    toOwner: PLATFORM,
    toFund: unclaimedOf(accountId),
    number: deposits,
    id: `accounts/unclaimed:main:${String(deposits)}`,
    amount: datoshi(gas),
    closedHeight: 0,
  });
  expect(taken, 'what was left is booked').toMatchObject({ ok: true, value: { isTaken: true } });
}

/** A gas account with so much in it. */
export async function openFunded(
  tenant: Tenant,
  gas: string,
  fields: object = {},
): Promise<Called> {
  const opened = await openGasAccount(tenant, fields);
  await deposit(tenant, gas, opened.body.name);
  return opened;
}
