/** The bindings that `cloudflare:workers` gives to the tests in workerd. */
import type { Bindings, Env as WorkerEnv } from '../../worker/env.ts';

declare global {
  namespace Cloudflare {
    interface Env extends WorkerEnv, Bindings {
      readonly TEST_MIGRATIONS: Parameters<typeof import('cloudflare:test').applyD1Migrations>[1];
      readonly SLOW: string;
    }
    interface GlobalProps {
      readonly mainModule: typeof import('../../worker/index.ts');
    }
  }
}
