/**
 * Executions that earlier versions of the platform stored still replay. stored-by-host-1.json was written by the code
 * of host version 1 itself, before version 2 was made; it is never recorded again.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadRuntimes } from '../../../cli/src/functions/load-runtime.ts';
import {
  type RunResult,
  replay,
  type SecretVersion,
} from '../../../worker/core/functions-runtime/execute.ts';
import { HostDoor } from '../../../worker/core/functions-runtime/host-calls.ts';
import type { Journal } from '../../../worker/core/functions-runtime/journal.ts';
import type { JsonValue } from '../../../worker/core/functions-runtime/json-text.ts';
import { DEFAULT_PERMISSIONS } from '../../../worker/core/functions-runtime/permissions.ts';
import { Recorder } from '../../../worker/core/functions-runtime/recorder.ts';

interface Stored {
  readonly name: string;
  readonly source: string;
  readonly params: JsonValue;
  readonly secrets: readonly SecretVersion[];
  readonly journal: Journal;
  readonly result: Omit<RunResult, 'journal'>;
}

const FILE = join(import.meta.dirname, 'stored-by-host-1.json');
const stored = JSON.parse(await readFile(FILE, 'utf8')) as readonly Stored[];
const runtimes = await loadRuntimes();
const storedVersion = stored[0]?.journal[0].runtimeVersion;
const runtime = runtimes.find(({ runtimeVersion }) => runtimeVersion === storedVersion);

// Once three newer runtimes have taken its place, there is nothing left to replay on.
describe.skipIf(runtime === undefined)('executions of host version 1', () => {
  it.each(stored.map((one) => [one.name, one] as const))(
    'replay to the unit of fuel: %s',
    async (_, { source, params, secrets, journal, result }) => {
      if (runtime === undefined) throw new Error('the runtime is not kept');
      const again = await replay({ runtime, source, params, secrets, journal });
      expect(again).toEqual({ ok: true, value: { ...result, journal } });
    },
  );
});

describe('a host of version 1', () => {
  const rights = { permissions: DEFAULT_PERMISSIONS, hostVersion: 1 };

  it('knows no reads of a chain and no transactions, whatever code asks it for', () => {
    const nowhere = { outstanding: 0, launch: () => undefined, next: () => Promise.reject() };
    const refused = new HostDoor(rights, nowhere).issue('chain.height', '{}');
    expect(refused).toBe('!functions.call_invalid There is no call "chain.height"');
    expect(new Recorder(rights).queue('transaction.submit', '{}')).toBe(
      '!functions.call_invalid unsupported action type "transaction.submit"',
    );
  });
});
