/** The original WASM with the globals the host expects, and not one instruction changed: nothing is charged. */
import { decodeSections, SECTION, WasmReader } from './wasm-reader.ts';
import { encodeModule, encodeName, encodeU32, joinBytes } from './wasm-writer.ts';

const GLOBALS = [
  ['fuel', [0x7e, 1, 0x42, 0, 0x0b]],
  ['memoryPagesMax', [0x7f, 1, 0x41, 0, 0x0b]],
  ['memoryRefusals', [0x7f, 1, 0x41, 0, 0x0b]],
  ['stackSlots', [0x7f, 1, 0x41, 0, 0x0b]],
] as const;

export function addGlobalsOnly(wasm: Uint8Array): Uint8Array {
  const sections = decodeSections(wasm);
  const globals = sections.find(({ id }) => id === SECTION.global);
  const first = new WasmReader(globals?.body ?? new Uint8Array([0])).u32();
  const added = (id: number, body: Uint8Array): Uint8Array => {
    if (id === SECTION.global)
      return append(
        body,
        GLOBALS.map(([, code]) => code),
      );
    if (id !== SECTION.export) return body;
    return append(
      body,
      GLOBALS.map(([name], index) => [...encodeName(name), 3, ...encodeU32(first + index)]),
    );
  };
  return encodeModule(sections.map(({ id, body }) => ({ id, body: added(id, body) })));
}

function append(body: Uint8Array, entries: readonly (readonly number[])[]): Uint8Array {
  const reader = new WasmReader(body);
  const count = reader.u32() + entries.length;
  return joinBytes([encodeU32(count), body.subarray(reader.offset), ...entries]);
}
