/**
 * Hostile functions end, each with its precise status, within their fuel and memory, the same way every time; and the
 * next function never notices.
 */
import { describe, expect, it } from 'vitest';
import { execute, prepareGuest } from '../../../worker/core/functions-runtime/execute.ts';
import { LIMITS } from '../../../worker/core/functions-runtime/limits.ts';
import { run, toInput } from './harness.ts';
import { HOSTILE_SCRIPTS } from './hostile-scripts.ts';
import { runtime } from './node-runtime.ts';

/** A third of the default keeps the suite short; bombs get a memory they can fill with it. */
const limits = { fuel: 1_000_000_000, memoryBytes: LIMITS.memoryBytesDefault.value };
const bombLimits = { ...limits, memoryBytes: 5 * 1_048_576 };
const INNOCENT =
  '(p) => ({ sum: [1, 2, 3].map((n) => n * p.k).reduce((a, b) => a + b), at: Date.now() })';

describe('a hostile function', () => {
  for (const { name, source, status, contains } of HOSTILE_SCRIPTS) {
    it(`ends as ${status} within its bounds: ${name}`, async () => {
      const guest = prepareGuest(runtime);
      const bounds = status === 'memory_exhausted' ? bombLimits : limits;
      const first = await execute(toInput(runtime, source, { limits: bounds, guest }));
      expect({ ...first, journal: 0 }).toMatchObject({ status });
      expect(first.fuelUsed).toBeLessThanOrEqual(limits.fuel);
      expect(guest.vm.memoryBytes).toBeLessThanOrEqual(bounds.memoryBytes);
      const told = JSON.stringify(first.status === 'succeeded' ? first.output : first.error);
      expect(told).toContain(contains ?? '');
      expect(told.length + JSON.stringify(first.logs).length).toBeLessThan(200_000);
      const next = await run(runtime, INNOCENT, { params: { k: 2 } });
      expect(next).toMatchObject({ status: 'succeeded', output: { sum: 12 } });
    });
  }

  it('spends the same fuel and ends the same way when it is run again', async () => {
    const small = { fuel: 200_000_000, memoryBytes: 6 * 1_048_576 };
    for (const { source } of HOSTILE_SCRIPTS.filter((_, index) => index % 4 === 0)) {
      const once = await run(runtime, source, { limits: small });
      expect(await run(runtime, source, { limits: small })).toEqual(once);
    }
  });

  it('does not get a byte more memory than the run allows, whatever the limit', async () => {
    for (const mebibytes of [4, 8, 32]) {
      const memoryBytes = mebibytes * 1_048_576;
      const source = '() => { const a = []; for (;;) a.push(new Uint8Array(1e5)) }';
      const result = await run(runtime, source, { limits: { ...limits, memoryBytes } });
      expect(result.status).toBe('memory_exhausted');
      expect(result.memoryBytes).toBeLessThanOrEqual(memoryBytes);
      expect(result.memoryBytes).toBeGreaterThan(memoryBytes / 2);
    }
  });

  it('cannot make the innocent function after it cost another unit of fuel', async () => {
    const before = await run(runtime, INNOCENT, { params: { k: 2 } });
    for (const { source } of HOSTILE_SCRIPTS.filter(({ status }) => status === 'succeeded')) {
      await run(runtime, source, { limits });
    }
    expect(await run(runtime, INNOCENT, { params: { k: 2 } })).toEqual(before);
  });
});
