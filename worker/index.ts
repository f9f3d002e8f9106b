export {
  AccountJournal,
  AccountScheduler,
  MetricsHub,
  RateLimiter,
} from '../durable-objects/index.ts';

export default { fetch: () => new Response(null, { status: 404 }) } satisfies ExportedHandler;
