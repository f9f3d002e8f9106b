/**
 * Turns a WebAssembly module into one that runs on fuel and within bounds of memory and of call depth: a pure function
 * of its input.
 *
 * It adds exported mutable globals, `fuel` (i64), `memoryPagesMax`, `memoryRefusals` and `stackSlots` (i32), rewrites
 * every function (meter-function.ts) and gives the memory a maximum that no run can lift. The module traps
 * (`unreachable`) once fuel is below zero; guest code cannot catch a trap. It does not bound what the host does on the
 * guest's behalf: the host charges that through the same global.
 */
import { type MeterGlobals, type MeterTarget, meterFunction } from './meter-function.ts';
import {
  assertOnlyFunctionImports,
  decodeFunctionTypes,
  decodeParameterCounts,
  decodeSections,
  SECTION,
  WasmReader,
  type WasmSection,
} from './wasm-reader.ts';
import { encodeModule, encodeName, encodeSigned, encodeU32, joinBytes } from './wasm-writer.ts';

const GLOBAL = { i32: 0x7f, i64: 0x7e, mutable: 0x01, i32Const: 0x41, i64Const: 0x42, end: 0x0b };
const EXPORT_GLOBAL = 0x03;

export interface MeterOptions {
  /** No run may have more, whatever it asks for. */
  readonly memoryPagesMax: number;
  /** How deep calls may nest, as the sum of the locals and fixed parts of all open frames. */
  readonly stackSlotsMax: number;
}

export function meterWasm(wasm: Uint8Array, options: MeterOptions): Uint8Array {
  const sections = decodeSections(wasm);
  const body = (id: number): Uint8Array => {
    const found = sections.find((section) => section.id === id);
    if (found === undefined) throw new Error(`the module has no section ${id}`);
    return found.body;
  };
  assertOnlyFunctionImports(body(SECTION.import));
  const globalCount = new WasmReader(body(SECTION.global)).u32();
  const globals: MeterGlobals = {
    fuel: globalCount,
    memoryPagesMax: globalCount + 1,
    memoryRefusals: globalCount + 2,
    stackSlots: globalCount + 3,
  };
  const rewritten: Readonly<Record<number, () => Uint8Array>> = {
    [SECTION.memory]: () => boundMemory(body(SECTION.memory), options.memoryPagesMax),
    [SECTION.global]: () => addGlobals(body(SECTION.global), options.memoryPagesMax),
    [SECTION.export]: () => addExports(body(SECTION.export), globals),
    [SECTION.code]: () =>
      meterCode(body(SECTION.code), {
        target: { ...globals, stackSlotsMax: options.stackSlotsMax },
        parameterCounts: decodeParameterCounts(body(SECTION.type)),
        functionTypes: decodeFunctionTypes(body(SECTION.function)),
      }),
  };
  return encodeModule(
    sections.map(
      ({ id, body: original }): WasmSection => ({ id, body: rewritten[id]?.() ?? original }),
    ),
  );
}

function boundMemory(section: Uint8Array, pagesMax: number): Uint8Array {
  const reader = new WasmReader(section);
  if (reader.u32() !== 1) throw new Error('exactly one memory is known');
  if (reader.byte() > 0x01) throw new Error('shared and 64-bit memories are not known');
  const pagesMin = reader.u32();
  if (pagesMin > pagesMax) throw new Error('the module starts with more memory than allowed');
  return joinBytes([[0x01, 0x01], encodeU32(pagesMin), encodeU32(pagesMax)]);
}

/** Adds entries behind the existing ones of a vector. */
function append(section: Uint8Array, entries: readonly (readonly number[])[]): Uint8Array {
  const reader = new WasmReader(section);
  const count = reader.u32();
  return joinBytes([
    encodeU32(count + entries.length),
    section.subarray(reader.offset),
    ...entries,
  ]);
}

/** Fuel starts at zero: an instance that nobody fuelled traps at its first call. */
function addGlobals(section: Uint8Array, pagesMax: number): Uint8Array {
  const i32 = (value: number): readonly number[] => [
    GLOBAL.i32,
    GLOBAL.mutable,
    GLOBAL.i32Const,
    ...encodeSigned(BigInt(value)),
    GLOBAL.end,
  ];
  return append(section, [
    [GLOBAL.i64, GLOBAL.mutable, GLOBAL.i64Const, 0x00, GLOBAL.end],
    i32(pagesMax),
    i32(0),
    i32(0),
  ]);
}

function addExports(section: Uint8Array, globals: MeterGlobals): Uint8Array {
  const entries = Object.entries(globals).map(([name, index]: [string, number]) => [
    ...encodeName(name),
    EXPORT_GLOBAL,
    ...encodeU32(index),
  ]);
  return append(section, entries);
}

interface CodeContext {
  readonly target: MeterTarget;
  readonly parameterCounts: readonly number[];
  readonly functionTypes: readonly number[];
}

function meterCode(section: Uint8Array, context: CodeContext): Uint8Array {
  const reader = new WasmReader(section);
  const count = reader.u32();
  if (count !== context.functionTypes.length) throw new Error('functions and code do not match');
  const bodies = context.functionTypes.map((type) => {
    const parameterCount = context.parameterCounts[type];
    if (parameterCount === undefined) throw new Error(`there is no function type ${type}`);
    return meterFunction(reader.take(reader.u32()), parameterCount, context.target);
  });
  return joinBytes([encodeU32(count), ...bodies.flatMap((body) => [encodeU32(body.length), body])]);
}
