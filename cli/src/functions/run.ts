/**
 * * `slctl functions run --local`: a file on the metered runtime of the platform, in this process,
 * offline. Output, logs, planned actions and fuel are what the platform would give for the same
 * seed and clock. Guest code reaches nothing of this machine: no file, no network, no environment;
 * HTTP and reads of a chain are answered from fixtures or not at all.
 */
import { randomBytes } from 'node:crypto';
import { hexToBytes } from '@noble/hashes/utils.js';
import * as z from 'zod';
import { countCalls } from '../../../worker/core/functions-runtime/call-kinds.ts';
import { compile } from '../../../worker/core/functions-runtime/compile.ts';
import { execute, type RunResult } from '../../../worker/core/functions-runtime/execute.ts';
import { DEFAULT_RUN_LIMITS, LIMITS } from '../../../worker/core/functions-runtime/limits.ts';
import {
  DEFAULT_PERMISSIONS,
  DEVPACK_MODULES,
  type Permissions,
} from '../../../worker/core/functions-runtime/permissions.ts';
import { CliFailure, EXIT, usage } from '../failure.ts';
import type { Io } from '../io.ts';
import { printAnswer, type Style } from '../output/print.ts';
import { bundleFunction } from './bundle.ts';
import { fixtureHost } from './fixtures.ts';
import { loadRuntimes } from './load-runtime.ts';
import { parseSecrets, readJsonFlag } from './local-input.ts';

export interface LocalRun {
  readonly file: string;
  readonly params: string | undefined;
  /** `NAME=value`, the value perhaps `@file`. */
  readonly secrets: readonly string[];
  readonly permissions: string | undefined;
  readonly fixtures: string | undefined;
  readonly chainFixtures: string | undefined;
  readonly fuel: string | undefined;
  readonly seed: string | undefined;
  readonly clock: string | undefined;
}

const CONTEXT = { functionId: 'fn_local', accountId: 'acc_local' };

export async function runFunction(io: Io, style: Style, run: LocalRun): Promise<void> {
  const { source } = await bundleFunction(run.file);
  const [runtime] = await loadRuntimes();
  const compiled = compile(runtime, source);
  if (!compiled.ok) {
    const { code, detail, line, column } = compiled.failure;
    throw new CliFailure({
      exitCode: EXIT.usage,
      code,
      detail: placed(detail, { line, column }),
    });
  }
  const result = await execute({
    runtime,
    source,
    entryForm: compiled.value.entryForm,
    params: await readJsonFlag(io, 'params', run.params),
    secrets: await parseSecrets(io, run.secrets),
    permissions: parsePermissions(await readJsonFlag(io, 'permissions', run.permissions)),
    host: fixtureHost({
      http: await readJsonFlag(io, 'fixtures', run.fixtures),
      chain: await readJsonFlag(io, 'chain-fixtures', run.chainFixtures),
    }),
    limits: { ...DEFAULT_RUN_LIMITS, fuel: parseFuel(run.fuel) },
    seed: parseSeed(run.seed),
    clockMs: parseClock(io, run.clock),
    context: CONTEXT,
    signal: io.signal,
  });
  printAnswer(io, style, shown(result));
  if (result.status === 'succeeded') return;
  const { code, message, ...place } = result.error;
  throw new CliFailure({ exitCode: EXIT.outcome, code, detail: placed(message, place) });
}

const shown = (result: RunResult) => ({
  status: result.status,
  ...(result.status === 'succeeded' ? { output: result.output } : { error: result.error }),
  logs: result.logs,
  actions: result.actions,
  ...countCalls(result.journal),
  fuel: result.fuelUsed,
  memoryBytes: result.memoryBytes,
  runtimeVersion: result.journal[0].runtimeVersion,
});

interface SourcePlace {
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

function placed(message: string, { line, column }: SourcePlace): string {
  if (line === undefined) return message;
  return `${message} (line ${line}${column === undefined ? '' : `, column ${column}`})`;
}

const permissionsSchema = z.strictObject({
  modules: z.array(z.enum(DEVPACK_MODULES)).default([...DEFAULT_PERMISSIONS.modules]),
  httpHosts: z.array(z.string()).default([]),
});

function parsePermissions(value: unknown): Permissions {
  if (value === null) return DEFAULT_PERMISSIONS;
  const parsed = permissionsSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw usage(`--permissions must be {"modules": [...], "httpHosts": [...]}`);
}

function parseFuel(text: string | undefined): number {
  if (text === undefined) return DEFAULT_RUN_LIMITS.fuel;
  const fuel = Number(text);
  if (/^\d+$/.test(text) && fuel > 0 && fuel <= LIMITS.fuelMax.value) return fuel;
  throw usage(`--fuel must be an integer from 1 to ${LIMITS.fuelMax.value}`);
}

function parseSeed(text: string | undefined): Uint8Array {
  if (text === undefined) return new Uint8Array(randomBytes(32));
  if (/^[0-9a-f]{64}$/i.test(text)) return hexToBytes(text);
  throw usage('--seed must be 32 bytes in hex');
}

function parseClock(io: Io, text: string | undefined): number {
  if (text === undefined) return io.now();
  const clockMs = Date.parse(text);
  if (Number.isSafeInteger(clockMs) && clockMs >= 0) return clockMs;
  throw usage('--clock must be a time such as 2026-11-01T09:00:00Z');
}
