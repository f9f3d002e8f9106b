/**
 * Values of the NeoVM as JSON-RPC writes them, read without loss: integers are bigint (up to 256
 * bits, decimal strings in JSON), a ByteString is never taken for a Buffer, maps keep their order
 * and the types of their keys. What a stranger's contract left on a stack is bounded in depth and
 * count before anything is made of it. `formatStackItem` writes the same JSON again.
 */
import { base64 } from '@scure/base';
import { type JsonReader, type Parsed, parseWhole } from '../json-reader.ts';
import { LIMITS } from './limits.ts';

export type PrimitiveItem =
  | { readonly type: 'Boolean'; readonly value: boolean }
  | { readonly type: 'Integer'; readonly value: bigint }
  | { readonly type: 'ByteString'; readonly value: Uint8Array };

export interface MapEntry {
  readonly key: PrimitiveItem;
  readonly value: StackItem;
}

/**
 * What a node says of an iterator. With sessions it has an id for `traverseiterator`; without, or
 * with session expansion, its first values stand inline. Both may be absent: then it is lost.
 */
export interface StackIterator {
  readonly id: string | null;
  readonly values: readonly StackItem[] | null;
  /** There are more values than stand inline. */
  readonly truncated: boolean;
}

export type StackItem =
  | PrimitiveItem
  | { readonly type: 'Any' }
  | { readonly type: 'Buffer'; readonly value: Uint8Array }
  | { readonly type: 'Pointer'; readonly value: number }
  | { readonly type: 'Array' | 'Struct'; readonly value: readonly StackItem[] }
  | { readonly type: 'Map'; readonly value: readonly MapEntry[] }
  | { readonly type: 'InteropInterface'; readonly iterator: StackIterator };

const TYPES = [
  'Any',
  'Pointer',
  'Boolean',
  'Integer',
  'ByteString',
  'Buffer',
  'Array',
  'Struct',
  'Map',
  'InteropInterface',
] as const satisfies readonly StackItem['type'][];

const INTEGER_BITS = 8 * LIMITS.integerBytesMax.value;
export const INTEGER_MIN = -(1n << BigInt(INTEGER_BITS - 1));
export const INTEGER_MAX = (1n << BigInt(INTEGER_BITS - 1)) - 1n;

export const parseStackItem = (json: unknown): Parsed<StackItem> => parseWhole(json, readStackItem);

/** One item with everything in it; each call has a budget of its own. */
export const readStackItem = (reader: JsonReader): StackItem =>
  new ItemReader().read(reader, LIMITS.itemDepthMax.value);

class ItemReader {
  #left: number = LIMITS.itemsMax.value;

  read(reader: JsonReader, levels: number): StackItem {
    if (levels === 0)
      reader.refuse(`nests deeper than ${String(LIMITS.itemDepthMax.value)} levels`);
    this.#left -= 1;
    if (this.#left < 0) reader.refuse(`more than ${String(LIMITS.itemsMax.value)} items`);
    const type = reader.field('type').choice(TYPES);
    switch (type) {
      case 'Any':
        return { type };
      case 'Pointer':
        return { type, value: reader.field('value').integer(0, 0xffff_ffff) };
      case 'Buffer':
        return { type, value: reader.field('value').bytes(LIMITS.itemBytesMax.value) };
      case 'Array':
      case 'Struct':
        return { type, value: this.#list(reader.field('value'), levels) };
      case 'Map':
        return { type, value: this.#map(reader.field('value'), levels) };
      case 'InteropInterface':
        return { type, iterator: this.#iterator(reader, levels) };
      default:
        return readPrimitive(reader, type);
    }
  }

  #list(reader: JsonReader, levels: number): StackItem[] {
    return reader.list(this.#left, (item) => this.read(item, levels - 1));
  }

  #map(reader: JsonReader, levels: number): MapEntry[] {
    const keys = new Set<string>();
    return reader.list(this.#left, (entry) => {
      const key = this.read(entry.field('key'), levels - 1);
      if (!isMapKey(key)) return entry.refuse('no key of a map');
      const name = keyName(key);
      if (keys.has(name)) entry.refuse('a key stands twice');
      keys.add(name);
      return { key, value: this.read(entry.field('value'), levels - 1) };
    });
  }

  #iterator(reader: JsonReader, levels: number): StackIterator {
    const id = reader.optional('id');
    const values = reader.optional('iterator');
    return {
      id: id?.text(LIMITS.iteratorIdCharsMax.value) ?? null,
      values: values === null ? null : this.#list(values, levels),
      truncated: reader.optional('truncated')?.boolean() ?? false,
    };
  }
}

function readPrimitive(reader: JsonReader, type: PrimitiveItem['type']): PrimitiveItem {
  const value = reader.field('value');
  if (type === 'Boolean') return { type, value: value.boolean() };
  if (type === 'Integer') return { type, value: value.decimal(INTEGER_MIN, INTEGER_MAX) };
  return { type, value: value.bytes(LIMITS.itemBytesMax.value) };
}

/** neo-vm takes primitives as keys, and byte strings only up to 64 bytes. */
export function isMapKey(item: StackItem): item is PrimitiveItem {
  if (item.type === 'ByteString') return item.value.length <= LIMITS.mapKeyBytesMax.value;
  return item.type === 'Boolean' || item.type === 'Integer';
}

/** One text per key: two keys of a map differ when type or value differ. */
export const keyName = (key: PrimitiveItem): string =>
  key.type === 'ByteString'
    ? `${key.type} ${base64.encode(key.value)}`
    : `${key.type} ${String(key.value)}`;

/** The typed JSON of JSON-RPC (`ToJSONWithTypes` of neo-go). */
export type StackItemJson = Readonly<Record<string, unknown>> & { readonly type: string };

export function formatStackItem(item: StackItem): StackItemJson {
  switch (item.type) {
    case 'Any':
      return { type: item.type };
    case 'Integer':
      return { type: item.type, value: item.value.toString() };
    case 'ByteString':
    case 'Buffer':
      return { type: item.type, value: base64.encode(item.value) };
    case 'Array':
    case 'Struct':
      return { type: item.type, value: item.value.map(formatStackItem) };
    case 'Map':
      return { type: item.type, value: item.value.map(formatEntry) };
    case 'InteropInterface':
      return { type: item.type, ...formatIterator(item.iterator) };
    default:
      return { type: item.type, value: item.value };
  }
}

const formatEntry = ({ key, value }: MapEntry): Readonly<Record<string, unknown>> => ({
  key: formatStackItem(key),
  value: formatStackItem(value),
});

function formatIterator(iterator: StackIterator): Readonly<Record<string, unknown>> {
  const { id, values, truncated } = iterator;
  return {
    ...(id === null ? {} : { interface: 'IIterator', id }),
    ...(values === null ? {} : { iterator: values.map(formatStackItem) }),
    ...(truncated ? { truncated } : {}),
  };
}
