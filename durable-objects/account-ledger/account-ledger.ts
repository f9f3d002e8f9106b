/**
 * The book of one account on one Neo network, or of the platform there: GAS and credits in double
 * entry. What is decided stands in worker/core/ledger; this object applies each decision in one
 * transaction and sees to its alarm in the same turn, so whatever is stored has an alarm that comes
 * for it. Nothing is spent twice: an id is stored with its effect, and the next command begins where
 * this one ended.
 *
 * The alarm hands over and never waits (delivery rule D3): it ends overdue holds, and tells moves to
 * other books and notices to the catalogue by BookPort, un-awaited; what is not answered is told
 * again.
 */
import { DurableObject } from 'cloudflare:workers';
import type { BookIdentity } from '../../worker/core/ledger/book.ts';
import { keyOf } from '../../worker/core/ledger/commands.ts';
import { LIMITS } from '../../worker/core/ledger/limits.ts';
import type { BookMove } from '../../worker/core/ledger/moves.ts';
import { err, ok } from '../../worker/core/result.ts';
import { boundedSql } from '../bounded-sql.ts';
import { migrate } from '../migrate.ts';
import { checkpoint } from './checkpoints.ts';
import { execute } from './execute.ts';
import { MIGRATIONS } from './migrations.ts';
import { ledgerPorts } from './ports.ts';
import { readBalances, readEntries, readOpenHolds } from './reading.ts';
import type {
  AccountLedgerRpc,
  ListEntries,
  ListHolds,
  ListUsage,
  MoveAcknowledgement,
  Order,
  ReadBalances,
} from './rpc.ts';
import { acknowledgeNotices, nextAlarmAt, sweep, takeNotices } from './sweep.ts';
import { acknowledge, leaseMoves, receive } from './transit.ts';
import { ledgerStores, type Turn } from './turn.ts';

export class AccountLedger extends DurableObject implements AccountLedgerRpc {
  ports = ledgerPorts(this.ctx);
  readonly #stores = ledgerStores(boundedSql(this.ctx.storage.sql));
  /** What this instance has set the alarm to; another instance finds out by setting it anew. */
  #alarmAt: number | null = null;
  #bytes = 0;
  #sizeAsked = 0;

  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    super(ctx, env);
    void ctx.blockConcurrencyWhile(async () => {
      migrate(ctx.storage, MIGRATIONS, Date.now());
    });
  }

  async execute(order: Order) {
    return this.#commit((turn) => execute(turn, order));
  }

  async receive(move: BookMove) {
    return this.#commit((turn) => receive(turn, move));
  }

  async acknowledge(answer: MoveAcknowledgement) {
    return this.#commit((turn) => acknowledge(turn, answer));
  }

  async checkpoint(order: { readonly book: BookIdentity; readonly height: number }) {
    return this.#commit((turn) => checkpoint(turn, order));
  }

  async balances(query: ReadBalances) {
    return ok(readBalances(this.#stores, query));
  }

  async entries(query: ListEntries) {
    return ok(readEntries(this.#stores, query));
  }

  async hold(owner: string, id: string) {
    const hold = this.#stores.holds.loadHold(keyOf(owner, id));
    return hold === undefined ? err('request.not_found') : ok(hold);
  }

  async openHolds(query: ListHolds) {
    return ok(readOpenHolds(this.#stores, query));
  }

  async usage(query: ListUsage) {
    return ok({ items: this.#stores.holds.listUsage(query) });
  }

  async listNotices(query: { readonly afterSequence: number; readonly limit: number }) {
    const { afterSequence, limit } = query;
    return ok({ items: this.#stores.books.listNotices(afterSequence, limit) });
  }

  async acknowledgeNotices(throughSequence: number) {
    return this.#commit((turn) => ok({ removed: acknowledgeNotices(turn, throughSequence) }));
  }

  async stats() {
    const { books, entries, moves } = this.#stores;
    const book = books.load();
    return ok({
      lastEntry: entries.lastEntry().number,
      checkpointHeight: book?.closed.height ?? 0,
      isClosed: book?.isClosed ?? false,
      bytes: this.ctx.storage.sql.databaseSize,
      notices: books.countNotices(),
      moving: moves.countMoving(),
      nextAlarmAt: nextAlarmAt(this.#stores),
      lastFault: book?.fault ?? null,
    });
  }

  async wake() {
    this.#alarmAt = null;
    return this.#commit(() => ok({ nextAlarmAt: nextAlarmAt(this.#stores) }));
  }

  /**
   * Repeated or late, it only does what is due. It never throws: after six failures no alarm would
   * come again.
   */
  override async alarm(): Promise<void> {
    this.#alarmAt = null;
    await this.ctx.storage.setAlarm(Date.now() + LIMITS.ledgerAlarmRetryMs.value);
    try {
      this.#dispatch();
    } catch (fault) {
      // The alarm set above tries again; operators see the fault in `stats`.
      this.#stores.books.saveFault(Date.now(), String(fault).slice(0, 500));
    }
  }

  #dispatch(): void {
    const turn = this.#turn();
    const { moves, swept, teller } = this.ctx.storage.transactionSync(() => {
      const rows = sweep(turn);
      return { moves: leaseMoves(turn), swept: rows, teller: takeNotices(turn) };
    });
    const at = nextAlarmAt(this.#stores);
    const isIdle = moves.length === 0 && swept === 0 && teller === null;
    const notBefore = isIdle ? turn.now + LIMITS.ledgerIdleAlarmMs.value : turn.now;
    this.#alarmAt = at === null ? null : Math.max(at, notBefore);
    // Not awaited: the runtime holds what leaves back until the write is durable.
    void (this.#alarmAt === null
      ? this.ctx.storage.deleteAlarm()
      : this.ctx.storage.setAlarm(this.#alarmAt));
    const { books } = this.ports;
    if (moves.length > 0) this.#handOver(async () => books.deliverMoves(moves));
    if (teller !== null) this.#handOver(async () => books.deliverNotices(teller));
  }

  #handOver(deliver: () => Promise<void>): void {
    // Swallowed on purpose: what was not answered is told again.
    this.ctx.waitUntil(deliver().catch(() => undefined));
  }

  #commit<Answer extends { readonly ok: boolean }>(command: (turn: Turn) => Answer): Answer {
    const turn = this.#turn();
    const result = this.ctx.storage.transactionSync(() => command(turn));
    if (result.ok) this.#setAlarm(turn.now);
    return result;
  }

  #turn(): Turn {
    return { stores: this.#stores, now: Date.now(), bytes: () => this.#databaseBytes() };
  }

  /** Asked of the runtime now and then: what a book gains meanwhile is far below what is left free. */
  #databaseBytes(): number {
    if (this.#sizeAsked % LIMITS.ledgerSizeEveryCommands.value === 0)
      this.#bytes = this.ctx.storage.sql.databaseSize;
    this.#sizeAsked += 1;
    return this.#bytes;
  }

  /** Only brought forward: one that comes too early finds nothing and sets the next, for less. */
  #setAlarm(now: number): void {
    const at = nextAlarmAt(this.#stores);
    if (at === null || (this.#alarmAt !== null && this.#alarmAt <= at)) return;
    this.#alarmAt = Math.max(at, now);
    void this.ctx.storage.setAlarm(this.#alarmAt);
  }
}
