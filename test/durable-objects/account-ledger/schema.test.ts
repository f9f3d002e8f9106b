/** What the schema refuses, whatever the code above it does. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  bookRig,
  CUSTOMER,
  funded,
  NEIGHBOUR,
  PLATFORM,
  reserveOf,
  startClock,
  stopClock,
} from './ledger-rig.ts';

beforeEach(stopClock);
afterEach(startClock);

const number = (name: string) => `(SELECT number FROM accounts WHERE name = '${name}')`;
const entry = (from: string, to: string, amount: string | number) =>
  `INSERT INTO entries (number, at, command, kind, from_account, to_account, amount)
   SELECT MAX(number) + 1, 0, 'a/b', 'x', ${number(from)}, ${number(to)}, ${amount} FROM entries`;

async function book() {
  const rig = await funded(100n);
  await rig.give(reserveOf('one', 60n));
  await rig.give({ kind: 'allocate', id: 'a', owner: 'gasbank', amount: 50n, budgets: [] });
  await rig.give({ kind: 'bind', id: 'b', owner: 'sponsorships', hold: 'one' });
  return rig;
}

describe('the schema of a book', () => {
  it.each([
    ['M17 an entry from credits to GAS', entry('credits_available', 'available/main', 1)],
    ['M17 an entry from GAS to credits', entry('available/main', 'credits_available', 1)],
    ['an entry above what is there', entry('available/main', 'spent', 41)],
    ['an entry of nothing', entry('available/main', 'spent', 0)],
    ['an entry of less than nothing', entry('available/main', 'reserved/main', -1)],
    ['an entry of part of a datoshi', entry('available/main', 'reserved/main', 0.5)],
    ['an entry from an account that is not there', entry('available/side', 'reserved/main', 1)],
    ['an entry to itself', entry('available/main', 'available/main', 1)],
    [
      'an amount beyond what numbers hold',
      entry('other_books', 'available/main', '9007199254740992'),
    ],
    ['a sum beyond what numbers hold', entry('other_books', 'available/main', '9007199254740991')],
    ['a changed entry', 'UPDATE entries SET amount = 1'],
    ['a removed entry', 'DELETE FROM entries'],
    ['a removed id', 'DELETE FROM commands'],
    ['a removed hold', 'DELETE FROM holds'],
    ['another owner', "UPDATE book SET owner = 'platform'"],
    ['another network', 'UPDATE book SET magic = 1'],
    ['M7 a bound hold that is timed again', "UPDATE holds SET kind = 'timed', expires_at = 1"],
    [
      'M7 a bound hold that ends without a verdict',
      "UPDATE holds SET state = 'released', ended_at = 1",
    ],
    ['a hold of more than was held', 'UPDATE holds SET gas = 70'],
    ['M17 a bound hold with credits', 'UPDATE holds SET credits = 1'],
    ['a counter below nothing', "INSERT INTO counters VALUES (1, 'c', -1)"],
  ])('refuses %s', async (_name, statement) => {
    const rig = await book();
    await expect(rig.rows(statement)).rejects.toThrow();
    expect(await rig.rows('SELECT SUM(balance) AS sum FROM accounts')).toEqual([{ sum: 0 }]);
  });

  it('lets a hold end once', async () => {
    const rig = await book();
    const end = "UPDATE holds SET state = 'captured', ended_at = 1, verdict = 'halt'";
    await rig.rows(end);
    await expect(rig.rows(end)).rejects.toThrow(/ends once/);
  });

  it('M17 has no account in which credits could leave', async () => {
    const rig = await book();
    const insert =
      "INSERT INTO accounts (name, heading, unit, is_bounded) VALUES ('x', 'x', 'credit', 1)";
    await expect(rig.rows(insert)).rejects.toThrow(/CHECK/);
    const owing =
      "INSERT INTO accounts (name, heading, unit, is_bounded) VALUES ('x', 'x', 'gas', 0)";
    await expect(rig.rows(owing)).rejects.toThrow(/CHECK/);
  });

  it.each([
    ['the platform', PLATFORM],
    ['another account', NEIGHBOUR],
    ['the same account on another network', { ...CUSTOMER, magic: 860_833_102 }],
  ])('M1 takes no command for %s', async (_name, other) => {
    const rig = await book();
    const command = reserveOf('two', 1n);
    await rig.within(async (ledger) => {
      await expect(ledger.execute({ book: other, command })).rejects.toThrow(/another account/);
    });
    expect(await rig.balance('available/main')).toBe(40n);
  });

  it('M1 is made for an account or the platform alone', async () => {
    const nobody = bookRig({ magic: 1, owner: 'nobody' });
    await nobody.within(async (ledger) => {
      const order = { book: nobody.book, command: reserveOf('one', 1n) };
      await expect(ledger.execute(order)).rejects.toThrow(/of an account or the platform/);
    });
  });
});
