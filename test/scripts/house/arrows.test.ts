import { describe, expect, it } from 'vitest';
import { arrows } from '../../../scripts/house/arrows.ts';
import { places } from './tree-of.ts';

const SERVICE = 'worker/services/gasbank/service.ts';

/** Each row: the file, and what it imports. */
const REFUSED: readonly (readonly [string, string])[] = [
  ['worker/core/clock.ts', `import { readFile } from 'node:fs/promises';`],
  ['worker/core/clock.ts', `import { env } from 'cloudflare:workers';`],
  ['worker/core/clock.ts', `import { Hono } from 'hono';`],
  ['worker/core/clock.ts', `import { QuickJS } from 'quickjs-wasi';`],
  ['worker/core/clock.ts', `import type { Env } from '../env.ts';`],
  ['worker/core/clock.ts', `export * from '../db/connect.ts';`],
  ['worker/core/clock.ts', `const module = await import('../db/connect.ts');`],
  ['worker/core/clock.ts', `type Db = import('../db/connect.ts').Database;`],
  ['worker/core/clock.ts', `import z from 'zodiac';`],
  ['durable-objects/ledger/ledger.ts', `import { rpc } from '../../worker/chain/rpc-client.ts';`],
  ['durable-objects/ledger/ledger.ts', `import { z } from 'zod';`],
  ['enclave-bridge/session.ts', `import { connect } from '../worker/db/connect.ts';`],
  ['worker/db/connect.ts', `import { read } from '../chain/rpc-client.ts';`],
  ['worker/db/connect.ts', `import { RateLimiter } from '../../durable-objects/limiter/rpc.ts';`],
  [SERVICE, `import { find } from '../secrets/store.ts';`],
  [SERVICE, `import type { Row } from '../secrets/tables.ts';`],
  [SERVICE, `import { Ledger } from '../../../durable-objects/ledger/rpc.ts';`],
  // The statement stands at run time even when each of its names is a type.
  [SERVICE, `import { type Ledger } from '../../../durable-objects/ledger/rpc.ts';`],
  [SERVICE, `import type { Seal } from '../../../enclave-bridge/workloads/seal.ts';`],
  [SERVICE, `import { app } from '../../app.ts';`],
  ['worker/contract.ts', `import { create } from './services/gasbank/service.ts';`],
  ['worker/app.ts', `import { EnclaveBridge } from '../enclave-bridge/index.ts';`],
  ['sdk/src/client.ts', `import { ERRORS } from '../../worker/core/errors.ts';`],
  ['sdk/src/client.ts', `import { z } from 'zod';`],
  ['sdk/src/client.ts', `import { Buffer } from 'node:buffer';`],
  ['dashboard/src/api.ts', `import type { Env } from '../../worker/env.ts';`],
  ['examples/gasbank/main.ts', `import { ids } from '../../worker/core/ids.ts';`],
  ['cli/src/main.ts', `import { decide } from '../../worker/core/ledger/decide.ts';`],
  ['cli/src/main.ts', `import { operations } from '../../worker/contract.ts';`],
  ['scripts/bench.ts', `import { create } from '../worker/services/gasbank/service.ts';`],
  ['worker/app.ts', `import { fakeNode } from '../test/support/fake-neo-node.ts';`],
  ['worker/app.ts', `import { build } from '../scripts/build.ts';`],
];

const ALLOWED: readonly (readonly [string, string])[] = [
  ['worker/core/clock.ts', `import { sha256 } from '@noble/hashes/sha2.js';`],
  ['worker/core/clock.ts', `import canonicalize from 'canonicalize';`],
  ['worker/core/functions-runtime/vm.ts', `import { QuickJS } from 'quickjs-wasi';`],
  ['worker/core/functions-runtime/vm.ts', `import { err } from '../result.ts';`],
  ['durable-objects/ledger/ledger.ts', `import { DurableObject } from 'cloudflare:workers';`],
  ['durable-objects/ledger/ledger.ts', `import { err } from '../../worker/core/result.ts';`],
  ['worker/db/connect.ts', `import type { Env } from '../env.ts';`],
  ['worker/db/connect.ts', `import { drizzle } from 'drizzle-orm/d1';`],
  [SERVICE, `import { find } from './store.ts';`],
  [SERVICE, `import { resolveSecret } from '../secrets/index.ts';`],
  [SERVICE, `import type { Ledger } from '../../../durable-objects/ledger/rpc.ts';`],
  [SERVICE, `import type { Seal } from '../../../enclave-bridge/contract.ts';`],
  [SERVICE, `import wasm from '../../runtimes/quickjs.wasm';`],
  ['worker/contract.ts', `import { gasbank } from './services/gasbank/contract.ts';`],
  ['worker/index.ts', `export { Ledger } from '../durable-objects/index.ts';`],
  ['cli/src/main.ts', `import { verify } from '../../worker/core/audit/chain.ts';`],
  ['cli/src/main.ts', `import { ERRORS } from '../../worker/core/errors.ts';`],
  ['scripts/limits.ts', `import { LIMITS } from '../worker/services/gasbank/limits.ts';`],
  ['scripts/bench.ts', `const page = new URL('../worker/app.ts', import.meta.url);`],
  ['test/core/clock.test.ts', `import { app } from '../../worker/app.ts';`],
  ['examples/gasbank/main.ts', `import { createClient } from '../../sdk/src/index.ts';`],
];

describe('arrows', () => {
  it.each(REFUSED)('refuses, in %s: %s', (path, text) => {
    expect(places(arrows, { [path]: `\n${text}\n` })).toEqual([`${path}:2`]);
  });

  it.each(ALLOWED)('lets pass, in %s: %s', (path, text) => {
    expect(places(arrows, { [path]: text })).toEqual([]);
  });

  it('does not let a folder stand outside the table', () => {
    expect(places(arrows, { 'worker/plugins/one.ts': '' })).toEqual(['worker/plugins/one.ts:1']);
  });

  it('does not take an import that is written in a string or a comment for one', () => {
    const text = `// import 'node:fs';\nexport const text = "import 'node:fs'";\n`;
    expect(places(arrows, { 'worker/core/text.ts': text })).toEqual([]);
  });
});
