/**
 * The functions runtime alone, with and without its meter: `/run/…` runs a program of calls, loops,
 * sorting and JSON, `/create/…` makes a VM and drops it. Nothing is stored.
 */
import { execute, prepareGuest } from '../../../worker/core/functions-runtime/execute.ts';
import { DEFAULT_RUN_LIMITS } from '../../../worker/core/functions-runtime/limits.ts';
import { DEFAULT_PERMISSIONS } from '../../../worker/core/functions-runtime/permissions.ts';
import type { Runtime } from '../../../worker/core/functions-runtime/runtime.ts';
import { RUNTIMES } from '../../../worker/runtimes/generated/index.ts';
import unmeteredModule from './unmetered.wasm';

const SOURCE = `() => {
  const fib = (n) => (n < 2 ? n : fib(n - 1) + fib(n - 2));
  let sum = fib(18);
  for (let turn = 0; turn < 20000; turn++) sum = (sum * 31 + turn) % 65521;
  const rows = Array.from({ length: 500 }, (_, n) => ({ n, text: 'row ' + ((n * 7919) % 500) }));
  rows.sort((left, right) => (left.text < right.text ? -1 : 1));
  return JSON.parse(JSON.stringify(rows)).length + sum;
}`;

const RUNTIME: Readonly<Record<string, Runtime>> = {
  metered: RUNTIMES[0],
  unmetered: { ...RUNTIMES[0], module: unmeteredModule },
};

async function run(runtime: Runtime): Promise<string> {
  const { status } = await execute({
    runtime,
    source: SOURCE,
    entryForm: { kind: 'expression', end: SOURCE.length },
    params: null,
    secrets: [],
    seed: new Uint8Array(32),
    clockMs: 0,
    limits: DEFAULT_RUN_LIMITS,
    permissions: DEFAULT_PERMISSIONS,
    context: { functionId: 'fn_1', accountId: 'acc_1' },
    host: () => Promise.reject(new Error('the function calls nobody')),
    signal: new AbortController().signal,
  });
  return status;
}

function create(runtime: Runtime): string {
  prepareGuest(runtime);
  return 'succeeded';
}

export default {
  async fetch(request) {
    const [, act, meter = ''] = new URL(request.url).pathname.split('/');
    const runtime = RUNTIME[meter];
    if (runtime === undefined) return new Response(null, { status: 404 });
    const status = act === 'create' ? create(runtime) : await run(runtime);
    return new Response(status, { status: status === 'succeeded' ? 200 : 500 });
  },
} satisfies ExportedHandler;
