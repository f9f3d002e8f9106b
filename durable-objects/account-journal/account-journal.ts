/**
 * One account's journal: its executions with their sealed I/O journals, and its hash-chained audit
 * log. Each method is one command, decided and written in one `transactionSync`; none awaits in
 * between, so calls that arrive together are decided one after another. The subjects stand in the
 * files beside this one; here is only the wiring.
 *
 * One alarm serves one table of due things (`due`). It re-arms itself before it works, does a
 * bounded batch, hands signing and work over un-awaited, and never throws: a throwing alarm is
 * retried six times and then never.
 */
import { DurableObject } from 'cloudflare:workers';
import { assert } from '../../worker/core/assert.ts';
import type { AuditCheckpoint, SignedCheckpoint } from '../../worker/core/audit/checkpoint.ts';
import { encodeCheckpoint } from '../../worker/core/audit/checkpoint.ts';
import { LIMITS } from '../../worker/core/executions/limits.ts';
import type { RetentionPolicy } from '../../worker/core/executions/retention.ts';
import type { SignerPort, WorkQueuePort } from '../../worker/core/ports.ts';
import { ok, type Result } from '../../worker/core/result.ts';
import { boundedSql } from '../bounded-sql.ts';
import { migrate } from '../migrate.ts';
import { answerOf } from '../rpc-answer.ts';
import * as alarms from './alarm.ts';
import * as audit from './audit-log.ts';
import * as events from './event-outbox.ts';
import { claimActions, saveActionResult } from './execution-actions.ts';
import { finishExecution } from './execution-finish.ts';
import { bookFuel, returnFuel } from './execution-fuel.ts';
import { claimQueued, peekQueued, refuseQueued } from './execution-queue.ts';
import * as reads from './execution-reads.ts';
import {
  confirmEnqueued,
  enqueueExecutions,
  findExisting,
  startExecution,
} from './execution-start.ts';
import { stats, usage } from './execution-usage.ts';
import { cancelExecution } from './execution-watch.ts';
import { MIGRATIONS } from './migrations.ts';
import { type AppliedOutbox, appendOutbox } from './outbox.ts';
import { recordRefusal } from './refusals.ts';
import { endStep, purgeStep, setRetention } from './retention.ts';
import type * as rpc from './rpc.ts';
import { loadExecution } from './sql.ts';
import { readSetting, type Turn, writeSetting } from './turn.ts';

/**
 * The outside. A port that is not exported (an older Worker) reads as undefined and counts as not
 * answering.
 */
export interface JournalPorts {
  readonly SignerPort?: SignerPort;
  readonly WorkQueuePort?: WorkQueuePort;
}

export class AccountJournal extends DurableObject {
  // `ctx.exports` is typed by the main module, which imports this one; ports.ts is where both sides
  // agree.
  readonly ports: JournalPorts = this.ctx.exports;
  readonly #sql = boundedSql(this.ctx.storage.sql);
  /**
   * What the alarm stands at, as far as this instance knows; 0 makes the next turn set it again.
   */
  #armedAt = 0;
  #accountId: string | undefined;

  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env as never);
    void ctx.blockConcurrencyWhile(() => {
      migrate(ctx.storage, MIGRATIONS, Date.now());
      return Promise.resolve();
    });
  }

  // Audit log and events

  appendOutbox(rows: readonly rpc.OutboxRow[]): Result<AppliedOutbox> {
    return ok(this.#change((turn) => appendOutbox(turn, rows)));
  }

  /**
   * For changes made in an object, and for acts that change nothing in D1; a line of any form is
   * taken.
   */
  appendAudit(line: object): Result<{ readonly sequence: number; readonly hash: string }> {
    const { sequence, hash } = this.#change((turn) => audit.appendAudit(turn, line));
    return ok({ sequence, hash });
  }

  recordRefusal(refusal: rpc.KnownKeyRefusal): Result<null> {
    this.#change((turn) => recordRefusal(turn, refusal));
    return ok(null);
  }

  listAudit(query: rpc.AuditQuery): Result<audit.AuditPage> {
    return this.#read((turn) => audit.listAudit(turn, query));
  }

  exportAudit(query: rpc.AuditExportQuery): Result<audit.AuditExportPage> {
    return this.#read((turn) => audit.exportAudit(turn, query));
  }

  pendingCheckpoint(): Result<AuditCheckpoint | null> {
    return ok(this.#read(audit.pendingCheckpoint));
  }

  saveCheckpoint(signed: SignedCheckpoint): Result<{ readonly saved: boolean }> {
    return this.#change((turn) => audit.saveCheckpoint(turn, signed));
  }

  listEvents(query: rpc.EventQuery): Result<events.EventPage> {
    return ok(this.#read((turn) => events.listEvents(turn, query)));
  }

  acknowledgeEvents(throughSequence: number): Result<{ readonly removed: number }> {
    return ok({ removed: this.#change((turn) => events.acknowledgeEvents(turn, throughSequence)) });
  }

  // Executions

  startExecution(
    command: rpc.StartExecution,
  ): Result<rpc.StartedExecution | rpc.ExistingExecutions> {
    return this.#change((turn) => startExecution(turn, command));
  }

  enqueueExecutions(
    command: rpc.EnqueueExecutions,
  ): Result<rpc.QueuedExecutions | rpc.ExistingExecutions> {
    return this.#change((turn) => enqueueExecutions(turn, command));
  }

  confirmEnqueued(itemIds: readonly string[]): Result<null> {
    this.#change((turn) => confirmEnqueued(turn, itemIds));
    return ok(null);
  }

  /** What an earlier request with this key made; null when there was none. */
  findExisting(claim: rpc.IdempotencyClaim): Result<rpc.ExistingExecutions | null> {
    return this.#change((turn) => findExisting(turn, claim));
  }

  peekQueued(command: rpc.PeekQueued): Result<rpc.WaitingExecution> {
    return this.#read((turn) => peekQueued(turn, command));
  }

  refuseQueued(command: rpc.RefuseQueued): Result<null> {
    return this.#change((turn) => refuseQueued(turn, command));
  }

  claimQueued(command: rpc.ClaimQueued): Result<rpc.ClaimedExecution> {
    return this.#change((turn) => claimQueued(turn, command));
  }

  finishExecution(command: rpc.FinishExecution): Result<rpc.FinishedExecution> {
    return this.#change((turn) => finishExecution(turn, command));
  }

  claimActions(command: rpc.ClaimActions): Result<rpc.ClaimedActions> {
    return this.#change((turn) => claimActions(turn, command));
  }

  saveActionResult(command: rpc.SaveActionResult): Result<rpc.ExecutionProgress> {
    return this.#change((turn) => saveActionResult(turn, command));
  }

  cancelExecution(command: rpc.CancelExecution): Result<rpc.CancelledExecution> {
    return this.#change((turn) => cancelExecution(turn, command));
  }

  /** Cheap enough for a runner to ask between two host calls. */
  isCancelRequested(executionId: string): Result<boolean> {
    const found = this.#read((turn) => loadExecution(turn, executionId));
    return found.ok ? ok(found.value.cancel_requested_at !== null) : found;
  }

  getExecution(executionId: string): Result<rpc.ExecutionDetail> {
    return this.#read((turn) => reads.getExecution(turn, executionId));
  }

  listExecutions(query: rpc.ExecutionQuery): Result<reads.ExecutionPage> {
    return ok(this.#read((turn) => reads.listExecutions(turn, query)));
  }

  getJournal(executionId: string): Result<rpc.ExecutionJournal> {
    return this.#read((turn) => reads.getJournal(turn, executionId));
  }

  getLogs(executionId: string): Result<{ readonly logsJson: string | null }> {
    return this.#read((turn) => reads.getLogs(turn, executionId));
  }

  bookFuel(command: rpc.BookFuel): Result<rpc.BookedFuel> {
    return this.#change((turn) => bookFuel(turn, command));
  }

  returnFuel(command: rpc.ReturnFuel): Result<null> {
    this.#change((turn) => returnFuel(turn, command));
    return ok(null);
  }

  stats(query: rpc.StatsQuery): Result<rpc.FunctionStats> {
    return this.#read((turn) => stats(turn, query));
  }

  /** `month` as `2026-11`. */
  usage(month: string): Result<rpc.MonthUsage> {
    return ok(this.#read((turn) => usage(turn, month)));
  }

  // Keeping and dropping

  setRetention(command: rpc.SetRetention): Result<RetentionPolicy> {
    return ok(this.#change((turn) => setRetention(turn, command)));
  }

  /** First step at once, the rest by alarm. The audit log stays. */
  purge(): Result<{ readonly done: boolean }> {
    return ok({ done: !this.#change(purgeStep) });
  }

  /** As `purge`, and the audit log too: what the journal knew is gone. */
  endRecords(): Result<{ readonly done: boolean }> {
    return ok({ done: !this.#change(endStep) });
  }

  override async alarm(): Promise<void> {
    try {
      await this.ctx.storage.setAlarm(Date.now() + LIMITS.resumeSeconds.value * 1000);
      for (const due of this.#read(alarms.listDue)) this.#attend(due);
      this.#armedAt = 0;
      if (!this.#arm(this.#turn())) await this.ctx.storage.deleteAlarm();
    } catch {
      // The alarm set first comes again; throwing would use up the platform's six retries.
      this.#armedAt = 0;
    }
  }

  /**
   * Each due thing in a transaction of its own: one that fails is put off with its reason and holds
   * up no other.
   */
  #attend(due: alarms.DueThing): void {
    try {
      const handover = this.#transaction((turn) => alarms.attend(turn, due));
      if (handover !== undefined) this.ctx.waitUntil(this.#handOver(handover));
    } catch (thrown) {
      this.#transaction((turn) => alarms.putOff(turn, due, String(thrown)));
    }
  }

  /** Un-awaited by the alarm. What comes back is applied in a transaction that checks again. */
  async #handOver(handover: alarms.Handover): Promise<void> {
    try {
      if (handover.kind === 'sign') await this.#sign(handover.checkpoint);
      else await this.#enqueue(handover.items);
    } catch {
      // The outside did not answer. The thing is still due and comes again.
    }
  }

  async #sign(checkpoint: AuditCheckpoint): Promise<void> {
    const payload = encodeCheckpoint(checkpoint);
    const request = { purpose: 'audit-checkpoint', payload } as const;
    const signed = await answerOf(this.ports.SignerPort?.sign(request));
    if (signed?.ok) this.saveCheckpoint({ checkpoint, signature: signed.value });
  }

  async #enqueue(items: alarms.WorkItems): Promise<void> {
    const accountId = this.#accountName();
    const taken = await answerOf(this.ports.WorkQueuePort?.enqueue({ accountId, items }));
    if (taken?.ok) this.confirmEnqueued(taken.value.ids);
  }

  #change<Value>(work: (turn: Turn) => Value): Value {
    const value = this.#transaction(work);
    this.#arm(this.#turn());
    return value;
  }

  #transaction<Value>(work: (turn: Turn) => Value): Value {
    return this.ctx.storage.transactionSync(() => work(this.#turn()));
  }

  #read<Value>(work: (turn: Turn) => Value): Value {
    return work(this.#turn());
  }

  #turn(): Turn {
    const { sql } = this.ctx.storage;
    return {
      sql: this.#sql,
      accountId: this.#accountName(),
      now: Date.now(),
      databaseBytes: () => sql.databaseSize,
    };
  }

  /**
   * Kept in storage too, because an object woken by its alarm is not told its name on every
   * platform version.
   */
  #accountName(): string {
    if (this.#accountId !== undefined) return this.#accountId;
    const stored = readSetting(this.#sql, 'accountId');
    const name = stored ?? this.ctx.id.name;
    assert(name !== undefined, 'a journal is addressed by the name of its account');
    if (stored === undefined) writeSetting(this.#sql, 'accountId', name);
    this.#accountId = name;
    return name;
  }

  /**
   * Set in the same turn of the event loop as the write it belongs to, so both become durable
   * together. False when nothing is due.
   */
  #arm(turn: Turn): boolean {
    const next = alarms.nextDueAt(turn);
    if (next === undefined) return false;
    if (this.#armedAt !== 0 && this.#armedAt <= next) return true;
    this.#armedAt = next;
    void this.ctx.storage.setAlarm(Math.max(next, turn.now));
    return true;
  }
}
