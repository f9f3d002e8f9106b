/**
 * Stored executions still give what they gave. When one differs although the runtime's version is the same, host
 * behaviour has changed without a higher HOST_VERSION, and replays of stored executions would break.
 *
 * After a change that is meant: raise HOST_VERSION, `npm run generate`, then RECORD_GOLDEN=1 with this file.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GOLDEN_CASES, type GoldenResult, runGolden } from './golden-cases.ts';
import { runtime } from './node-runtime.ts';

interface Golden {
  readonly runtimeVersion: string;
  readonly results: Readonly<Record<string, GoldenResult>>;
}

const FILE = join(import.meta.dirname, 'golden.json');
const stored = JSON.parse(await readFile(FILE, 'utf8')) as Golden;
const recording = process.env['RECORD_GOLDEN'] === '1';

describe('stored executions', () => {
  it.runIf(recording)('are recorded, but never over others of the same version', async () => {
    const results: Record<string, GoldenResult> = {};
    for (const golden of GOLDEN_CASES) results[golden.name] = await runGolden(runtime, golden);
    if (stored.runtimeVersion === runtime.runtimeVersion) {
      for (const [name, result] of Object.entries(stored.results)) {
        expect(results[name], `${name}: raise HOST_VERSION`).toEqual(result);
      }
    }
    const golden: Golden = { runtimeVersion: runtime.runtimeVersion, results };
    await writeFile(FILE, `${JSON.stringify(golden, null, 2)}\n`);
  });

  it.skipIf(recording)('belong to the current runtime', () => {
    expect(stored.runtimeVersion, 'record them again: RECORD_GOLDEN=1').toBe(
      runtime.runtimeVersion,
    );
    expect(Object.keys(stored.results)).toEqual(GOLDEN_CASES.map(({ name }) => name));
  });

  for (const golden of recording ? [] : GOLDEN_CASES) {
    it(`does not change without a higher HOST_VERSION: ${golden.name}`, async () => {
      expect(await runGolden(runtime, golden)).toEqual(stored.results[golden.name]);
    });
  }
});
