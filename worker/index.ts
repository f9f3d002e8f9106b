/** The API Worker: objects, ports, the cron sweep and the API. */
import type { Env } from './env.ts';
import { loaded } from './loaded.ts';

export {
  AccountJournal,
  AccountLedger,
  AccountScheduler,
  ChainFollower,
  MetricsHub,
  NeoSender,
  RateLimiter,
} from '../durable-objects/index.ts';
export { BookPort } from './entrypoints/book-port.ts';
export { ChainEvents } from './entrypoints/chain-events.ts';
export { ChainPort } from './entrypoints/chain-port.ts';
export { ChainReader } from './entrypoints/chain-reader.ts';
export { ProjectionWriter } from './entrypoints/projection-writer.ts';
export { SignerPort } from './entrypoints/signer-port.ts';
export { WorkQueuePort } from './entrypoints/work-queue-port.ts';
export { WorkRunner } from './entrypoints/work-runner.ts';

export default {
  fetch: async (request, env, context) => {
    const { api } = await loaded.api();
    return api.fetch(request, env, context);
  },
  scheduled: (event, env, context) => {
    context.waitUntil(sweepAt(env, event.scheduledTime));
  },
} satisfies ExportedHandler<Env>;

async function sweepAt(env: Env, time: number): Promise<void> {
  const { sweep } = await loaded.sweep();
  await sweep(env, time);
}
