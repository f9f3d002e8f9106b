/**
 * Values of the NeoVM as bytes: `StdLib.serialize` of a contract, and what the native contracts keep
 * in storage (BinarySerializer of neo, pkg/vm/stackitem of neo-go; Oracle requests are one). A
 * pointer or an interop object has no bytes. Bounds are those of neo-go, except that nesting ends
 * at a depth that recursion bears. Integers longer than needed are read, as the VM reads them, and
 * written in their shortest form.
 */
import { assert } from '../../assert.ts';
import { type ByteReader, type Decoded, decodeWhole } from '../byte-reader.ts';
import { ByteWriter } from '../byte-writer.ts';
import { LIMITS } from './limits.ts';
import {
  INTEGER_MAX,
  INTEGER_MIN,
  isMapKey,
  keyName,
  type MapEntry,
  type StackItem,
} from './stack-item.ts';

const CODE = {
  Any: 0x00,
  Boolean: 0x20,
  Integer: 0x21,
  ByteString: 0x28,
  Buffer: 0x30,
  Array: 0x40,
  Struct: 0x41,
  Map: 0x48,
} as const satisfies Partial<Record<StackItem['type'], number>>;

/** Little-endian two's complement in as few bytes as hold it; zero has none. */
export function encodeInteger(value: bigint): Uint8Array<ArrayBuffer> {
  assert(value >= INTEGER_MIN && value <= INTEGER_MAX, 'an integer of the VM');
  const bytes: number[] = [];
  let rest = value;
  while (rest !== 0n && rest !== -1n) {
    bytes.push(Number(BigInt.asUintN(8, rest)));
    rest >>= 8n;
  }
  // The last byte's highest bit is the sign; without it 128 would be read as -128.
  const negative = rest === -1n;
  const signed = ((bytes.at(-1) ?? 0) & 0x80) !== 0;
  if (negative !== signed) bytes.push(negative ? 0xff : 0x00);
  return Uint8Array.from(bytes);
}

/** Null for more bytes than an integer of the VM has. */
export function decodeInteger(bytes: Uint8Array): bigint | null {
  if (bytes.length > LIMITS.integerBytesMax.value) return null;
  let value = 0n;
  for (const byte of bytes.toReversed()) value = (value << 8n) | BigInt(byte);
  return BigInt.asIntN(8 * bytes.length, value);
}

/** Null for an item that has no bytes (pointer, interop) or is beyond the bounds of the VM. */
export function encodeStackItem(item: StackItem): Uint8Array<ArrayBuffer> | null {
  const writer = new ByteWriter();
  const written = new ItemWriter(writer).write(item, LIMITS.itemDepthMax.value);
  return written && writer.length <= LIMITS.itemBytesMax.value ? writer.toBytes() : null;
}

export function decodeStackItem(bytes: Uint8Array): Decoded<StackItem> {
  return decodeWhole(bytes, (reader) => {
    if (bytes.length > LIMITS.itemBytesMax.value) reader.refuse('longer than an item of the VM');
    return readStackItemBytes(reader);
  });
}

/** One item with everything in it; each call has a budget of its own. */
const readStackItemBytes = (reader: ByteReader): StackItem =>
  new ItemBytesReader(reader).read(LIMITS.itemDepthMax.value);

/** Every `write` answers whether the item could be written. */
class ItemWriter {
  readonly #writer: ByteWriter;
  #left: number = LIMITS.itemsMax.value;

  constructor(writer: ByteWriter) {
    this.#writer = writer;
  }

  write(item: StackItem, levels: number): boolean {
    this.#left -= 1;
    if (levels === 0 || this.#left < 0) return false;
    // One Buffer in many places would otherwise be written out before its size is seen.
    if (this.#writer.length > LIMITS.itemBytesMax.value) return false;
    if (item.type === 'Pointer' || item.type === 'InteropInterface') return false;
    this.#writer.u8(CODE[item.type]);
    switch (item.type) {
      case 'Any':
        return true;
      case 'Boolean':
        this.#writer.u8(item.value ? 1 : 0);
        return true;
      case 'Integer':
        this.#writer.varBytes(encodeInteger(item.value));
        return true;
      case 'ByteString':
      case 'Buffer':
        return this.#bytes(item.value);
      case 'Map':
        return this.#map(item.value, levels - 1);
      default:
        this.#writer.varUint(item.value.length);
        return item.value.every((child) => this.write(child, levels - 1));
    }
  }

  #bytes(value: Uint8Array): boolean {
    if (value.length > LIMITS.itemBytesMax.value) return false;
    this.#writer.varBytes(value);
    return true;
  }

  #map(entries: readonly MapEntry[], levels: number): boolean {
    this.#writer.varUint(entries.length);
    return entries.every(
      ({ key, value }) => isMapKey(key) && this.write(key, levels) && this.write(value, levels),
    );
  }
}

class ItemBytesReader {
  readonly #reader: ByteReader;
  #left: number = LIMITS.itemsMax.value;

  constructor(reader: ByteReader) {
    this.#reader = reader;
  }

  read(levels: number): StackItem {
    const reader = this.#reader;
    if (levels === 0)
      reader.refuse(`nests deeper than ${String(LIMITS.itemDepthMax.value)} levels`);
    this.#left -= 1;
    if (this.#left < 0) reader.refuse(`more than ${String(LIMITS.itemsMax.value)} items`);
    const code = reader.u8();
    switch (code) {
      case CODE.Any:
        return { type: 'Any' };
      case CODE.Boolean:
        return { type: 'Boolean', value: this.#boolean() };
      case CODE.Integer:
        return { type: 'Integer', value: this.#integer() };
      case CODE.ByteString:
      case CODE.Buffer: {
        const value = reader.varBytes(LIMITS.itemBytesMax.value, 'bytes');
        return { type: code === CODE.Buffer ? 'Buffer' : 'ByteString', value };
      }
      case CODE.Array:
      case CODE.Struct: {
        const value = reader.list(this.#left, 'items', () => this.read(levels - 1));
        return { type: code === CODE.Struct ? 'Struct' : 'Array', value };
      }
      case CODE.Map:
        return { type: 'Map', value: this.#map(levels - 1) };
      default:
        return reader.refuse(`no type of an item: ${String(code)}`);
    }
  }

  #boolean(): boolean {
    const value = this.#reader.u8();
    if (value > 1) this.#reader.refuse('neither true nor false');
    return value === 1;
  }

  #integer(): bigint {
    const bytes = this.#reader.varBytes(LIMITS.integerBytesMax.value, 'bytes of an integer');
    return decodeInteger(bytes) ?? this.#reader.refuse('too long for an integer');
  }

  #map(levels: number): MapEntry[] {
    const keys = new Set<string>();
    return this.#reader.list(this.#left, 'entries', () => {
      const key = this.read(levels);
      if (!isMapKey(key)) return this.#reader.refuse('no key of a map');
      // The VM would keep the later value; nothing that it wrote itself has a key twice.
      if (keys.has(keyName(key))) this.#reader.refuse('a key stands twice');
      keys.add(keyName(key));
      return { key, value: this.read(levels) };
    });
  }
}
