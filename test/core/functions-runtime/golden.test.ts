/**
 * Stored executions still give what they gave. When one differs although the runtime's version is the same, host
 * behaviour has changed without a higher HOST_VERSION, and replays of stored executions would break. Kept runtimes are
 * held to what they gave when they were current: their WASM and prelude are kept, the host around them is today's.
 *
 * After a change that is meant: raise HOST_VERSION, `npm run generate`, then RECORD_GOLDEN=1 with this file.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadRuntimes } from '../../../cli/src/functions/load-runtime.ts';
import { GOLDEN_CASES, type GoldenResult, runGolden } from './golden-cases.ts';

interface Golden {
  readonly runtimeVersion: string;
  readonly results: Readonly<Record<string, GoldenResult>>;
}

const FILE = join(import.meta.dirname, 'golden.json');
const stored = JSON.parse(await readFile(FILE, 'utf8')) as readonly Golden[];
const runtimes = await loadRuntimes();
const [current, ...kept] = runtimes;
const recording = process.env['RECORD_GOLDEN'] === '1';

const goldenOf = (runtimeVersion: string) =>
  stored.find((golden) => golden.runtimeVersion === runtimeVersion);

describe('stored executions', () => {
  it.runIf(recording)('are recorded, but never over others of the same version', async () => {
    const results: Record<string, GoldenResult> = {};
    for (const golden of GOLDEN_CASES) results[golden.name] = await runGolden(current, golden);
    for (const [name, result] of Object.entries(goldenOf(current.runtimeVersion)?.results ?? {}))
      expect(results[name], `${name}: raise HOST_VERSION`).toEqual(result);
    const earlier = kept.flatMap(({ runtimeVersion }) => goldenOf(runtimeVersion) ?? []);
    const golden: Golden = { runtimeVersion: current.runtimeVersion, results };
    await writeFile(FILE, `${JSON.stringify([golden, ...earlier], null, 2)}\n`);
  });

  it.skipIf(recording)('are those of the current runtime and of all that are kept', () => {
    expect(
      stored.map(({ runtimeVersion }) => runtimeVersion),
      'record them again: RECORD_GOLDEN=1',
    ).toEqual(runtimes.map(({ runtimeVersion }) => runtimeVersion));
    const names = GOLDEN_CASES.map(({ name }) => name);
    expect(Object.keys(stored[0]?.results ?? {})).toEqual(names);
    for (const { results } of stored)
      expect(names).toEqual(expect.arrayContaining(Object.keys(results)));
  });

  for (const runtime of recording ? [] : runtimes) {
    const results = goldenOf(runtime.runtimeVersion)?.results ?? {};
    for (const golden of GOLDEN_CASES.filter(({ name }) => name in results)) {
      const { hostVersion } = runtime;
      it(`does not change without a higher HOST_VERSION than ${hostVersion}: ${golden.name}`, async () => {
        expect(await runGolden(runtime, golden)).toEqual(results[golden.name]);
      });
    }
  }
});
