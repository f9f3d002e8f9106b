/** What crosses RPC to a MetricsHub: plain structured-clone values. */
import type { Cell } from '../../worker/core/metrics/cells.ts';
import type { Result } from '../../worker/core/result.ts';

export interface MetricsBatch {
  /** Fresh and random for each batch; a repetition of the same batch is counted once. */
  readonly batchId: string;
  readonly cells: readonly Cell[];
}

/** The methods others may call; stubs of the object satisfy it. */
export interface MetricsHubRpc {
  flush(batch: MetricsBatch): Promise<Result<{ readonly isRepeat: boolean }, never>>;
  read(): Promise<Result<{ readonly cells: readonly Cell[] }, never>>;
}
