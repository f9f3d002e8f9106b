/**
 * What must hold at every moment: each book is what the model says, adds up to nothing, owes nobody
 * below zero; holds and reserved GAS agree; budgets are kept; and over all books every datoshi that
 * came from the chain is in exactly one place, GAS in transit counted once.
 */
import { CAPS } from './commands.ts';
import type { Bank } from './run.ts';
import { OWNERS, PLATFORM_OWNER } from './world.ts';

const CREDITS: { readonly [account: string]: string } = {
  credits_available: 'credits',
  credits_reserved: 'credits held',
};

export async function expectBook(bank: Bank, owner: string): Promise<void> {
  const book = bank.books.get(owner);
  const model = bank.models.get(owner);
  if (book === undefined || model === undefined) return;
  const fail = (what: string) => bank.violations.push(`${owner}: ${what}`);
  // Text and integer columns, by the statement.
  const accounts = (await book.rows('SELECT name, balance FROM accounts')) as unknown as readonly {
    readonly name: string;
    readonly balance: number;
  }[];
  for (const { name, balance } of accounts) {
    if (name === 'other_books' || name.startsWith('chain/') || name.startsWith('credits_')) {
      const purse = CREDITS[name];
      if (purse !== undefined && model.has(purse) !== BigInt(balance))
        fail(`${name} is ${balance}, the model has ${model.has(purse)}`);
      continue;
    }
    const expected = model.has(name.replace('/', ' '));
    if (expected !== BigInt(balance)) fail(`${name} is ${balance}, the model has ${expected}`);
    const mayOwe = name === 'available/equity' || name === 'available/clearing';
    if (balance < 0 && !mayOwe) fail(`${name} is below zero`);
  }
  const known = new Set(accounts.map(({ name }) => name.replace('/', ' ')));
  for (const [purse, amount] of model.purses)
    if (amount !== 0n && !known.has(purse) && !/^(credits|on chain)/.test(purse))
      fail(`${purse} is missing`);
  for (const { what, problem } of PROBLEMS) if ((await book.rows(problem)).length > 0) fail(what);
}

const PROBLEMS: readonly { readonly what: string; readonly problem: string }[] = [
  {
    what: 'accounts of a unit do not add up to nothing',
    problem: 'SELECT unit FROM accounts GROUP BY unit HAVING SUM(balance) <> 0',
  },
  {
    what: 'reserved GAS is not what open holds hold',
    problem: `SELECT name FROM accounts WHERE name LIKE 'reserved/%' AND balance <>
      (SELECT COALESCE(SUM(gas), 0) FROM holds WHERE state = 'held' AND 'reserved/' || fund = name)`,
  },
  {
    what: 'GAS in transit is not what moves carry',
    problem: `SELECT name FROM accounts WHERE name LIKE 'in_transit/%' AND balance <>
      (SELECT COALESCE(SUM(amount), 0) FROM moves WHERE state = 'moving'
         AND 'in_transit/' || fund = name)`,
  },
  {
    what: 'a balance is not that of its last line',
    problem: `SELECT name FROM accounts WHERE balance <> (SELECT balance FROM lines
      WHERE account = accounts.number ORDER BY entry DESC LIMIT 1)`,
  },
  {
    what: 'a budget of a day was passed',
    problem: Object.entries(CAPS)
      .map(
        ([name, cap]) =>
          `SELECT counter FROM counters WHERE counter LIKE '${name}%' AND used > ${String(cap)}`,
      )
      .join(' UNION ALL '),
  },
  {
    what: 'counters of open holds are not what open holds count',
    problem: `SELECT counter FROM counters WHERE span = -2 AND used <>
      (SELECT COUNT(*) FROM holds WHERE state = 'held'
         AND charges LIKE '%[-2,"' || counter || '",%')`,
  },
];

/** Deposits less payouts are somewhere: what one book has taken and the other not cleared, once. */
export async function expectWorld(bank: Bank): Promise<void> {
  let chain = 0n;
  let owned = 0n;
  let twice = 0n;
  for (const owner of OWNERS) {
    const book = bank.books.get(owner);
    // By the statement.
    const rows = (await book?.rows(
      `SELECT name, balance FROM accounts WHERE unit = 'gas'`,
    )) as unknown as readonly { readonly name: string; readonly balance: number }[];
    for (const { name, balance } of rows)
      if (name.startsWith('chain/')) chain -= BigInt(balance);
      else if (name !== 'other_books') owned += BigInt(balance);
  }
  for (const sent of bank.sent.values())
    if (bank.models.get(sent.to)?.hasTaken(sent)) twice += sent.amount;
  const model = bank.models.get(PLATFORM_OWNER)?.has('on chain');
  if (chain !== model) bank.violations.push(`the chain holds ${model}, the books say ${chain}`);
  if (owned - twice !== chain)
    bank.violations.push(`${owned} owned less ${twice} in transit is not ${chain}`);
}

/** Whoever has heard of a checkpoint has closed it, else the next proof would be of no one moment. */
export async function expectClosed(bank: Bank, owner: string, height: number): Promise<void> {
  const [row] = (await bank.books.get(owner)?.rows('SELECT checkpoint_height FROM book')) ?? [];
  if (Number(row?.checkpoint_height) < height)
    bank.violations.push(`${owner} has heard of ${height} and not closed it`);
}
