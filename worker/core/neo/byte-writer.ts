/**
 * Neo's binary serialization, writing side (neo-go pkg/io): integers little-endian, lengths as
 * variable-length integers (one byte below fd, else fd + u16, fe + u32, ff + u64). A value out of
 * its type's range is a bug of the caller and asserts: nothing is cut off silently.
 */
import { assert } from '../assert.ts';

const INITIAL_BYTES = 256;
const utf8 = new TextEncoder();

export class ByteWriter {
  #bytes = new Uint8Array(INITIAL_BYTES);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  u8(value: number): this {
    assertRange(value, 0xff);
    const at = this.#reserve(1);
    this.#view.setUint8(at, value);
    return this;
  }

  u16(value: number): this {
    assertRange(value, 0xffff);
    const at = this.#reserve(2);
    this.#view.setUint16(at, value, true);
    return this;
  }

  u32(value: number): this {
    assertRange(value, 0xffff_ffff);
    const at = this.#reserve(4);
    this.#view.setUint32(at, value, true);
    return this;
  }

  u64(value: bigint): this {
    assert(value >= 0n && value < 1n << 64n, 'an unsigned 64-bit integer');
    const at = this.#reserve(8);
    this.#view.setBigUint64(at, value, true);
    return this;
  }

  i64(value: bigint): this {
    assert(BigInt.asIntN(64, value) === value, 'a signed 64-bit integer');
    const at = this.#reserve(8);
    this.#view.setBigInt64(at, value, true);
    return this;
  }

  varUint(value: number): this {
    assert(Number.isSafeInteger(value) && value >= 0, 'a length');
    if (value < 0xfd) return this.u8(value);
    if (value <= 0xffff) return this.u8(0xfd).u16(value);
    if (value <= 0xffff_ffff) return this.u8(0xfe).u32(value);
    return this.u8(0xff).u64(BigInt(value));
  }

  bytes(value: Uint8Array): this {
    const at = this.#reserve(value.length);
    this.#bytes.set(value, at);
    return this;
  }

  varBytes(value: Uint8Array): this {
    return this.varUint(value.length).bytes(value);
  }

  /** UTF-8. Half a surrogate pair has none and would silently become another text. */
  varString(value: string): this {
    assert(value.isWellFormed(), 'a text that has a UTF-8 form');
    return this.varBytes(utf8.encode(value));
  }

  /** A list with its count in front. */
  list<Item>(items: readonly Item[], write: (item: Item) => void): this {
    this.varUint(items.length);
    for (const item of items) write(item);
    return this;
  }

  get length(): number {
    return this.#length;
  }

  /** A copy of what was written. */
  toBytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  /** Called before `#view` is read: growing replaces it. */
  #reserve(count: number): number {
    const at = this.#length;
    this.#length += count;
    if (this.#length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#length, 2 * this.#bytes.length));
      grown.set(this.#bytes);
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer);
    }
    return at;
  }
}

function assertRange(value: number, max: number): void {
  assert(Number.isInteger(value) && value >= 0 && value <= max, 'an integer in its range');
}
