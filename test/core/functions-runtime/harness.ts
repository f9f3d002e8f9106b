/**
 * Runs one source with everything else given: the same in Node and in workerd, since the runtime is an argument. The
 * fake host answers from a list, in a stated order of completion; it stands for the egress door.
 */
import { type CompiledSource, compile } from '../../../worker/core/functions-runtime/compile.ts';
import {
  type ExecuteInput,
  execute,
  type RunResult,
  replay,
} from '../../../worker/core/functions-runtime/execute.ts';
import type { Host, HostCall } from '../../../worker/core/functions-runtime/host-calls.ts';
import type { HostAnswer } from '../../../worker/core/functions-runtime/journal.ts';
import type { JsonValue } from '../../../worker/core/functions-runtime/json-text.ts';
import { DEFAULT_RUN_LIMITS } from '../../../worker/core/functions-runtime/limits.ts';
import { DEFAULT_PERMISSIONS } from '../../../worker/core/functions-runtime/permissions.ts';
import type { Runtime } from '../../../worker/core/functions-runtime/runtime.ts';

export type RunOptions = Partial<Omit<ExecuteInput, 'runtime' | 'source'>>;

export const CLOCK_MS = 1_760_000_000_000;
const SEED = Uint8Array.from({ length: 32 }, (_, index) => index * 7);
export const HTTP_ALLOWED = { ...DEFAULT_PERMISSIONS, httpHosts: ['api.example.com'] };

const NO_HOST: Host = () => Promise.reject(new Error('no call was expected'));

export function toInput(runtime: Runtime, source: string, options: RunOptions): ExecuteInput {
  return {
    runtime,
    source,
    entryForm: options.entryForm ?? entryFormOf(runtime, source),
    params: null,
    secrets: [],
    seed: SEED,
    clockMs: CLOCK_MS,
    limits: DEFAULT_RUN_LIMITS,
    permissions: DEFAULT_PERMISSIONS,
    context: { functionId: 'fn_1', accountId: 'acc_1' },
    host: NO_HOST,
    signal: new AbortController().signal,
    ...options,
  };
}

/** What creation would decide; a source that does not compile runs as an expression and fails there. */
function entryFormOf(runtime: Runtime, source: string): CompiledSource['entryForm'] {
  const compiled = compile(runtime, source);
  return compiled.ok ? compiled.value.entryForm : { kind: 'expression', end: source.length };
}

export const run = (runtime: Runtime, source: string, options: RunOptions = {}) =>
  execute(toInput(runtime, source, options));

/** Runs, then replays from a journal that went through a store. */
export async function runAndReplay(
  runtime: Runtime,
  source: string,
  options: RunOptions = {},
): Promise<{ readonly first: RunResult; readonly again: Awaited<ReturnType<typeof replay>> }> {
  const input = toInput(runtime, source, options);
  const first = await execute(input);
  // Every string of a journal is well formed, so nothing is lost in JSON text.
  const journal = JSON.parse(JSON.stringify(first.journal)) as RunResult['journal'];
  const { params, secrets } = input;
  return { first, again: await replay({ runtime, source, params, secrets, journal }) };
}

export const httpAnswer = (body: JsonValue, status = 200): HostAnswer => ({
  ok: true,
  value: { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
});

/** Answers by call index, completing in `order` once that many calls have left. */
export function scriptedHost(answers: readonly HostAnswer[], order?: readonly number[]): Host {
  const waiting = new Map<number, (answer: HostAnswer) => void>();
  const answerOf = (index: number): HostAnswer => answers[index] ?? httpAnswer({ index });
  return (call: HostCall) => {
    if (order === undefined) return Promise.resolve(answerOf(call.index));
    const { promise, resolve } = Promise.withResolvers<HostAnswer>();
    waiting.set(call.index, resolve);
    if (waiting.size === order.length) void completeInOrder();
    return promise;
  };

  /** One at a time: each answer is taken before the next one comes. */
  async function completeInOrder(): Promise<void> {
    for (const index of order ?? []) {
      for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
      waiting.get(index)?.(answerOf(index));
    }
  }
}
