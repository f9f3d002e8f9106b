/**
 * The same function costs the same fuel and gives the same result in workerd as in Node, so that anybody can check a
 * receipt on their own machine. The stored executions were recorded in Node.
 */
import { describe, expect, it } from 'vitest';
import { RUNTIMES } from '../../worker/runtimes/generated/index.ts';
import golden from '../core/functions-runtime/golden.json';
import {
  GOLDEN_CASES,
  type GoldenResult,
  runGolden,
} from '../core/functions-runtime/golden-cases.ts';
import { runAndReplay } from '../core/functions-runtime/harness.ts';

describe('the functions runtimes in workerd', () => {
  it('are those the stored executions belong to', () => {
    expect(RUNTIMES.map(({ runtimeVersion }) => runtimeVersion)).toEqual(
      golden.map(({ runtimeVersion }) => runtimeVersion),
    );
  });

  for (const [index, runtime] of RUNTIMES.entries()) {
    const results: Readonly<Record<string, GoldenResult>> = golden[index]?.results ?? {};
    for (const stored of GOLDEN_CASES.filter(({ name }) => name in results))
      it(`equal Node in result and fuel, host ${runtime.hostVersion}: ${stored.name}`, async () => {
        expect(await runGolden(runtime, stored)).toEqual(results[stored.name]);
      });
  }

  it('replays a run from its journal', async () => {
    const source =
      '() => { console.log(Math.random()); return { at: Date.now(), n: Math.random() } }';
    const { first, again } = await runAndReplay(RUNTIMES[0], source);
    expect(again).toEqual({ ok: true, value: first });
  });
});
