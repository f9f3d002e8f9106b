/**
 * The scheduler's way to running work (core/ports.ts): each item apart, so that one that dies takes
 * none with it.
 */
import { WorkerEntrypoint } from 'cloudflare:workers';
import type { WorkBatch, WorkRunnerPort } from '../core/ports.ts';
import { connect } from '../db/connect.ts';
import { defaultSettings, type Env, parseSettings } from '../env.ts';
import { createLog, errorFields } from '../http/log.ts';
import { runQueuedItem } from '../services/executions/index.ts';

export class WorkRunner extends WorkerEntrypoint<Env> implements WorkRunnerPort {
  async run({ accountId, items }: WorkBatch): Promise<void> {
    const parsed = parseSettings(this.env);
    const settings = parsed.ok ? parsed.value : defaultSettings;
    const log = createLog(settings.LOG_LEVEL, { account: accountId });
    const deps = { env: this.env, db: connect(this.env.DB), settings, log, now: Date.now() };
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
}
