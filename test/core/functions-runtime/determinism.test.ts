/** Clock, zone, randomness and fuel depend on nothing but the arguments of a run. */
import { describe, expect, it } from 'vitest';
import { execute, prepareGuest } from '../../../worker/core/functions-runtime/execute.ts';
import { CLOCK_MS, run, toInput } from './harness.ts';
import { runtime } from './node-runtime.ts';

const outputOf = async (source: string, seed?: Uint8Array) => {
  const result = await run(runtime, source, seed === undefined ? {} : { seed });
  return result.status === 'succeeded' ? result.output['result'] : result.error;
};

describe('determinism', () => {
  it('freezes the clock in UTC', async () => {
    const source = `() => [Date.now(), new Date().getTime(), new Date().getTimezoneOffset(),
      new Date(2020, 0, 1).toISOString(), typeof performance]`;
    expect(await outputOf(source)).toEqual([
      CLOCK_MS,
      CLOCK_MS,
      0,
      '2020-01-01T00:00:00.000Z',
      'undefined',
    ]);
  });

  it('does not move the clock while code computes', async () => {
    expect(
      await outputOf(
        '() => { const t = Date.now(); for (let i = 0; i < 1e5; i++); return Date.now() - t }',
      ),
    ).toBe(0);
  });

  it('draws the same numbers from the same seed and others from another', async () => {
    const source = '() => Array.from({ length: 600 }, () => Math.random())';
    const first = await outputOf(source);
    expect(await outputOf(source)).toEqual(first);
    expect(await outputOf(source, new Uint8Array(32))).not.toEqual(first);
    expect(new Set(first as readonly number[]).size).toBe(600);
    expect((first as readonly number[]).every((number) => number >= 0 && number < 1)).toBe(true);
  });

  it('reaches nothing outside: no timers, no fetch, no process, no workers', async () => {
    const names = [
      'fetch',
      'setTimeout',
      'setInterval',
      'process',
      'require',
      'Worker',
      'WebAssembly',
      'navigator',
      'print',
      'std',
      'os',
      'scriptArgs',
    ];
    const source = `() => ${JSON.stringify(names)}.filter((name) => typeof globalThis[name] !== 'undefined')`;
    expect(await outputOf(source)).toEqual([]);
  });

  it('spends the same fuel in a fresh, a copied and a prepared guest', async () => {
    const source =
      '() => { const m = new Map(); for (let i = 0; i < 500; i++) m.set("k" + Math.random(), i); return m.size }';
    const fresh = { ...runtime };
    const first = await execute(toInput(fresh, source, {}));
    const copied = await execute(toInput(fresh, source, {}));
    const guest = prepareGuest(fresh);
    await execute(toInput(fresh, '() => 1', {}));
    const prepared = await execute(toInput(fresh, source, { guest }));
    expect(first.status).toBe('succeeded');
    expect(copied).toEqual(first);
    expect(prepared).toEqual(first);
  });

  it('does not run two functions in one guest', async () => {
    const guest = prepareGuest(runtime);
    await execute(toInput(runtime, '() => 1', { guest }));
    await expect(execute(toInput(runtime, '() => 1', { guest }))).rejects.toThrow('runs once');
  });
});
