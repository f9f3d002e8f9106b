/**
 * The scheduler's way to running work (core/ports.ts): each item apart, so that one that dies takes
 * none with it.
 */
import { WorkerEntrypoint } from 'cloudflare:workers';
import type { WorkBatch, WorkRunnerPort } from '../core/ports.ts';
import { connect } from '../db/connect.ts';
import { type Env, parseSettings } from '../env.ts';
import { createLog, errorFields, type Log } from '../http/log.ts';
import { loaded } from './loaded.ts';

export class WorkRunner extends WorkerEntrypoint<Env> implements WorkRunnerPort {
  async run({ accountId, items }: WorkBatch): Promise<void> {
    const parsed = parseSettings(this.env);
    const log = createLog(parsed.ok ? parsed.value.LOG_LEVEL : 'error', { account: accountId });
    if (!parsed.ok) return this.#release({ accountId, items }, log);
    const settings = parsed.value;
    const deps = { env: this.env, db: connect(this.env.DB), settings, log, now: Date.now() };
    const { runQueuedItem } = await loaded.executions();
    await Promise.all(
      items.map(async (item) => {
        try {
          await runQueuedItem(deps, accountId, item);
        } catch (thrown) {
          // Never reported: the scheduler's watchdog and the journal's lease decide what becomes of
          // it.
          log.error('work.failed', { item: item.id, kind: item.kind, ...errorFields(thrown) });
        }
      }),
    );
  }
  /**
   * With a malformed setting nothing runs: the defaults know none of our own hosts, so code could
   * reach the platform itself. The items come back without having cost an attempt.
   */
  async #release({ accountId, items }: WorkBatch, log: Log): Promise<void> {
    log.error('work.misconfigured', { items: items.length });
    const scheduler = this.env.ACCOUNT_SCHEDULER.getByName(accountId);
    for (const { id, leaseNumber } of items)
      await scheduler.report({
        id,
        leaseNumber,
        outcome: 'released',
        reason: 'service.misconfigured',
      });
  }
}
