/** Writes the pieces of the WebAssembly binary format that metering adds or changes. */

/** LEB128, unsigned. */
export function encodeU32(value: number): readonly number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const part = rest & 0x7f;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? part | 0x80 : part);
  } while (rest > 0);
  return bytes;
}

/** LEB128, signed, for `i32.const` and `i64.const`. */
export function encodeSigned(value: bigint): readonly number[] {
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    const part = Number(rest & 0x7fn);
    rest >>= 7n;
    const last = (rest === 0n && part < 0x40) || (rest === -1n && part >= 0x40);
    bytes.push(last ? part : part | 0x80);
    if (last) return bytes;
  }
}

export function joinBytes(parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

export const encodeName = (name: string): readonly number[] => {
  const bytes = new TextEncoder().encode(name);
  return [...encodeU32(bytes.length), ...bytes];
};

export function encodeModule(
  sections: readonly { readonly id: number; readonly body: Uint8Array }[],
): Uint8Array {
  const header = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
  const parts = sections.flatMap(({ id, body }) => [[id, ...encodeU32(body.length)], body]);
  return joinBytes([header, ...parts]);
}
