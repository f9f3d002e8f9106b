/**
 * One shard of the platform's counters and histograms. Isolates send what they counted in batches;
 * each batch is added in one transaction together with its id, so a flush that is repeated because
 * its answer was lost counts once.
 *
 * The number of series is bounded here too: label values have closed sets, but a defect that makes
 * them many must not fill the object. What does not fit is dropped, and `nsl_metrics_dropped_total`
 * says how many events.
 */
import { DurableObject } from 'cloudflare:workers';
import { assert } from '../../worker/core/assert.ts';
import { type Cell, isSoundCell } from '../../worker/core/metrics/cells.ts';
import { LIMITS } from '../../worker/core/metrics/limits.ts';
import { ok, type Result } from '../../worker/core/result.ts';
import { boundedSql } from '../bounded-sql.ts';
import { migrate } from '../migrate.ts';
import { MIGRATIONS } from './migrations.ts';
import type { MetricsBatch, MetricsHubRpc } from './rpc.ts';
import { metricsStore } from './sql.ts';

export class MetricsHub extends DurableObject implements MetricsHubRpc {
  readonly #metrics = metricsStore(boundedSql(this.ctx.storage.sql));

  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    super(ctx, env);
    void ctx.blockConcurrencyWhile(async () => {
      migrate(ctx.storage, MIGRATIONS, Date.now());
    });
  }

  async flush(batch: MetricsBatch): Promise<Result<{ readonly isRepeat: boolean }, never>> {
    const { batchId, cells } = batch;
    assert(/^[0-9a-f]{32}$/.test(batchId), 'a batch id is 16 bytes in hexadecimal');
    assert(cells.length <= LIMITS.metricsBatchCellsMax.value, 'a batch has too many cells');
    const now = Date.now();
    return this.ctx.storage.transactionSync(() => {
      this.#metrics.removeBatches(now - LIMITS.metricsBatchKeepMs.value);
      if (!this.#metrics.saveBatch(batchId, now)) return ok({ isRepeat: true });
      this.#add(cells);
      return ok({ isRepeat: false });
    });
  }

  async read(): Promise<Result<{ readonly cells: readonly Cell[] }, never>> {
    return ok({ cells: this.#metrics.listCells() });
  }

  #add(cells: readonly Cell[]): void {
    let free = LIMITS.metricsSeriesMax.value - this.#metrics.countCells();
    let dropped = 0;
    for (const cell of cells) {
      const isSound = isSoundCell(cell);
      const isFresh = isSound && !this.#metrics.hasCell(cell);
      if (!isSound || (isFresh && free <= 0)) {
        dropped++;
        continue;
      }
      if (isFresh) free--;
      this.#metrics.addCell(cell);
    }
    // Past the bound on purpose: one cell, without which nobody would see that the bound was met.
    if (dropped > 0)
      this.#metrics.addCell({
        metric: 'nsl_metrics_dropped_total',
        labels: [],
        index: 0,
        value: dropped,
      });
  }
}
