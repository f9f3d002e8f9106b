/**
 * Metering never lets an instruction run unpaid: proved on small modules written by hand and on random programs beside
 * a counting interpreter.
 */

import { readFile } from 'node:fs/promises';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meterWasm } from '../../../scripts/functions-runtime/meter.ts';
import {
  encodeModule,
  encodeName,
  encodeU32,
} from '../../../scripts/functions-runtime/wasm-writer.ts';
import { encodeNodes, type Node, randomProgram, runNodes } from './wasm-programs.ts';

const PAGES_MAX = 8;
const SLOTS_MAX = 1000;

interface Metered {
  readonly run: (argument: number) => number;
  readonly fuel: WebAssembly.Global;
  readonly memoryPagesMax: WebAssembly.Global;
  readonly memoryRefusals: WebAssembly.Global;
  readonly stackSlots: WebAssembly.Global;
  readonly memory: WebAssembly.Memory;
}

/** One function (i32) -> i32 named `run` with one i32 local, a memory of one page, a table of one element. */
function assemble(body: readonly number[]): Uint8Array {
  const section = (id: number, bytes: readonly number[]) => ({ id, body: new Uint8Array(bytes) });
  const code = [1, 1, 0x7f, ...body, 0x0b];
  return encodeModule([
    section(1, [1, 0x60, 1, 0x7f, 1, 0x7f]),
    section(2, [0]),
    section(3, [1, 0]),
    section(4, [1, 0x70, 0, 1]),
    section(5, [1, 0, 1]),
    section(6, [0]),
    section(7, [2, ...encodeName('run'), 0, 0, ...encodeName('memory'), 2, 0]),
    section(10, [1, ...encodeU32(code.length), ...code]),
  ]);
}

function instantiate(body: readonly number[], fuel = 1_000_000n): Metered {
  const wasm = meterWasm(assemble(body), { memoryPagesMax: PAGES_MAX, stackSlotsMax: SLOTS_MAX });
  const { Module } = WebAssembly as unknown as {
    readonly Module: new (bytes: Uint8Array) => WebAssembly.Module;
  };
  const instance = new WebAssembly.Instance(new Module(wasm), {});
  const metered = instance.exports as unknown as Metered;
  metered.fuel.value = fuel;
  return metered;
}

const spent = (metered: Metered, argument = 0): number => {
  const before = metered.fuel.value as bigint;
  metered.run(argument);
  return Number(before - (metered.fuel.value as bigint));
};

const GET_ARGUMENT = [0x20, 0];

describe('metering', () => {
  it('charges every instruction of a straight line, however long it is', () => {
    const nops = Array<number>(50_000).fill(0x01);
    expect(spent(instantiate([...nops, ...GET_ARGUMENT]))).toBe(50_001);
  });

  it('traps an endless loop, and an instance that nobody fuelled', () => {
    const endless = [0x03, 0x40, 0x0c, 0, 0x0b, ...GET_ARGUMENT];
    expect(() => instantiate(endless).run(0)).toThrow(/unreachable/);
    expect(() => instantiate(GET_ARGUMENT, 0n).run(0)).toThrow(/unreachable/);
  });

  it('charges only the arm that is taken', () => {
    const arms = [
      ...GET_ARGUMENT,
      0x04,
      0x40,
      ...Array<number>(1000).fill(0x01),
      0x05,
      0x01,
      0x0b,
      ...GET_ARGUMENT,
    ];
    expect(spent(instantiate(arms), 1)).toBeGreaterThan(1000);
    expect(spent(instantiate(arms), 0)).toBeLessThan(10);
  });

  it('charges nothing for opening blocks', () => {
    const nested = [
      ...Array.from({ length: 500 }, () => [0x02, 0x40]).flat(),
      ...Array<number>(500).fill(0x0b),
    ];
    expect(spent(instantiate([...nested, ...GET_ARGUMENT]))).toBe(1);
  });

  it('charges bulk instructions by length and before they run', () => {
    const fill = [0x41, 0, 0x41, 1, ...GET_ARGUMENT, 0xfc, 11, 0, ...GET_ARGUMENT];
    expect(spent(instantiate(fill), 60_000) - spent(instantiate(fill), 0)).toBe(30_000);
    const copy = [0x41, 0, 0x41, 0, ...GET_ARGUMENT, 0xfc, 10, 0, 0, ...GET_ARGUMENT];
    expect(spent(instantiate(copy), 60_000) - spent(instantiate(copy), 0)).toBe(30_000);
    const poor = instantiate(fill, 20_000n);
    expect(() => poor.run(60_000)).toThrow(/unreachable/);
    expect(new Uint8Array(poor.memory.buffer).every((byte) => byte === 0)).toBe(true);
  });

  it('charges a length that reads as negative as the huge number it is', () => {
    const fill = [0x41, 0, 0x41, 1, ...GET_ARGUMENT, 0xfc, 11, 0, ...GET_ARGUMENT];
    expect(() => instantiate(fill, 1_000_000_000n).run(-1)).toThrow(/unreachable/);
  });

  it('charges table.fill and table.grow by length', () => {
    const fill = [0x41, 0, 0xd0, 0x70, ...GET_ARGUMENT, 0xfc, 17, 0, ...GET_ARGUMENT];
    expect(() => instantiate(fill, 1000n).run(1_000_000)).toThrow(/unreachable/);
    const grow = [0xd0, 0x70, ...GET_ARGUMENT, 0xfc, 15, 0];
    expect(() => instantiate(grow, 1000n).run(1_000_000)).toThrow(/unreachable/);
    expect(instantiate(grow).run(3)).toBe(1);
  });

  it('grows memory within the bound of the run, paid by page, and answers -1 past it', () => {
    const grow = [...GET_ARGUMENT, 0x40, 0];
    const metered = instantiate(grow);
    metered.memoryPagesMax.value = 4;
    expect(spent(metered, 2)).toBeGreaterThan(2 * 16_384);
    expect(metered.memory.buffer.byteLength).toBe(3 * 65_536);
    for (const delta of [2, 65_536, -1]) expect(metered.run(delta)).toBe(-1);
    expect(metered.memoryRefusals.value).toBe(3);
    expect(metered.run(1)).toBe(3);
    metered.memoryPagesMax.value = 1000;
    expect(metered.run(PAGES_MAX)).toBe(-1);
  });

  it('traps calls that nest too deeply, at the same depth every time, and never calls that return', () => {
    const callSelf = [0x10, 0];
    // run(n) = n === 0 ? 0 : run(n - 1)
    const recursive = [
      [...GET_ARGUMENT, 0x04, 0x7f, ...GET_ARGUMENT, 0x41, 1, 0x6b],
      [...callSelf, 0x05, 0x41, 0, 0x0b],
    ].flat();
    const deepest = Array.from({ length: 200 }, (_, depth) => depth).findLast((depth) => {
      try {
        return instantiate(recursive).run(depth) === 0;
      } catch {
        return false;
      }
    });
    // Twelve fixed slots, a parameter and a local a frame; run(n) opens n + 1 of them.
    expect(deepest).toBe(Math.floor(SLOTS_MAX / 14) - 1);
    const metered = instantiate(recursive);
    expect(() => metered.run(200)).toThrow(/unreachable/);
    expect(metered.stackSlots.value).toBeGreaterThan(SLOTS_MAX);
    const again = instantiate(recursive, 1_000_000_000n);
    for (let call = 0; call < 500; call += 1) {
      again.stackSlots.value = 0;
      expect(again.run(50)).toBe(0);
    }
  });

  it('fails on an instruction it does not know', () => {
    for (const unknown of [
      [0x06, 0x40],
      [0x12, 0],
      [0x1f, 0x40],
      [0xfd, 12],
      [0xfe, 0],
      [0xfc, 18],
      [0xc5],
    ]) {
      expect(() =>
        meterWasm(assemble([...unknown, ...GET_ARGUMENT]), {
          memoryPagesMax: PAGES_MAX,
          stackSlotsMax: SLOTS_MAX,
        }),
      ).toThrow(/unknown opcode/);
    }
  });

  it('gives the same bytes every time', async () => {
    const wasm = await readFile('node_modules/quickjs-wasi/quickjs.wasm');
    const once = meterWasm(wasm, { memoryPagesMax: 512, stackSlotsMax: SLOTS_MAX });
    expect(meterWasm(wasm, { memoryPagesMax: 512, stackSlotsMax: SLOTS_MAX })).toEqual(once);
    expect(WebAssembly.validate(once)).toBe(true);
  });

  it('never charges less than what a random program executes', () => {
    fc.assert(
      fc.property(randomProgram, fc.nat(255), (nodes: readonly Node[], argument) => {
        const counted = runNodes(nodes, argument);
        const charged = spent(
          instantiate([...encodeNodes(nodes), ...GET_ARGUMENT], 10_000_000n),
          argument,
        );
        expect(charged).toBeGreaterThanOrEqual(counted.instructions + 1);
      }),
      { numRuns: 500 },
    );
  });
});
