/**
 * Follows one Neo N3 network without missing or doubling an event. What is decided stands in
 * worker/core/chain-follower and in follower.ts, which runs without this object too; here are the
 * alarm and the way out.
 *
 * The alarm hands over and never waits (delivery rule D3): it sets the next alarm first, takes one
 * bounded turn, and calls ChainReader and ChainEvents un-awaited. Steps report by `reportRead`,
 * naming their lease; one that dies is found when its lease ends. Who does not acknowledge is called
 * again, later each time. Whatever is stored has an alarm that comes for it.
 */
import { DurableObject } from 'cloudflare:workers';
import { LIMITS } from '../../worker/core/chain-follower/limits.ts';
import type { ReadReport } from '../../worker/core/chain-follower/reading.ts';
import { boundedSql } from '../bounded-sql.ts';
import { migrate } from '../migrate.ts';
import { Follower } from './follower.ts';
import { MIGRATIONS } from './migrations.ts';
import { followerPorts } from './ports.ts';
import type { ChainFollowerRpc, Configure, Rescan, Subscribe, Unsubscribe } from './rpc.ts';

export class ChainFollower extends DurableObject implements ChainFollowerRpc {
  ports = followerPorts(this.ctx);
  readonly #follower = new Follower({
    sql: boundedSql(this.ctx.storage.sql),
    transaction: (work) => this.ctx.storage.transactionSync(work),
  });

  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    super(ctx, env);
    void ctx.blockConcurrencyWhile(async () => {
      migrate(ctx.storage, MIGRATIONS, Date.now());
    });
  }

  async configure(command: Configure) {
    return this.#woken(this.#follower.configure(command, Date.now()));
  }

  async subscribe(command: Subscribe) {
    return this.#woken(this.#follower.subscribe(command, Date.now()));
  }

  async unsubscribe(command: Unsubscribe) {
    return this.#follower.unsubscribe(command);
  }

  async removeSubscriber(subscriberId: string) {
    return this.#follower.removeSubscriber(subscriberId);
  }

  async readEvents(query: { readonly subscriberId: string; readonly limit: number }) {
    return this.#follower.readEvents(query);
  }

  async acknowledge(command: { readonly subscriberId: string; readonly position: number }) {
    // There is room again: a catch-up may go on.
    return this.#woken(this.#follower.acknowledge(command, Date.now()));
  }

  async rescan(command: Rescan) {
    return this.#woken(this.#follower.rescan(command));
  }

  async subscriber(subscriberId: string) {
    return this.#follower.subscriber(subscriberId);
  }

  async header(height: number) {
    return this.#follower.header(height);
  }

  async status() {
    return this.#follower.status(Date.now());
  }

  async reportRead(report: ReadReport) {
    const now = Date.now();
    const taken = this.#follower.report(report, { now, random: randomFraction() });
    // At once and not by the alarm: a follower that is behind reads as fast as its endpoints give.
    if (taken.ok) await this.alarm();
    return taken;
  }

  async wake() {
    return this.#woken({ ok: true, value: null } as const);
  }

  /**
   * Repeated or late, it only does what is due. It never throws: after six failures no alarm would
   * come again.
   */
  override async alarm(): Promise<void> {
    await this.ctx.storage.setAlarm(Date.now() + LIMITS.followerAlarmRetryMs.value);
    try {
      const { leases, deliveries, nextAt } = this.#follower.takeTurn(Date.now());
      if (nextAt === null) await this.ctx.storage.deleteAlarm();
      else await this.ctx.storage.setAlarm(Math.max(nextAt, Date.now()));
      if (leases.length > 0) this.#handOver(() => this.ports.reader.read(leases));
      for (const delivery of deliveries) this.#handOver(() => this.ports.events.deliver(delivery));
    } catch (fault) {
      // The alarm set above tries again; operators see the fault in `status`.
      this.#follower.stores.chain.saveFault(Date.now(), String(fault).slice(0, 500));
    }
  }

  #handOver(call: () => Promise<void>): void {
    // Swallowed on purpose: a step that failed is found by the end of its lease, and whoever did
    // not read his events is called again.
    const handed = async () => call();
    this.ctx.waitUntil(handed().catch(() => undefined));
  }

  /** In the turn of the command itself: an eviction between the two cannot happen. */
  #woken<Answer extends { readonly ok: boolean }>(answer: Answer): Answer {
    if (answer.ok) void this.ctx.storage.setAlarm(Date.now());
    return answer;
  }
}

function randomFraction(): number {
  const [word = 0] = crypto.getRandomValues(new Uint32Array(1));
  return word / 2 ** 32;
}
