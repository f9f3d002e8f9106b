/** What a run may wait for the world in all, and what it is told when that is over. */
import { afterEach, expect, it, vi } from 'vitest';
import { replay } from '../../../worker/core/functions-runtime/execute.ts';
import { DEFAULT_RUN_LIMITS } from '../../../worker/core/functions-runtime/limits.ts';
import { defaultSettings } from '../../../worker/env.ts';
import { createLog } from '../../../worker/http/log.ts';
import { takeTurn } from '../../../worker/http/turns.ts';
import { CURRENT_RUNTIME } from '../../../worker/services/executions/deps.ts';
import { createHost } from '../../../worker/services/executions/host.ts';
import { runInTurn } from '../../../worker/services/executions/run.ts';
import { slowHost } from './runs-under-test.ts';

const log = createLog('silent', {});

const SOURCE = `async () => {
  await Devpack.http.fetch("https://slow.example.com/1");
  return "waited";
}`;

async function waitFor(awaitMs: number, isCancelled: () => Promise<boolean>) {
  const accountId = 'acc_waiting';
  const turn = await takeTurn({ accountId, memoryBytes: DEFAULT_RUN_LIMITS.memoryBytes });
  if (!turn.ok) throw new Error(turn.failure.code);
  const permissions = { modules: [], httpHosts: ['slow.example.com'] };
  return runInTurn(turn.value, {
    accountId,
    runtime: CURRENT_RUNTIME,
    source: SOURCE,
    entryForm: { kind: 'expression', end: SOURCE.length },
    params: null,
    secrets: [],
    seed: new Uint8Array(32),
    clockMs: 0,
    limits: DEFAULT_RUN_LIMITS,
    permissions,
    context: { functionId: 'fn_x', accountId },
    host: createHost({ settings: defaultSettings, log }, { permissions, secrets: [] }),
    isCancelled,
    awaitMs,
  });
}

afterEach(() => {
  vi.unstubAllGlobals();
});

it('ends a run as `timed_out` when it has waited as long as it may, and replays that end', async () => {
  slowHost();
  const result = await waitFor(20, async () => false);
  expect(result).toMatchObject({
    status: 'timed_out',
    error: { code: 'functions.timed_out' },
    actions: [],
  });
  expect(result.journal.at(-1)).toEqual({ type: 'interrupt', reason: 'timed_out' });
  const again = await replay({
    runtime: CURRENT_RUNTIME,
    source: SOURCE,
    params: null,
    secrets: [],
    journal: result.journal,
  });
  expect(again).toMatchObject({
    ok: true,
    value: { status: 'timed_out', fuelUsed: result.fuelUsed },
  });
});

it('goes on when nobody can say whether it was cancelled', async () => {
  const host = slowHost();
  host.answers = true;
  const result = await waitFor(10_000, () => Promise.reject(new Error('the journal is away')));
  expect(result).toMatchObject({ status: 'succeeded', output: { result: 'waited' } });
});
