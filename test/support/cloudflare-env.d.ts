/** The bindings that `cloudflare:workers` gives to the tests in workerd. */
import type { Bindings, Env as WorkerEnv } from '../../worker/env.ts';
import type * as mainModule from '../../worker/index.ts';

declare global {
  namespace Cloudflare {
    interface Env extends WorkerEnv, Bindings {
      readonly TEST_SCHEMA: string;
      readonly SLOW: string;
      /** Of the project `traces` only (trace-collector.ts). */
      readonly TRACES: Fetcher;
    }
    interface GlobalProps {
      readonly mainModule: typeof mainModule;
    }
  }
}
