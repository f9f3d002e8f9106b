/**
 * The form of a command and its body. Each field has one rule wherever it stands, so that no
 * command forgets one; what is refused names the field.
 */
import { isAmount, isAmountOrZero } from '../money.ts';
import type { FieldProblem } from '../result.ts';
import { type BookIdentity, isBook, isFundName, isPlatform, PLATFORM } from './book.ts';
import type { Budget, Command, CommandKind, Count, Destination, Place, Until } from './commands.ts';
import { LIMITS } from './limits.ts';

type Check = (value: never, book: BookIdentity) => string | null;

const ID = new RegExp(
  `^[0-9A-Za-z][0-9A-Za-z_.:-]{0,${String(LIMITS.ledgerIdCharsMax.value - 1)}}$`,
);
const OWNER = /^[a-z][a-z0-9_-]{0,39}$/;
const WORDS = /^[a-z][a-z0-9_.-]{0,63}$/;
const COUNTER = /^[0-9A-Za-z_.:-]{1,150}$/;
const ADDRESS = /^0x[0-9a-f]{40}$/;

const matches = (pattern: RegExp, detail: string) => (text: string) =>
  pattern.test(text) ? null : detail;
const oneOf =
  (...words: readonly string[]) =>
  (word: string) =>
    words.includes(word) ? null : `is none of ${words.join(', ')}`;
const amount = (value: bigint) => (isAmount(value) ? null : 'is not an amount');
const amountOrZero = (value: bigint) => (isAmountOrZero(value) ? null : 'is not an amount or zero');
const fund = (name: string, book: BookIdentity) =>
  isFundName(book, name) ? null : 'is no fund of this book';
const text = (words: string) =>
  words.length > 0 && words.length <= LIMITS.ledgerNoteCharsMax.value
    ? null
    : 'is empty or too long';
const height = (value: number) =>
  Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff ? null : 'is not a block height';
const list =
  <Item>(check: (item: Item) => boolean) =>
  (items: readonly Item[]) =>
    items.length <= LIMITS.ledgerBudgetsMax.value && items.every(check)
      ? null
      : 'are too many, or one is malformed';

const isBudget = ({ counter, cap }: Budget): boolean =>
  COUNTER.test(counter) && isAmountOrZero(cap);
/** Each is looked at as it stood before the command. */
const budgets = (items: readonly Budget[]) =>
  new Set(items.map(({ counter, window }) => `${window} ${counter}`)).size < items.length
    ? 'name a counter twice'
    : list(isBudget)(items);
const isCount = ({ counter }: Count): boolean => COUNTER.test(counter);

const until = (value: Until) =>
  value.kind === 'chain' ||
  (Number.isInteger(value.forMs) && value.forMs > 0 && value.forMs <= LIMITS.ledgerHoldMsMax.value)
    ? null
    : 'is not a time a hold can last';

/** Another book of the same network, and a fund that it can have. */
function place({ owner, fund: name }: Place, { magic, owner: own }: BookIdentity): string | null {
  const book = { magic, owner };
  if (!isBook(book) || owner === own) return 'is not another book';
  return isFundName(book, name) ? null : 'is no fund of that book';
}

const destination = (value: Destination | null, book: BookIdentity) =>
  value?.kind === 'book' ? place(value, book) : null;

const CHECKS: { readonly [field: string]: Check } = {
  id: matches(ID, 'has other than 1 to 120 plain characters'),
  hold: matches(ID, 'has other than 1 to 120 plain characters'),
  deposit: matches(ID, 'is not a chain key'),
  owner: matches(OWNER, 'is not the name of a service'),
  purpose: matches(WORDS, 'is not a word of a service'),
  note: text,
  verdict: text,
  address: matches(ADDRESS, 'is not a script hash'),
  counterparty: (value: string | null) =>
    value === null || ADDRESS.test(value) ? null : 'is not a script hash',
  height,
  fund,
  toFund: fund,
  amount,
  creditsPerGas: amount,
  fee: amountOrZero,
  opening: amountOrZero,
  keepAtLeast: amountOrZero,
  source: oneOf('gas', 'credits', 'credits_first'),
  route: oneOf('vault', 'resolver'),
  outcome: oneOf('paid', 'faulted'),
  direction: oneOf('in', 'out', 'internal'),
  until,
  to: place,
  destination,
  budgets,
  counts: list(isCount),
  kind: (kind: CommandKind, book: BookIdentity) =>
    KEPT_BY[kind] === 'both' || (KEPT_BY[kind] === PLATFORM) === isPlatform(book)
      ? null
      : 'is not for this book',
};

/** Which books take it. */
const KEPT_BY: { readonly [kind in CommandKind]: 'both' | 'customer' | typeof PLATFORM } = {
  reserve: 'customer',
  withdraw: 'both',
  bind: 'both',
  capture: 'customer',
  release: 'both',
  settle: 'both',
  transfer: 'customer',
  spend: 'customer',
  buy_credits: 'customer',
  allocate: 'customer',
  move: 'both',
  open: 'customer',
  close_fund: 'customer',
  close_book: 'customer',
  watch: PLATFORM,
  chain_entry: PLATFORM,
  assign: PLATFORM,
};

/** The first field that is wrong. */
export function faultOfCommand(command: Command, book: BookIdentity): FieldProblem | null {
  for (const [field, value] of Object.entries(command)) {
    const check = CHECKS[field];
    // Each rule is written for the one type its field has in every command.
    const detail = check === undefined ? 'is unknown' : check(value as never, book);
    if (detail !== null) return { pointer: field, detail };
  }
  return isLeak(command) ? { pointer: 'budgets', detail: 'count open holds without a hold' } : null;
}

/** Nothing would ever give back to such a counter. */
const isLeak = (command: Command): boolean =>
  'budgets' in command &&
  !('until' in command) &&
  command.budgets.some(({ window }) => window === 'open');

const NOT_THE_BODY = new Set([
  'id',
  'owner',
  'note',
  'budgets',
  'keepAtLeast',
  'counts',
  'destination',
]);

/** All that a repetition has to have in common with the command: its fields in one order. */
export const bodyOf = (command: Command): string => JSON.stringify(sorted(command, NOT_THE_BODY));

const sorted = (value: object, without?: ReadonlySet<string>): readonly (readonly unknown[])[] =>
  Object.entries(value)
    .filter(([field, content]) => content !== undefined && without?.has(field) !== true)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([field, content]) => [field, plain(content)]);

/** Integers of both kinds may look like texts, since each field has one type. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  return typeof value === 'object' && value !== null ? sorted(value) : value;
}
