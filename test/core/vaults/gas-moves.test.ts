/** Which payment an event of the vault belongs to, attacked. */
import { describe, expect, test } from 'vitest';
import type { ChainEvent } from '../../../worker/core/chain-follower/event.ts';
import { countWhole, readGasMoves } from '../../../worker/core/vaults/gas-moves.ts';
import {
  account,
  bytes,
  deposit,
  event,
  GAS,
  hash,
  integer,
  STRANGER,
  transfer,
  txHash,
  VAULT,
} from './moves-under-test.ts';

const NOTHING = { type: 'Any' } as const;

/** The data of each payment into the vault, as text; null for none, false for no event of it. */
function dataOf(events: readonly ChainEvent[]) {
  const read = readGasMoves(events, VAULT);
  if (!read.ok) return read.eventId;
  return read.moves
    .filter(({ to }) => to === VAULT)
    .map(({ deposit: paid }) => {
      if (paid === null) return false;
      return paid.data && new TextDecoder().decode(paid.data);
    });
}

const payment = (amount: bigint) => transfer(STRANGER, VAULT, amount);
const saying = (amount: bigint, text: string, fields: Partial<ChainEvent> = {}) =>
  deposit(STRANGER, amount, bytes(text), fields);

describe('a payment into the vault', () => {
  test('has the data of the event right after it', () => {
    expect(dataOf([payment(1n), saying(1n, 'a'), payment(1n), saying(1n, 'b')])).toEqual([
      'a',
      'b',
    ]);
    expect(dataOf([payment(1n), deposit(STRANGER, 1n, NOTHING)])).toEqual([null]);
  });

  test('is not confused by what others do in between', () => {
    const elsewhere = transfer(STRANGER, hash(9), 4n);
    expect(dataOf([payment(1n), elsewhere, saying(1n, 'a')])).toEqual(['a']);
  });

  test.each<[string, readonly ChainEvent[]]>([
    ['of another contract', [payment(1n), saying(1n, 'a', { contract: hash(9) })]],
    ['of GAS itself', [payment(1n), saying(1n, 'a', { contract: GAS })]],
    ['of another name', [payment(1n), saying(1n, 'a', { eventName: 'deposit' })]],
    ['of another transaction', [payment(1n), saying(1n, 'a', { transaction: txHash(2) })]],
    ['that comes before it', [saying(1n, 'a'), payment(1n)]],
    ['of another amount', [payment(1n), saying(2n, 'a')]],
    ['of another payer', [payment(1n), deposit(hash(9), 1n, bytes('a'))]],
    ['of a mint', [payment(1n), deposit(null, 1n, bytes('a'))]],
    [
      'that has a value more',
      [
        payment(1n),
        event([account(STRANGER), integer(1n), bytes('a'), NOTHING], {
          contract: VAULT,
          eventName: 'Deposit',
        }),
      ],
    ],
    ['that cannot be read', [payment(1n), event(null, { contract: VAULT, eventName: 'Deposit' })]],
    ['whose data is a number', [payment(1n), deposit(STRANGER, 1n, integer(97n))]],
  ])('has no data by an event %s', (_name, events) => {
    expect(dataOf(events)).toEqual([false]);
  });

  test('keeps no event for a later one: one event is of one payment', () => {
    expect(dataOf([payment(1n), saying(1n, 'a'), saying(1n, 'b')])).toEqual(['a']);
    expect(dataOf([payment(1n), payment(1n), saying(1n, 'a')])).toEqual([false, 'a']);
  });

  test('stops the reading where a transfer of GAS cannot be read', () => {
    expect(dataOf([payment(1n), event(null, { id: 'torn' })])).toBe('torn');
    expect(dataOf([event([account(STRANGER), integer(1n)], { id: 'short' })])).toBe('short');
  });

  test('is not one in another token', () => {
    expect(dataOf([transfer(STRANGER, VAULT, 1n, { contract: hash(9) }), saying(1n, 'a')])).toEqual(
      [],
    );
  });
});

describe('a page that is not the last', () => {
  const of = (...transactions: readonly number[]) =>
    transactions.map((byte) => transfer(STRANGER, hash(9), 1n, { transaction: txHash(byte) }));

  test('is read up to the transaction that it may have cut', () => {
    expect(countWhole(of(1, 1, 2, 3, 3), VAULT)).toBe(3);
    expect(countWhole([], VAULT)).toBe(0);
  });

  test('keeps the fees of a transaction apart from what its script did', () => {
    const fee = transfer(STRANGER, null, 1n, { trigger: 'OnPersist' });
    expect(countWhole([fee, ...of(1)], VAULT)).toBe(1);
  });

  test('of one transaction is read as a whole, but for a payment without its event', () => {
    expect(countWhole(of(1, 1, 1), VAULT)).toBe(3);
    expect(countWhole([...of(1, 1), payment(1n)], VAULT)).toBe(2);
    expect(countWhole([payment(1n)], VAULT)).toBe(1);
  });
});
