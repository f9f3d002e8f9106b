/**
 * Decisions in the order in which they refuse: in each table a row mends exactly one fault of the
 * row above, and the last one is taken. A change of the order, or a check that is gone, breaks a row.
 */
import { describe, expect, it } from 'vitest';
import { bodyOf } from '../../../worker/core/ledger/check-command.ts';
import type {
  Assign,
  Capture,
  ChainEntry,
  Command,
  Move,
  Reserve,
  Settle,
  Withdraw,
} from '../../../worker/core/ledger/commands.ts';
import { decide } from '../../../worker/core/ledger/decide.ts';
import { type Book, CUSTOMER, holdOf, NOW, PLATFORM_BOOK, STRANGER, viewOf } from './view.ts';

type Row = readonly [book: Book, command: Command, answer: string];

function told([book, command]: Row): string {
  const decided = decide(viewOf(book), command, NOW);
  if (decided.ok) return decided.value.kind;
  const [field] = decided.failure.fields ?? [];
  return field === undefined ? decided.failure.code : `${decided.failure.code} ${field.pointer}`;
}

const follows = (rows: readonly Row[]) => {
  for (const row of rows) expect(told(row), row[2]).toBe(row[2]);
};

const known = (command: Command) => ({
  [`${command.owner}/${command.id}`]: {
    body: bodyOf(command),
    receipt: {
      id: command.id,
      kind: command.kind,
      at: NOW,
      lastEntry: 1,
      gas: 1n,
      credits: 0n,
      available: 0n,
      expiresAt: null,
      destination: null,
    },
  },
});

const BUDGET = { counter: 'policy:1', window: 'day', counts: 'amount', cap: 10n } as const;
const reserve: Reserve = {
  kind: 'reserve',
  id: 'one',
  owner: 'sponsorships',
  fund: 'main',
  amount: 6n,
  source: 'gas',
  until: { kind: 'chain' },
  purpose: 'sponsorships.fee',
  budgets: [BUDGET],
};

describe('a hold', () => {
  it('is refused by form, id, book, fund, source, budget and money, in this order', () => {
    const mistaken = { ...reserve, amount: 0n, source: 'credits_first' } as const;
    const other = known({ ...reserve, amount: 5n });
    const wrong: Book = { commands: other, isClosed: true, isFull: true, used: { 'policy:1': 5n } };
    const amended = { ...mistaken, amount: 6n };
    const free: Book = { ...wrong, commands: {} };
    const open: Book = { ...free, isClosed: false };
    const roomy: Book = { ...open, isFull: false };
    const main: Book = { ...roomy, funds: { main: 'open' } };
    const within: Book = { ...main, used: { 'policy:1': 4n } };
    follows([
      [wrong, mistaken, 'gasbank.command_invalid amount'],
      [wrong, amended, 'gasbank.command_conflict'],
      [free, amended, 'gasbank.book_closed'],
      [open, amended, 'gasbank.full'],
      [roomy, amended, 'gasbank.fund_not_found'],
      [main, amended, 'gasbank.command_invalid source'],
      [main, reserve, 'gasbank.budget_exceeded'],
      [within, reserve, 'gasbank.insufficient_funds'],
      [{ ...within, balances: { 'available/main': 5n } }, reserve, 'gasbank.insufficient_funds'],
      [{ ...within, balances: { 'available/main': 6n } }, reserve, 'change'],
    ]);
  });

  it('is answered as before when the same comes again, whatever the book is like now', () => {
    const book: Book = { commands: known(reserve), isClosed: true, isFull: true };
    follows([
      [book, reserve, 'repeat'],
      // What the policy says today is not what was asked.
      [book, { ...reserve, budgets: [], keepAtLeast: 5n, note: 'again' }, 'repeat'],
      [book, { ...reserve, purpose: 'else' }, 'gasbank.command_conflict'],
      [book, { ...reserve, until: { kind: 'timed', forMs: 5 } }, 'gasbank.command_conflict'],
      [book, { ...reserve, owner: 'withdrawals' }, 'gasbank.book_closed'],
    ]);
  });

  it('leaves what has to stay available', () => {
    const book: Book = { funds: { main: 'open' }, balances: { 'available/main': 8n } };
    follows([
      [book, { ...reserve, keepAtLeast: 3n }, 'gasbank.insufficient_funds'],
      [book, { ...reserve, keepAtLeast: 2n }, 'change'],
    ]);
  });

  it('M17 takes credits for work and never for what is bound to the chain', () => {
    const balances = { 'available/main': 3n, credits_available: 3n };
    const book: Book = { funds: { main: 'open' }, balances };
    const timed = { ...reserve, until: { kind: 'timed', forMs: 1_000 }, budgets: [] } as const;
    follows([
      [book, { ...reserve, source: 'credits_first' }, 'gasbank.command_invalid source'],
      [book, { ...timed, source: 'gas' }, 'gasbank.insufficient_funds'],
      [book, { ...timed, source: 'credits' }, 'gasbank.insufficient_funds'],
      [book, { ...timed, source: 'credits_first', amount: 7n }, 'gasbank.insufficient_funds'],
      [book, { ...timed, source: 'credits_first' }, 'change'],
    ]);
  });
});

describe('the end of a hold', () => {
  const capture: Capture = {
    kind: 'capture',
    id: 'two',
    owner: 'sponsorships',
    hold: 'one',
    amount: 10n,
    verdict: 'halt:0x00',
  };

  it('M7 is refused by owner, state, time, verdict, kind and amount, in this order', () => {
    const { verdict: _verdict, ...unproven } = capture;
    const bound = { kind: 'chain', expiresAt: null } as const;
    const payout = { payout: 5n, route: 'vault' } as const;
    const late = { state: 'released', endedAt: NOW, gas: 9n, ...payout } as const;
    const overdue = { ...late, state: 'held', endedAt: null, expiresAt: NOW } as const;
    const held = { ...overdue, ...bound } as const;
    follows([
      [{ holds: [holdOf(late)] }, { ...unproven, owner: 'reservations' }, 'gasbank.hold_not_found'],
      [{ holds: [holdOf(late)] }, unproven, 'gasbank.hold_ended'],
      [{ holds: [holdOf(overdue)] }, unproven, 'gasbank.hold_ended'],
      [{ holds: [holdOf(held)] }, unproven, 'gasbank.hold_bound'],
      [{ holds: [holdOf(held)] }, capture, 'gasbank.command_invalid hold'],
      [{ holds: [holdOf({ ...bound, gas: 9n })] }, capture, 'gasbank.amount_above_hold'],
      [{ holds: [holdOf(bound)] }, capture, 'change'],
    ]);
  });

  it('M14 takes the fee of a withdrawal up to its quote, on HALT and on FAULT', () => {
    const withdrawal = holdOf({ key: 'withdrawals/one', payout: 7n, route: 'vault' });
    const settle: Settle = {
      kind: 'settle',
      id: 'two',
      owner: 'withdrawals',
      hold: 'one',
      fee: 3n,
      outcome: 'paid',
    };
    const plain = holdOf({ key: 'withdrawals/one' });
    follows([
      [{ holds: [plain] }, settle, 'gasbank.command_invalid hold'],
      [{ holds: [withdrawal] }, { ...settle, fee: 4n }, 'gasbank.amount_above_hold'],
      [{ holds: [withdrawal] }, settle, 'change'],
      [{ holds: [withdrawal] }, { ...settle, outcome: 'faulted' }, 'change'],
    ]);
  });

  it('is taken by a book that is full, and a new hold is not', () => {
    const book: Book = { isFull: true, holds: [holdOf()], funds: { main: 'open' } };
    follows([
      [book, reserve, 'gasbank.full'],
      [book, capture, 'change'],
    ]);
  });

  it('binds a timed hold of GAS once, and only within its time', () => {
    const bind = { kind: 'bind', id: 'b', owner: 'sponsorships', hold: 'one' } as const;
    follows([
      [{ holds: [holdOf({ expiresAt: NOW })] }, bind, 'gasbank.hold_ended'],
      [{ holds: [holdOf({ kind: 'chain', expiresAt: null })] }, bind, 'gasbank.hold_bound'],
      [{ holds: [holdOf({ credits: 1n })] }, bind, 'gasbank.command_invalid hold'],
      [{ holds: [holdOf()] }, bind, 'change'],
    ]);
  });
});

describe('what meets the chain', () => {
  const vault = `0x${'a1'.repeat(20)}`;
  const entry: ChainEntry = {
    kind: 'chain_entry',
    id: `56753:0x${'0'.repeat(64)}:0`,
    owner: 'chain',
    height: 11,
    address: vault,
    direction: 'in',
    counterparty: null,
    amount: 5n,
    destination: { kind: 'book', owner: CUSTOMER.owner, fund: 'main' },
  };

  it('M1, M10 is refused by book, owner, network, destination and watch, in this order', () => {
    const book: Book = { book: PLATFORM_BOOK };
    const mistaken = {
      ...entry,
      owner: 'deposits',
      id: entry.id.replace('56753', '860833102'),
      destination: { kind: 'clearing' },
      height: 10,
    } as const;
    const own = { ...mistaken, owner: 'chain' };
    const here = { ...own, id: entry.id };
    const placed = { ...here, destination: entry.destination };
    const watching: Book = { ...book, watched: { [vault]: 10 } };
    follows([
      [{ book: CUSTOMER }, mistaken, 'gasbank.command_invalid kind'],
      [book, mistaken, 'gasbank.command_invalid owner'],
      [book, own, 'gasbank.command_invalid id'],
      [book, here, 'gasbank.command_invalid destination'],
      [book, placed, 'gasbank.address_unwatched'],
      [watching, placed, 'gasbank.before_watch'],
      [watching, entry, 'change'],
    ]);
  });

  it('M2 is answered with the first decision when a re-scan decides another', () => {
    const book: Book = { book: PLATFORM_BOOK, commands: known(entry) };
    follows([
      [book, { ...entry, destination: { kind: 'suspense' } }, 'repeat'],
      [book, { ...entry, amount: 6n }, 'gasbank.command_conflict'],
    ]);
  });

  it('M2 leaves suspense whole and under its own key, or not at all', () => {
    const fund = `suspense:${entry.id}`;
    const to = { owner: CUSTOMER.owner, fund: 'main' };
    const assign: Assign = { kind: 'assign', id: 'a', owner: 'operators', deposit: entry.id, to };
    const move = {
      kind: 'move',
      id: 'm',
      owner: 'operators',
      fund,
      amount: 5n,
      to,
      budgets: [],
    } as const;
    const balances = { [`available/${fund}`]: 5n } as const;
    const leaving = { ...balances, [`reserved/${fund}`]: 1n } as const;
    follows([
      [{ book: PLATFORM_BOOK, balances }, move, 'gasbank.command_invalid fund'],
      [{ book: PLATFORM_BOOK }, assign, 'gasbank.not_in_suspense'],
      [{ book: PLATFORM_BOOK, balances: leaving }, assign, 'gasbank.not_in_suspense'],
      [{ book: PLATFORM_BOOK, balances }, assign, 'change'],
    ]);
  });
});

describe('the form of a command', () => {
  const withdraw: Withdraw = {
    kind: 'withdraw',
    id: 'w',
    owner: 'withdrawals',
    fund: 'main',
    amount: 5n,
    fee: 1n,
    route: 'vault',
    until: { kind: 'timed', forMs: 1 },
    purpose: 'withdrawals.fee',
    budgets: [],
  };
  const to = { owner: STRANGER.owner, fund: 'main' };
  const move: Move = {
    kind: 'move',
    id: 'm',
    owner: 'x',
    fund: 'main',
    amount: 1n,
    budgets: [],
    to,
  };

  it.each<readonly [string, Partial<Withdraw>]>([
    ['id', { id: '' }],
    ['id', { id: 'a/b' }],
    ['id', { id: 'a'.repeat(121) }],
    ['owner', { owner: 'book:platform' }],
    ['amount', { amount: 0n }],
    ['amount', { amount: -1n }],
    ['amount', { amount: 2n ** 53n }],
    ['fee', { fee: -1n }],
    ['fund', { fund: 'equity/x' }],
    ['fund', { fund: 'suspense:1:x' }],
    ['until', { until: { kind: 'timed', forMs: 0 } }],
    ['until', { until: { kind: 'timed', forMs: 91 * 86_400_000 } }],
    ['note', { note: 'a'.repeat(501) }],
    ['budgets', { budgets: [BUDGET, BUDGET] }],
    [
      'budgets',
      { budgets: Array.from({ length: 33 }, (_, at) => ({ ...BUDGET, counter: `c${at}` })) },
    ],
  ])('refuses a wrong %s', (field, wrong) => {
    follows([[{}, { ...withdraw, ...wrong }, `gasbank.command_invalid ${field}`]]);
  });

  it('refuses the sum of amount and fee where it is more than there is', () => {
    const book: Book = { funds: { main: 'open' } };
    const all = { ...withdraw, amount: 2n ** 53n - 1n };
    follows([[book, all, 'gasbank.command_invalid fee']]);
  });

  it.each([
    ['the same book', { owner: CUSTOMER.owner, fund: 'main' }],
    ['a book of no account', { owner: 'nobody', fund: 'main' }],
    [
      'a fund of the platform in a customer’s book',
      { owner: STRANGER.owner, fund: 'suspense:1:x' },
    ],
    ['a fund the platform has not', { owner: 'platform', fund: 'main' }],
  ])('refuses a move to %s', (_name, place) => {
    follows([[{}, { ...move, to: place }, 'gasbank.command_invalid to']]);
  });

  it.each<readonly [string, Partial<typeof move>]>([
    ['another owner', { to: { ...to, owner: 'acc_01k00000000000000000000003' } }],
    ['another fund', { to: { ...to, fund: 'game' } }],
    ['another amount', { amount: 2n }],
    ['another gas account', { fund: 'game' }],
  ])('is another body with %s', (_name, other) => {
    const book: Book = { commands: known(move) };
    follows([
      [book, { ...move, to: { fund: to.fund, owner: to.owner } }, 'repeat'],
      [book, { ...move, ...other }, 'gasbank.command_conflict'],
    ]);
  });

  it('refuses to count open holds where no hold is made', () => {
    const budgets = [{ ...BUDGET, window: 'open' }] as const;
    const spend = {
      kind: 'spend',
      id: 's',
      owner: 'x',
      fund: 'main',
      amount: 1n,
      source: 'gas',
    } as const;
    follows([[{}, { ...spend, purpose: 'p', budgets }, 'gasbank.command_invalid budgets']]);
  });
});

describe('gas accounts', () => {
  const open = { kind: 'open', id: 'o', owner: 'gasbank', fund: 'game' } as const;
  const close = { kind: 'close_fund', id: 'c', owner: 'gasbank', fund: 'game' } as const;
  const end = { kind: 'close_book', id: 'e', owner: 'gasbank' } as const;

  it('are opened once for ever, and closed when nothing is in them', () => {
    const funds = { main: 'open', game: 'open' } as const;
    follows([
      [{ funds }, open, 'gasbank.fund_exists'],
      [{ funds: { game: 'closed' } }, open, 'gasbank.fund_exists'],
      [{ funds: { main: 'open' } }, open, 'change'],
      [{ funds: { main: 'open' } }, close, 'gasbank.fund_not_found'],
      [{ funds }, { ...close, fund: 'main' }, 'gasbank.command_invalid fund'],
      [{ funds, balances: { 'in_transit/game': 1n } }, close, 'gasbank.fund_not_empty'],
      [{ funds }, close, 'change'],
    ]);
  });

  it('M17 close with their book only when all GAS has left it', () => {
    follows([
      [{ balances: { 'reserved/main': 1n } }, end, 'gasbank.fund_not_empty'],
      [{}, end, 'change'],
    ]);
  });
});
