/**
 * Random commands for a book: mostly sensible, so that holds and moves live long enough to meet each
 * other, and often just beyond what is there.
 */
import type {
  Budget,
  Command,
  Reserve,
  Source,
  Until,
} from '../../../worker/core/ledger/commands.ts';
import type { Chance } from '../random.ts';
import type { BookModel } from './model.ts';
import { ADDRESSES, CUSTOMERS, MAGIC } from './world.ts';

const GAS = 100_000_000n;
const SOURCES = ['gas', 'credits', 'credits_first'] as const satisfies readonly Source[];
const FUNDS = ['main', 'side', 'game', 'shop'] as const;
const SERVICES = ['sponsorships', 'withdrawals', 'functions'] as const;
const HOUR_MS = 3_600_000;

/** Low enough to be met every day. */
export const CAPS = { policy: 6n * GAS, key: 4n, open: 3n, allocated: 300n * GAS } as const;

export interface Making {
  readonly chance: Chance;
  readonly model: BookModel;
  /** Makes the id its own. */
  readonly number: number;
  /** The height of the chain. */
  readonly height: number;
  readonly suspended: readonly string[];
}

export function commandFor(making: Making): Command {
  const { model, number } = making;
  if (model.isPlatform) return platformCommand(making);
  const isEnding = model.owner === CUSTOMERS[2] && number % 1_000 > 800;
  return isEnding ? closingCommand(making) : customerCommand(making);
}

function customerCommand(making: Making): Command {
  const { chance, number } = making;
  const pick = chance.between(0, 99);
  const owner = chance.oneOf(SERVICES);
  const common = { id: `c${String(number)}`, owner } as const;
  const fund = chance.oneOf(FUNDS);
  const keep = chance.hits(0.1) ? { keepAtLeast: amountOf(chance) } : {};
  const spending = { fund, budgets: budgetsOf(chance), ...keep };
  const amount = amountOf(chance);
  const source = chance.oneOf(SOURCES);
  if (pick < 26) return reserveFor(making, { ...common, ...spending, amount, source });
  if (pick < 34) return withdrawOf(making, fund);
  if (pick < 68) return holdCommand(making);
  if (pick < 76) return { ...common, kind: 'spend', ...spending, amount, source, purpose: 'work' };
  if (pick < 82)
    return { ...common, kind: 'transfer', ...spending, toFund: chance.oneOf(FUNDS), amount };
  if (pick < 87)
    return { ...common, kind: 'buy_credits', ...spending, amount, creditsPerGas: GAS + amount };
  if (pick < 90) return { ...common, kind: 'allocate', amount, budgets: [EVER] };
  if (pick < 95) return { ...common, kind: 'move', ...spending, amount, to: placeFor(making) };
  if (pick < 98) return { ...common, kind: 'open', fund };
  if (pick === 98) return { ...common, kind: 'close_fund', fund };
  return { ...common, kind: 'close_book' };
}

function reserveFor(
  { chance }: Making,
  asked: Omit<Reserve, 'kind' | 'until' | 'purpose'>,
): Command {
  const budgets = openBudgetsOf(chance);
  return { ...asked, kind: 'reserve', budgets, until: untilOf(chance), purpose: 'work' };
}

/** The end of an account: everything leaves its book, which is closed then. */
function closingCommand({ chance, model, number }: Making): Command {
  const common = { id: `e${String(number)}`, owner: 'closing' } as const;
  const full = FUNDS.find((fund) => model.has(`available ${fund}`) > 0n);
  const [open] = model.openPromises();
  if (open !== undefined && chance.hits(0.7)) {
    const [owner = '', hold = ''] = open.split('/');
    return { ...common, owner, kind: 'release', hold, verdict: 'absent:0x00' };
  }
  if (full === undefined) return { ...common, kind: 'close_book' };
  const to = { owner: 'platform', fund: `unclaimed:${model.owner}` };
  const amount = model.has(`available ${full}`);
  return { ...common, kind: 'move', fund: full, budgets: [], amount, to };
}

function platformCommand(making: Making): Command {
  const { chance, number, suspended } = making;
  const common = { id: `p${String(number)}`, owner: chance.oneOf(SERVICES) } as const;
  const pick = chance.between(0, 99);
  const deposit = suspended[chance.between(0, Math.max(0, suspended.length - 1))];
  if (pick < 70) return chainEntry(making);
  if (deposit !== undefined && pick < 80)
    return {
      ...common,
      kind: 'assign',
      deposit,
      to: { owner: chance.oneOf(CUSTOMERS), fund: 'main' },
    };
  if (deposit !== undefined && pick < 84) return withdrawOf(making, `suspense:${deposit}`);
  if (pick < 94) return holdCommand(making);
  const spending = { fund: chance.oneOf(['equity', 'clearing']), budgets: [] };
  const to = { owner: chance.oneOf(CUSTOMERS), fund: chance.oneOf(FUNDS) };
  return { ...common, kind: 'move', ...spending, amount: amountOf(chance), to };
}

function chainEntry({ chance, number, height }: Making): Command {
  const [first, second] = ADDRESSES;
  const direction = chance.oneOf(['in', 'in', 'in', 'out', 'internal'] as const);
  const common = {
    kind: 'chain_entry',
    id: `${String(MAGIC)}:0x${number.toString(16).padStart(64, '0')}:0`,
    owner: 'chain',
    height: chance.hits(0.02) ? 1 : height,
    address: first,
    amount: amountOf(chance) * 3n,
    direction,
  } as const;
  if (direction === 'internal') return { ...common, counterparty: second, destination: null };
  if (direction === 'out') {
    const kind = chance.oneOf(['clearing', 'equity'] as const);
    return { ...common, amount: amountOf(chance), counterparty: null, destination: { kind } };
  }
  const place = { owner: chance.oneOf(CUSTOMERS), fund: chance.oneOf(FUNDS) };
  const destination = chance.oneOf([
    { kind: 'book', ...place } as const,
    { kind: 'book', ...place } as const,
    { kind: 'suspense' } as const,
    { kind: 'equity' } as const,
  ]);
  return { ...common, counterparty: null, destination };
}

function withdrawOf({ chance, number }: Making, fund: string): Command {
  return {
    kind: 'withdraw',
    id: `w${String(number)}`,
    owner: 'withdrawals',
    fund,
    budgets: openBudgetsOf(chance),
    amount: amountOf(chance),
    fee: chance.hits(0.2) ? 0n : BigInt(chance.between(1, 10)) * 1_000_000n,
    route: chance.oneOf(['vault', 'vault', 'resolver']),
    until: untilOf(chance),
    purpose: 'withdrawals.fee',
  };
}

/** Something about a hold: mostly an open one, now and then one that is nobody's. */
function holdCommand({ chance, model, number }: Making): Command {
  const open = model.openPromises();
  const key = open[chance.between(0, open.length)] ?? 'functions/c1';
  const [owner = '', hold = ''] = key.split('/');
  const verdict = chance.hits(0.7) ? { verdict: 'halt:0x00' } : {};
  const common = { id: `h${String(number)}`, owner: chance.hits(0.05) ? 'stranger' : owner, hold };
  const amount = chance.hits(0.5) ? amountOf(chance) / 4n + 1n : amountOf(chance);
  const pick = chance.between(0, 9);
  if (pick < 2) return { ...common, kind: 'bind' };
  if (pick < 4) return { ...common, kind: 'release', ...verdict };
  if (hold.startsWith('w') && pick < 9) {
    const outcome = chance.oneOf(['paid', 'paid', 'faulted'] as const);
    const fee = BigInt(chance.between(0, 11)) * 1_000_000n;
    return { ...common, kind: 'settle', fee, outcome, ...verdict };
  }
  const counts = [{ counter: 'faults', window: 'day' }] as const;
  return {
    ...common,
    kind: 'capture',
    amount,
    ...verdict,
    ...(chance.hits(0.3) ? { counts } : {}),
  };
}

const amountOf = (chance: Chance): bigint =>
  chance.hits(0.05) ? 1n : BigInt(chance.between(1, 200)) * 1_000_000n;

const untilOf = (chance: Chance): Until =>
  chance.hits(0.3)
    ? { kind: 'chain' }
    : { kind: 'timed', forMs: chance.between(1, 12) * (HOUR_MS / 4) };

const EVER: Budget = {
  counter: 'allocated',
  window: 'ever',
  counts: 'amount',
  cap: CAPS.allocated,
};

/** Of holds alone. */
const OPEN: Budget = { counter: 'open', window: 'open', counts: 'uses', cap: CAPS.open };

const openBudgetsOf = (chance: Chance): readonly Budget[] =>
  chance.hits(0.2) ? [...budgetsOf(chance), OPEN] : budgetsOf(chance);

function budgetsOf(chance: Chance): readonly Budget[] {
  const policy = `policy:${String(chance.between(1, 2))}`;
  const all: readonly Budget[] = [
    { counter: policy, window: 'day', counts: 'amount', cap: CAPS.policy },
    {
      counter: `key:${String(chance.between(1, 3))}`,
      window: 'day',
      counts: 'uses',
      cap: CAPS.key,
    },
    { counter: 'faults', window: 'day', counts: 'nothing', cap: 2n },
  ];
  return all.filter(() => chance.hits(0.4));
}

/** Somewhere else: the platform, or another customer. */
function placeFor({ chance, model }: Making) {
  const others = CUSTOMERS.filter((owner) => owner !== model.owner);
  const [one = CUSTOMERS[0]] = others;
  if (chance.hits(0.5)) return { owner: one, fund: chance.oneOf(FUNDS) };
  return { owner: 'platform', fund: chance.oneOf(['equity', `unclaimed:${model.owner}`]) };
}
