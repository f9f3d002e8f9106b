/**
 * Drives the cron triggers of wrangler.toml, which the local runtime does not fire by itself. A run
 * that is still going when its next turn comes is not joined by a second one, as it may also be in
 * production at most once in a while; a failed run is reported and the next one comes at its time.
 */
import { Cron } from 'croner';

export interface ScheduledWorker {
  scheduled(options: { readonly cron: string; readonly scheduledTime: Date }): Promise<unknown>;
}

export interface CronDriver {
  /** No new run starts; the ones that are going are waited for. */
  stop(): Promise<void>;
}

export function driveCrons(
  patterns: readonly string[],
  worker: ScheduledWorker,
  onFailure: (pattern: string, error: unknown) => void,
): CronDriver {
  const running = new Set<Promise<void>>();
  const jobs = patterns.map(
    (pattern) =>
      // Cloudflare's triggers are in UTC.
      new Cron(pattern, { timezone: 'UTC', protect: true }, async (job) => {
        const scheduledTime = job.currentRun() ?? new Date();
        const run = worker
          .scheduled({ cron: pattern, scheduledTime })
          .then(() => undefined)
          .catch((error: unknown) => onFailure(pattern, error));
        running.add(run);
        await run;
        running.delete(run);
      }),
  );
  return {
    stop: async () => {
      for (const job of jobs) job.stop();
      await Promise.all(running);
    },
  };
}
