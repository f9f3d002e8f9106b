/**
 * The durable work queue of one account: every retry of the product is an item here. The rules are
 * pure (worker/core/queue/decide.ts); this object applies each in one transaction and sets its
 * alarm in the same turn, so that whatever is stored has an alarm that will come for it.
 *
 * The alarm hands over and never waits (delivery rule D3): it leases a bounded batch, calls
 * WorkRunner un-awaited and is done. Runners report by methods, naming their lease; one that dies
 * is found when its lease ends. What a runner's call answers is of no interest, so a call that
 * fails is left to that watchdog too.
 */
import { DurableObject } from 'cloudflare:workers';
import { assert } from '../../worker/core/assert.ts';
import type { ErrorCode } from '../../worker/core/errors.ts';
import {
  decideCancel,
  decideDrop,
  decideReplay,
  decideReport,
  decideStarted,
} from '../../worker/core/queue/decide.ts';
import type { WorkItem } from '../../worker/core/queue/item.ts';
import { isWorkKind } from '../../worker/core/queue/kinds.ts';
import { LIMITS } from '../../worker/core/queue/limits.ts';
import { decideWakeBy } from '../../worker/core/queue/wake-by.ts';
import { err, ok, type Result } from '../../worker/core/result.ts';
import { boundedSql } from '../bounded-sql.ts';
import { migrate } from '../migrate.ts';
import { answerOf } from '../rpc-answer.ts';
import { admit, decideRoom } from './admission.ts';
import {
  batchesOf,
  leaseDue,
  nextAlarmAt,
  nextDueAt,
  type Stores,
  sweepEnded,
  sweepOverdue,
} from './dispatch.ts';
import { MIGRATIONS } from './migrations.ts';
import { schedulerPorts } from './ports.ts';
import type {
  AccountSchedulerRpc,
  Enqueue,
  ListItems,
  OutcomeReport,
  PauseTarget,
  StartedReport,
  WorkItemView,
} from './rpc.ts';
import { settingsStore } from './settings-sql.ts';
import { itemStore } from './sql.ts';

export class AccountScheduler extends DurableObject implements AccountSchedulerRpc {
  ports = schedulerPorts(this.ctx);
  readonly #sql = boundedSql(this.ctx.storage.sql);
  readonly #stores: Stores = { items: itemStore(this.#sql), settings: settingsStore(this.#sql) };

  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    super(ctx, env);
    void ctx.blockConcurrencyWhile(async () => {
      migrate(ctx.storage, MIGRATIONS, Date.now());
    });
  }

  async enqueue(command: Enqueue) {
    return this.#commit(() => admit(this.#stores, command, Date.now()));
  }

  async cancel(id: string) {
    return this.#change(id, (item) => decideCancel(item, Date.now()));
  }

  async get(id: string) {
    const item = this.#stores.items.load(id);
    return item === undefined ? err('request.not_found') : ok(toView(item));
  }

  async list(query: ListItems) {
    assert(Number.isInteger(query.limit) && query.limit > 0, 'a page has at least one item');
    const found = this.#stores.items.list({ ...query, limit: query.limit + 1 });
    const items = found.slice(0, query.limit).map(toView);
    const nextCursor = found.length > query.limit ? (items.at(-1)?.id ?? null) : null;
    return ok({ items, nextCursor });
  }

  async replay(id: string) {
    return this.#change(id, (item) => {
      const replayed = decideReplay(item, Date.now());
      const room = decideRoom(this.#stores.settings, { items: 1, bytes: 0 });
      return replayed.ok && !room.ok ? room : replayed;
    });
  }

  async drop(id: string) {
    return this.#change(id, (item) => decideDrop(item, Date.now()));
  }

  async pause(target: PauseTarget) {
    assertTarget(target);
    return this.#commit<null, never>(() => {
      this.#stores.settings.savePause(target);
      return ok(null);
    });
  }

  async resume(target: PauseTarget) {
    assertTarget(target);
    return this.#commit<null, never>(() => {
      this.#stores.settings.removePause(target);
      return ok(null);
    });
  }

  async reportStarted({ id, leaseNumber }: StartedReport) {
    const started = this.#change(id, (item) =>
      decideStarted(item, { leaseNumber, now: Date.now() }),
    );
    return started.ok ? ok({ leaseUntil: started.value.leaseUntil }) : started;
  }

  async report({ id, leaseNumber, outcome, reason }: OutcomeReport) {
    const report = { leaseNumber, outcome, reason: reason ?? null };
    return this.#change(id, (item) =>
      decideReport(item, report, { now: Date.now(), random: randomFraction() }),
    );
  }

  async stats() {
    const { settings } = this.#stores;
    const stored = settings.load();
    return ok({
      counts: settings.listTotals(),
      paused: settings.listPauses(),
      deadRemoved: stored?.deadRemoved ?? 0,
      nextAlarmAt: nextAlarmAt(this.#stores),
      lastFault: stored?.fault ?? null,
    });
  }

  async wake() {
    return this.#commit<{ readonly dueAt: number | null }, never>(() => {
      const dueAt = nextDueAt(this.#stores);
      if (dueAt === null) this.#stores.settings.saveWake(undefined);
      return ok({ dueAt });
    });
  }

  /**
   * Repeated or late, it only does what is due. It never throws: after six failures no alarm would
   * come again.
   */
  override async alarm(): Promise<void> {
    await this.ctx.storage.setAlarm(Date.now() + LIMITS.queueAlarmRetryMs.value);
    try {
      this.#dispatch(Date.now());
    } catch (fault) {
      // The alarm set above tries again; operators see the fault in `stats`.
      this.#stores.settings.saveFault(Date.now(), String(fault).slice(0, 500));
    }
  }

  #dispatch(now: number): void {
    const { leased, swept } = this.ctx.storage.transactionSync(() => {
      const moved = sweepOverdue(this.#stores, now, randomFraction);
      const removed = sweepEnded(this.#stores, now);
      return { leased: leaseDue(this.#stores, now), swept: moved + removed };
    });
    const isIdle = leased.length === 0 && swept === 0;
    this.#setAlarm(isIdle ? now + LIMITS.queueIdleAlarmMs.value : now);
    for (const batch of batchesOf(leased)) this.#handOver(batch);
    this.#saveWakeBy(now);
  }

  #handOver(batch: readonly WorkItem[]): void {
    const settings = this.#stores.settings.load();
    assert(settings !== undefined, 'an account with items has its settings');
    const items = batch.map(({ id, kind, leaseNumber, attempts }) => {
      const payload = this.#stores.items.loadPayload(id);
      return { id, kind, payload, leaseNumber, attempt: attempts };
    });
    // Swallowed on purpose: whether the call failed before or after the start only the reports can
    // tell.
    const run = async () => this.ports.runner.run({ accountId: settings.accountId, items });
    this.ctx.waitUntil(run().catch(() => undefined));
  }

  #saveWakeBy(now: number): void {
    const settings = this.#stores.settings.load();
    const dueAt = nextDueAt(this.#stores);
    const wake = decideWakeBy({ now, dueAt, saved: settings?.savedWake });
    if (settings === undefined || wake === undefined) return;
    this.#stores.settings.saveWake(wake);
    const { accountId } = settings;
    // A failed write is made good by the next one; a lost alarm on top of it within ten minutes is
    // the accepted risk.
    const { wakeBy } = wake;
    const save = () => answerOf(this.ports.projections.saveWakeBy({ accountId, wakeBy }));
    this.ctx.waitUntil(save().catch(() => undefined));
  }

  /**
   * One command, one transaction, and the alarm in the same turn: an eviction between them cannot
   * happen.
   */
  #commit<Value, Code extends ErrorCode>(command: () => Result<Value, Code>): Result<Value, Code> {
    const result = this.ctx.storage.transactionSync(command);
    if (!result.ok) return result;
    this.#setAlarm(Date.now());
    this.#saveWakeBy(Date.now());
    return result;
  }

  #change<Code extends ErrorCode>(
    id: string,
    decide: (item: WorkItem) => Result<WorkItem, Code>,
  ): Result<WorkItemView, Code | 'request.not_found'> {
    return this.#commit<WorkItemView, Code | 'request.not_found'>(() => {
      const item = this.#stores.items.load(id);
      if (item === undefined) return err('request.not_found');
      const decided = decide(item);
      if (!decided.ok) return decided;
      if (decided.value !== item) this.#stores.items.save(decided.value);
      return ok(toView(decided.value));
    });
  }

  #setAlarm(notBefore: number): void {
    const at = nextAlarmAt(this.#stores);
    // Not awaited: the runtime holds the answer back until the write is durable, and nothing here
    // reads it.
    void (at === null
      ? this.ctx.storage.deleteAlarm()
      : this.ctx.storage.setAlarm(Math.max(at, notBefore)));
  }
}

function assertTarget(target: PauseTarget): void {
  assert(target === 'all' || isWorkKind(target), 'a pause is for a kind or for all');
}

function randomFraction(): number {
  const [bits = 0] = crypto.getRandomValues(new Uint32Array(1));
  return bits / 2 ** 32;
}

const toView = (item: WorkItem): WorkItemView => ({
  id: item.id,
  kind: item.kind,
  state: item.state,
  attempts: item.attempts,
  enqueuedAt: item.enqueuedAt,
  nextAttemptAt: item.nextAttemptAt,
  leaseUntil: item.leaseUntil,
  hasStarted: item.startedLease !== null,
  endedAt: item.endedAt,
  endReason: item.endReason,
  lastReason: item.lastReason,
});
