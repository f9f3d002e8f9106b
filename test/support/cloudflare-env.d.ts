/** The bindings that `cloudflare:workers` gives to the tests in workerd. */
import type { applyD1Migrations } from 'cloudflare:test';
import type { Bindings, Env as WorkerEnv } from '../../worker/env.ts';
import type * as mainModule from '../../worker/index.ts';

declare global {
  namespace Cloudflare {
    interface Env extends WorkerEnv, Bindings {
      readonly TEST_MIGRATIONS: Parameters<typeof applyD1Migrations>[1];
      readonly SLOW: string;
      /** Of the project `traces` only (trace-collector.ts). */
      readonly TRACES: Fetcher;
    }
    interface GlobalProps {
      readonly mainModule: typeof mainModule;
    }
  }
}
