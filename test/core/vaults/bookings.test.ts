/** M10: the one entry of every move, row by row; each row changes one thing of another. */
import { describe, expect, test } from 'vitest';
import { type Booking, bookingOf, type OwnPlaces } from '../../../worker/core/vaults/bookings.ts';
import type { GasMove } from '../../../worker/core/vaults/gas-moves.ts';
import { event, FUNDING, hash, SPONSOR, STRANGER, VAULT } from './moves-under-test.ts';

const GAS_ACCOUNT = 'gas_01k4j8x1e0e4r9v2m3n5p6q7rs';
const YOUNG = hash(7);

const places: OwnPlaces = {
  vault: VAULT,
  watched: new Map([
    [VAULT, 10],
    [SPONSOR, 20],
    [YOUNG, 100],
  ]),
  funding: new Set([FUNDING]),
};

const data = (text: string) => new TextEncoder().encode(text);
const move = (fields: Partial<GasMove>): GasMove => ({
  event: event(null),
  from: STRANGER,
  to: VAULT,
  amount: 5n,
  deposit: { from: STRANGER, amount: 5n, data: data(GAS_ACCOUNT) },
  ...fields,
});

type Row = readonly [name: string, move: GasMove, booking: object | null];
const noDeposit = { deposit: null };

const rows: readonly Row[] = [
  [
    'a payment to the vault: for the gas account that it names',
    move({}),
    { kind: 'claimed', direction: 'in', address: VAULT, counterparty: STRANGER },
  ],
  ['of nothing', move({ amount: 0n }), null],
  ['between strangers', move({ to: hash(9), ...noDeposit }), null],
  ['to oneself', move({ from: VAULT, ...noDeposit }), null],
  [
    'contradicted by a node (M5)',
    move({ event: event(null, { isContradicted: true }) }),
    { kind: 'suspense', reason: 'contradicted' },
  ],
  ['without an event of the vault', move(noDeposit), { reason: 'no_event_of_the_vault' }],
  [
    'without data: by who paid',
    move({ deposit: { from: STRANGER, amount: 5n, data: null } }),
    { kind: 'claimed', claim: { kind: 'wallet', account: STRANGER } },
  ],
  [
    'minted without data',
    move({ from: null, deposit: { from: null, amount: 5n, data: null } }),
    { kind: 'suspense', reason: 'sender_unknown' },
  ],
  [
    'with data that is no id',
    move({ deposit: { from: STRANGER, amount: 5n, data: data('gas_1') } }),
    { kind: 'suspense', reason: 'account_unknown' },
  ],
  [
    'with data that is no text',
    move({ deposit: { from: STRANGER, amount: 5n, data: Uint8Array.of(0xff) } }),
    { kind: 'suspense', reason: 'account_unknown' },
  ],
  [
    'from a funding address to the vault: a deposit all the same',
    move({ from: FUNDING }),
    { kind: 'claimed' },
  ],
  [
    'to a wallet, by a stranger',
    move({ to: SPONSOR, ...noDeposit }),
    { kind: 'suspense', reason: 'wallet_payment' },
  ],
  [
    'to a wallet, by the operator',
    move({ to: SPONSOR, from: FUNDING, ...noDeposit }),
    { kind: 'decided', direction: 'in', destination: 'equity' },
  ],
  [
    'to a wallet, minted',
    move({ to: SPONSOR, from: null, ...noDeposit }),
    { kind: 'suspense', reason: 'wallet_payment' },
  ],
  [
    'by the operator in a block that is contradicted',
    move({
      to: SPONSOR,
      from: FUNDING,
      event: event(null, { isContradicted: true }),
      ...noDeposit,
    }),
    { kind: 'suspense', reason: 'contradicted' },
  ],
  [
    'from the vault to a wallet: nobody’s gain',
    move({ from: VAULT, to: SPONSOR, ...noDeposit }),
    { direction: 'internal', address: VAULT, counterparty: SPONSOR, destination: null },
  ],
  [
    'from the vault to a stranger: a withdrawal',
    move({ from: VAULT, to: STRANGER, ...noDeposit }),
    { direction: 'out', address: VAULT, counterparty: STRANGER, destination: 'clearing' },
  ],
  [
    'from a wallet to a stranger: the operator’s',
    move({ from: SPONSOR, to: STRANGER, ...noDeposit }),
    { direction: 'out', address: SPONSOR, destination: 'equity' },
  ],
  [
    'burned as a fee',
    move({ from: SPONSOR, to: null, ...noDeposit }),
    { direction: 'out', counterparty: null, destination: 'equity' },
  ],
  [
    'from the vault to a wallet whose opening balance has it',
    move({ from: VAULT, to: YOUNG, ...noDeposit }),
    { direction: 'out', address: VAULT, counterparty: YOUNG, destination: 'equity' },
  ],
  [
    'from such a wallet to the vault',
    move({ from: YOUNG, to: VAULT }),
    { direction: 'in', address: VAULT, counterparty: YOUNG, destination: 'equity' },
  ],
  ['to such a wallet alone', move({ to: YOUNG, ...noDeposit }), null],
  [
    'to such a wallet, one block later',
    move({ to: YOUNG, event: event(null, { height: 101 }), ...noDeposit }),
    { kind: 'suspense', reason: 'wallet_payment' },
  ],
];

describe('M10: GAS that moves', () => {
  test.each(rows)('%s', (_name, one, booking) => {
    const made: Booking | null = bookingOf(one, places);
    if (booking === null) expect(made).toBeNull();
    else expect(made).toMatchObject(booking);
  });
});
