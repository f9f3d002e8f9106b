/**
 * Reads the WebAssembly binary format (core specification 2.0, chapter 5) as far as metering needs it: LEB128 numbers,
 * sections, and the few entries of the import, type and function sections that decide index spaces. It refuses what
 * it does not know instead of skipping it.
 */
export class WasmReader {
  readonly bytes: Uint8Array;
  offset: number;

  constructor(bytes: Uint8Array, offset = 0) {
    this.bytes = bytes;
    this.offset = offset;
  }

  get done(): boolean {
    return this.offset >= this.bytes.length;
  }

  byte(): number {
    const value = this.bytes[this.offset];
    if (value === undefined) throw new Error(`WASM ends early at byte ${this.offset}`);
    this.offset += 1;
    return value;
  }

  u32(): number {
    let value = 0;
    for (let shift = 0; shift <= 28; shift += 7) {
      const part = this.byte();
      value += (part & 0x7f) * 2 ** shift;
      if (part < 0x80) return value;
    }
    throw new Error(`LEB128 number too long at byte ${this.offset}`);
  }

  /** Moves past a signed number of up to `bytesMax` bytes, whose value metering does not need. */
  skipSigned(bytesMax: number): void {
    for (let count = 0; count < bytesMax; count += 1) if (this.byte() < 0x80) return;
    throw new Error(`LEB128 number too long at byte ${this.offset}`);
  }

  take(length: number): Uint8Array {
    const end = this.offset + length;
    if (end > this.bytes.length) throw new Error(`WASM ends early at byte ${this.offset}`);
    const part = this.bytes.subarray(this.offset, end);
    this.offset = end;
    return part;
  }
}

export interface WasmSection {
  readonly id: number;
  readonly body: Uint8Array;
}

export const SECTION = {
  type: 1,
  import: 2,
  function: 3,
  memory: 5,
  global: 6,
  export: 7,
  code: 10,
} as const;

const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

export function decodeSections(wasm: Uint8Array): readonly WasmSection[] {
  const reader = new WasmReader(wasm);
  const header = reader.take(HEADER.length);
  if (HEADER.some((value, index) => header[index] !== value)) throw new Error('not a WASM module');
  const sections: WasmSection[] = [];
  while (!reader.done) {
    const id = reader.byte();
    sections.push({ id, body: reader.take(reader.u32()) });
  }
  return sections;
}

/** The number of parameters of each function type; the index of the first free local follows from it. */
export function decodeParameterCounts(typeSection: Uint8Array): readonly number[] {
  const reader = new WasmReader(typeSection);
  return Array.from({ length: reader.u32() }, () => {
    if (reader.byte() !== 0x60) throw new Error('only plain function types are known');
    const parameters = reader.take(reader.u32()).length;
    reader.take(reader.u32());
    return parameters;
  });
}

export function decodeFunctionTypes(functionSection: Uint8Array): readonly number[] {
  const reader = new WasmReader(functionSection);
  return Array.from({ length: reader.u32() }, () => reader.u32());
}

/** Refuses any import but functions: an imported global or memory would shift the indices metering writes. */
export function assertOnlyFunctionImports(importSection: Uint8Array): void {
  const reader = new WasmReader(importSection);
  for (let left = reader.u32(); left > 0; left -= 1) {
    reader.take(reader.u32());
    reader.take(reader.u32());
    if (reader.byte() !== 0x00) throw new Error('only function imports are known');
    reader.u32();
  }
}
