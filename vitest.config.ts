/**
 * Four kinds of tests: `node` (pure code, tools, SDK and CLI), `worker`, `contract` and `traces`
 * (inside workerd with real D1, objects and the built bridge Worker; apart, because one workerd has
 * one thread), `e2e` (the served bundles over real sockets). SLOW=1 runs the `*.slow.ts` files and
 * nothing else: raised run counts and long simulations. CHAIN=1 runs the tests against real Neo
 * nodes and nothing else: they need Go, which the others do not.
 */
import { cloudflareTest } from '@cloudflare/vitest-plugin';
import { Response as OutsideResponse } from 'miniflare';
import { defineConfig } from 'vitest/config';
import { testBindings, testBridge } from './test/support/bindings.ts';
import { readSchema } from './test/support/d1-schema.ts';
import { answerAsNode, NODE_HOST } from './test/support/small-chain.ts';
import { throwawayFolder } from './test/support/throwaway-folder.ts';
import { traceBinding, traceCollector, traced } from './test/support/trace-collector.ts';

// Read by os.tmpdir(), here and in everything that is started from here.
process.env.TMPDIR = throwawayFolder();

const slow = process.env.SLOW === '1';
const chain = process.env.CHAIN === '1';
const tests = (...folders: string[]) =>
  folders.map((folder) => `test/${folder}/**/*.${slow ? 'slow' : 'test'}.ts`);

/** The Worker's requests to its Neo nodes; whatever else it asks for is not there. */
async function answerOutside(request: {
  readonly url: string;
  text(): Promise<string>;
}): Promise<OutsideResponse> {
  if (new URL(request.url).host !== NODE_HOST) return new OutsideResponse(null, { status: 502 });
  return new OutsideResponse(await answerAsNode(await request.text()));
}

/** Files of one project share a workerd, so that it starts once and not for each file. */
const workerdProject = (name: string, folders: readonly string[], isTraced: boolean) => ({
  plugins: [
    cloudflareTest(async () => ({
      wrangler: { configPath: './wrangler.toml' },
      miniflare: {
        bindings: {
          ...testBindings,
          TEST_SCHEMA: await readSchema('./d1-migrations'),
          SLOW: slow ? '1' : '0',
        },
        outboundService: answerOutside,
        workers: isTraced ? [{ ...testBridge, ...traced }, traceCollector] : [testBridge],
        ...(isTraced ? { ...traced, serviceBindings: traceBinding } : {}),
      },
    })),
  ],
  test: {
    name,
    isolate: false,
    include: tests(...folders),
    setupFiles: ['./test/support/worker-setup.ts'],
    hookTimeout: 60_000,
    testTimeout: slow ? 600_000 : 60_000,
  },
});

/** Mostly waiting for blocks, so more files at once than there are cores. */
const chainProject = {
  test: {
    name: 'chain',
    environment: 'node' as const,
    include: tests('chain'),
    globalSetup: ['./test/chain/support/start-network.ts'],
    maxWorkers: 4,
    // Nodes make a block a second whether a busy machine keeps up or not; what is wrong stays wrong.
    retry: 1,
    testTimeout: slow ? 600_000 : 60_000,
    hookTimeout: 120_000,
  },
};

const withoutChain = defineConfig({
  test: {
    globalSetup: ['./test/support/build-bridge.ts'],
    projects: [
      workerdProject('worker', ['durable-objects', 'services', 'http'], false),
      workerdProject('contract', ['contract'], false),
      // Apart, since every call costs more while it is traced.
      workerdProject('traces', ['traces'], true),
      {
        test: {
          name: 'node',
          environment: 'node',
          // Importing what each file needs anew was a fourth of this project's time.
          isolate: false,
          include: tests('core', 'properties', 'scripts', 'cli', 'sdk', 'conformance'),
          testTimeout: slow ? 600_000 : 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          environment: 'node',
          isolate: false,
          include: tests('e2e'),
          fileParallelism: false,
          testTimeout: slow ? 600_000 : 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});

export default chain ? defineConfig({ test: { projects: [chainProject] } }) : withoutChain;
