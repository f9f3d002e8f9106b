/**
 * Three kinds of tests: `node` (pure code, tools, SDK and CLI), `worker` (inside workerd with real
 * D1, objects and the built bridge Worker), `e2e` (the served bundles over real sockets). SLOW=1
 * runs the `*.slow.ts` files and nothing else: raised run counts and long simulations.
 */
import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';
import { testBindings, testBridge } from './test/support/bindings.ts';

const slow = process.env.SLOW === '1';
const tests = (...folders: string[]) =>
  folders.map((folder) => `test/${folder}/**/*.${slow ? 'slow' : 'test'}.ts`);

export default defineConfig({
  test: {
    projects: [
      {
        plugins: [
          cloudflareTest(async () => ({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: {
              bindings: {
                ...testBindings,
                TEST_MIGRATIONS: await readD1Migrations('./d1-migrations'),
                SLOW: slow ? '1' : '0',
              },
              workers: [testBridge],
            },
          })),
        ],
        test: {
          name: 'worker',
          isolate: false,
          include: tests('durable-objects', 'services', 'contract', 'http'),
          setupFiles: ['./test/support/worker-setup.ts'],
          globalSetup: ['./test/support/build-bridge.ts'],
          hookTimeout: 60_000,
          testTimeout: slow ? 600_000 : 60_000,
        },
      },
      {
        test: {
          name: 'node',
          environment: 'node',
          include: tests('core', 'properties', 'scripts', 'cli', 'sdk', 'conformance'),
          testTimeout: slow ? 600_000 : 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          environment: 'node',
          include: tests('e2e'),
          fileParallelism: false,
          testTimeout: slow ? 600_000 : 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
