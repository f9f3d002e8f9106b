/**
 * What the books are measured by: the product's own object behind the thinnest Worker, and beside it
 * a bare object that writes one row a call. Both are called over RPC, twice for each request. Two
 * more books are filled by SQL, since a million commands would take minutes.
 */
import { DurableObject } from 'cloudflare:workers';
import { AccountLedger } from '../../../durable-objects/account-ledger/account-ledger.ts';
import { bookName } from '../../../worker/core/ledger/book.ts';

/** As the product keeps it; here it can be filled. */
export class FilledLedger extends AccountLedger {
  /** Adds so many entries between two accounts, in one transaction. */
  fill(entries: number): number {
    const { sql } = this.ctx.storage;
    sql.exec(
      `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)
       INSERT INTO entries (number, at, command, kind, from_account, to_account, amount)
       SELECT last + n, start + (last + n) * 1000, 'functions/first', 'spend', available, spent, 1
       FROM numbers, (SELECT MAX(number) AS last, MIN(at) AS start FROM entries),
         (SELECT number AS available FROM accounts WHERE name = 'available/main'),
         (SELECT number AS spent FROM accounts WHERE name = 'spent')`,
      entries,
    );
    return sql.exec<{ last: number }>('SELECT MAX(number) AS last FROM entries').one().last;
  }
}

export class Rows extends DurableObject {
  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env as never);
    ctx.storage.sql.exec(
      'CREATE TABLE IF NOT EXISTS rows (id TEXT PRIMARY KEY, amount INTEGER NOT NULL)',
    );
  }

  write(id: string, amount: number): void {
    this.ctx.storage.sql.exec('INSERT INTO rows (id, amount) VALUES (?, ?)', id, amount);
  }
}

interface Env {
  readonly LEDGERS: DurableObjectNamespace<FilledLedger>;
  readonly ROWS: DurableObjectNamespace<Rows>;
}

const MAGIC = 56_753;
const OWNER = 'acc_01k00000000000000000000001';
const GAS = 100_000_000n;
const PAGE = 25;

const told = (ok: boolean): Response => Response.json({ ok }, { status: ok ? 200 : 500 });

/** One book for each name; all of one owner, since none meets another. */
function bookOf({ LEDGERS }: Env, name: string) {
  const book = { magic: MAGIC, owner: OWNER };
  return { book, stub: LEDGERS.getByName(`${bookName(book)}:${name}`) };
}

async function fund(env: Env, name: string): Promise<void> {
  const { book, stub } = bookOf(env, name);
  const move = { magic: MAGIC, fromOwner: 'platform', toOwner: OWNER, toFund: 'main' };
  await stub.receive({
    ...move,
    number: 1,
    id: 'opening',
    amount: 10_000_000n * GAS,
    closedHeight: 0,
  });
  const common = { id: 'first', owner: 'functions', fund: 'main', budgets: [] } as const;
  const work = { amount: 1n, source: 'gas', purpose: 'work' } as const;
  await stub.execute({ book, command: { ...common, ...work, kind: 'spend' } });
}

async function holdAndCapture(env: Env): Promise<Response> {
  const { book, stub } = bookOf(env, 'busy');
  const id = crypto.randomUUID();
  const owner = 'sponsorships';
  const held = await stub.execute({
    book,
    command: {
      kind: 'reserve',
      id,
      owner,
      fund: 'main',
      amount: 10n,
      source: 'gas',
      until: { kind: 'timed', forMs: 600_000 },
      purpose: 'sponsorships.fee',
      budgets: [],
    },
  });
  const capture = { kind: 'capture', id: `${id}.end`, owner, hold: id, amount: 10n } as const;
  const captured = await stub.execute({ book, command: capture });
  return told(held.ok && captured.ok);
}

async function writeTwice({ ROWS }: Env): Promise<Response> {
  const rows = ROWS.getByName('busy');
  const id = crypto.randomUUID();
  await rows.write(id, 10);
  await rows.write(`${id}.end`, 10);
  return told(true);
}

/** What an owner asks: the balances now, those after an entry, the page before it. */
async function read(env: Env, name: string, what: string, entry: number): Promise<Response> {
  const { stub } = bookOf(env, name);
  const answer =
    what === 'page'
      ? await stub.entries({ accounts: ['available/main'], before: entry, limit: PAGE })
      : await stub.balances({ ...(what === 'past' ? { at: { entry } } : {}), limit: PAGE });
  return told(answer.ok);
}

export default {
  async fetch(request, env) {
    const [, act = '', name = '', what = '', entry = ''] = new URL(request.url).pathname.split('/');
    if (act === 'hold-and-capture') return holdAndCapture(env);
    if (act === 'write-twice') return writeTwice(env);
    if (act === 'read') return read(env, name, what, Number(entry));
    if (act === 'fund') await fund(env, name);
    const added = act === 'fill' ? await bookOf(env, name).stub.fill(Number(what)) : 0;
    return Response.json({ added });
  },
} satisfies ExportedHandler<Env>;
