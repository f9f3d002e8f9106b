/** What a book costs over bare writes, and that its age costs nothing; with its part of the page. */
import { ms, perSecond, spread, table, verdict } from '../markdown.ts';
import { type Compared, compare, type Rounds } from '../rounds.ts';
import { type ServedBooks, serveBooks } from './served-books.ts';

export interface LedgerCosts {
  readonly spending: readonly { readonly callers: number; readonly compared: Compared }[];
  /** The old book against the young one. */
  readonly reading: readonly { readonly what: string; readonly compared: Compared }[];
}

export interface LedgerRounds extends Omit<Rounds, 'connections'> {
  readonly root: string;
  readonly folder: string;
}

const CALLERS = [1, 16, 64];
const SPENDING_RATIO_MIN = 0.6;
/** A look-up in a deeper tree; what grew with the entries would be a hundredth. */
const READING_RATIO_MIN = 0.8;
const YOUNG = 1_000;
const OLD = 1_000_000;
/** Of one transaction. */
const FILLED_AT_ONCE = 50_000;
const QUESTIONS = [
  ['now', 'the balances now'],
  ['past', 'the balances after an entry in its middle'],
  ['page', 'a page of 25 entries of one account, from its middle'],
] as const;

export async function measureLedger({
  root,
  folder,
  ...rounds
}: LedgerRounds): Promise<LedgerCosts> {
  const books = await serveBooks(root, folder);
  try {
    await ask(books, 'fund/busy');
    const spending: LedgerCosts['spending'][number][] = [];
    for (const callers of CALLERS) {
      const pair = {
        subject: { url: `${books.origin}/hold-and-capture`, method: 'POST' },
        floor: { url: `${books.origin}/write-twice`, method: 'POST' },
      } as const;
      spending.push({
        callers,
        compared: await compare(pair, { ...rounds, connections: callers }),
      });
    }
    await fill(books, 'young', YOUNG);
    await fill(books, 'old', OLD);
    const reading: LedgerCosts['reading'][number][] = [];
    for (const [path, what] of QUESTIONS) {
      const pair = {
        subject: { url: `${books.origin}/read/old/${path}/${OLD / 2}`, method: 'GET' },
        floor: { url: `${books.origin}/read/young/${path}/${YOUNG / 2}`, method: 'GET' },
      } as const;
      reading.push({ what, compared: await compare(pair, { ...rounds, connections: 1 }) });
    }
    return { spending, reading };
  } finally {
    await books.stop();
  }
}

async function fill(books: ServedBooks, name: string, entries: number): Promise<void> {
  await ask(books, `fund/${name}`);
  for (let left = entries; left > 0; left -= FILLED_AT_ONCE)
    await ask(books, `fill/${name}/${Math.min(left, FILLED_AT_ONCE)}`);
}

async function ask({ origin }: ServedBooks, path: string): Promise<void> {
  const answer = await fetch(`${origin}/${path}`, { method: 'POST' });
  if (!answer.ok) throw new Error(`${path} was answered ${answer.status}: ${await answer.text()}`);
}

export function ledgerSection(ledger: LedgerCosts | undefined): string {
  if (ledger === undefined) return '';
  return `## The books of the gas bank

A hold and its capture, two calls of one book over RPC, against two calls of a bare object that
writes one row each.

${table(
  ['callers', 'of the bare writes', 'target', 'a second', "bare writes'", 'median', "bare writes'"],
  ledger.spending.map(({ callers, compared: { throughput, subject, floor } }) => [
    String(callers),
    spread(throughput),
    verdict(throughput.median >= SPENDING_RATIO_MIN, `≥ ${String(SPENDING_RATIO_MIN)}`),
    perSecond(subject.requestsPerSecond),
    perSecond(floor.requestsPerSecond),
    ms(subject.p50Ms),
    ms(floor.p50Ms),
  ]),
)}

For the pair the book writes fifteen rows, where the floor writes two: two ids with their answers, two
entries, four balances and their four lines of the past, the hold and its end, the day's usage. As
profiling found it, the nineteen statements take nearly half of the time: entries with balances and
lines 14 %, ids and answers 9 %, the book and its last entry 7 %, the hold and its end 7 %, whether an
id is known 5 %, the time of the next alarm 3 %, adding up all accounts 2 %. The decisions themselves
take 3 %.

A book of ${perSecond(OLD)} entries against one of ${perSecond(YOUNG)}, one caller.

${table(
  ['', 'of the young book', 'target', 'median', "the young book's"],
  ledger.reading.map(({ what, compared: { throughput, subject, floor } }) => [
    what,
    spread(throughput),
    verdict(throughput.median >= READING_RATIO_MIN, `≥ ${String(READING_RATIO_MIN)}`),
    ms(subject.p50Ms),
    ms(floor.p50Ms),
  ]),
)}`;
}
