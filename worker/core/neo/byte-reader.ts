/**
 * Neo's binary serialization, reading side (neo-go pkg/io). The bytes may come from anybody: every
 * length is checked against what is left before anything is allocated, and every refusal ends at
 * `decodeWhole` as a value that says where and why. `refuse` is thrown only between a `read...`
 * function and that door.
 */
export interface Malformed {
  /** Offset of the byte at which reading ended. */
  readonly at: number;
  readonly reason: string;
}

export type Decoded<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly malformed: Malformed };

class MalformedError extends Error {
  override readonly name = 'MalformedError';
}

/** Reads one value that must take all of `bytes`. */
export function decodeWhole<Value>(
  bytes: Uint8Array,
  read: (reader: ByteReader) => Value,
): Decoded<Value> {
  const reader = new ByteReader(bytes);
  try {
    const value = read(reader);
    if (reader.left > 0) reader.refuse(`${String(reader.left)} bytes after the end`);
    return { ok: true, value };
  } catch (thrown) {
    if (!(thrown instanceof MalformedError)) throw thrown;
    return { ok: false, malformed: { at: reader.offset, reason: thrown.message } };
  }
}

export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  get offset(): number {
    return this.#offset;
  }

  get left(): number {
    return this.#bytes.length - this.#offset;
  }

  /** Ends the reading; `reason` is for the one who sent the bytes. */
  refuse(reason: string): never {
    throw new MalformedError(reason);
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  /** The next byte, which stays to be read. */
  peek(): number {
    if (this.left === 0) this.refuse('ends too early');
    return this.#view.getUint8(this.#offset);
  }

  i8(): number {
    return this.#view.getInt8(this.#take(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  i32(): number {
    return this.#view.getInt32(this.#take(4), true);
  }

  u64(): bigint {
    return this.#view.getBigUint64(this.#take(8), true);
  }

  i64(): bigint {
    return this.#view.getBigInt64(this.#take(8), true);
  }

  /** A length of at most `max`. Longer forms than needed are accepted, as neo-go does. */
  varUint(max: number, what: string): number {
    const first = this.u8();
    const value =
      first < 0xfd
        ? first
        : first === 0xfd
          ? this.u16()
          : first === 0xfe
            ? this.u32()
            : Number(this.u64());
    if (value > max) this.refuse(`${what}: ${String(value)}, at most ${String(max)}`);
    return value;
  }

  /** A copy, so that nothing keeps the whole message alive. */
  bytes(count: number): Uint8Array<ArrayBuffer> {
    const at = this.#take(count);
    return new Uint8Array(this.#bytes.subarray(at, at + count));
  }

  /** The bytes where they lie, for one who looks at them and keeps none. */
  view(count: number): Uint8Array {
    const at = this.#take(count);
    return this.#bytes.subarray(at, at + count);
  }

  /** What was read from that offset on, where it lies. */
  since(offset: number): Uint8Array {
    return this.#bytes.subarray(offset, this.#offset);
  }

  varBytes(max: number, what: string): Uint8Array<ArrayBuffer> {
    return this.bytes(this.varUint(max, what));
  }

  /** UTF-8; anything else is refused, since it could not be written again. */
  varString(max: number, what: string): string {
    const bytes = this.varBytes(max, what);
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      return this.refuse(`${what}: not UTF-8`);
    }
  }

  /** Every item takes at least one byte, so a lying count cannot allocate. */
  list<Item>(max: number, what: string, read: () => Item): Item[] {
    const count = this.varUint(max, what);
    if (count > this.left) this.refuse(`${what}: fewer bytes than items`);
    return Array.from({ length: count }, read);
  }

  #take(count: number): number {
    if (count > this.left) this.refuse('ends too early');
    const at = this.#offset;
    this.#offset += count;
    return at;
  }
}
