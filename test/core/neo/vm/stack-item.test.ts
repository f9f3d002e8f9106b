/** Values of the VM: JSON as nodes write it, bytes as StdLib.serialize writes them. */
import { describe, expect, it } from 'vitest';
import { parseInvocation, parseIteratorBatch } from '../../../../worker/core/neo/vm/invocation.ts';
import {
  formatStackItem,
  parseStackItem,
  type StackItem,
} from '../../../../worker/core/neo/vm/stack-item.ts';
import {
  decodeInteger,
  decodeStackItem,
  encodeInteger,
  encodeStackItem,
} from '../../../../worker/core/neo/vm/stack-item-bytes.ts';
import {
  asBigInt,
  asBoolean,
  asBytes,
  asHash160,
  asHash256,
  asInteger,
  asIterator,
  asList,
  asMap,
  asPublicKey,
  asUtf8,
} from '../../../../worker/core/neo/vm/stack-item-values.ts';
import { documentedResults, liveResult, liveResults, liveSamples } from './vectors.ts';

const hex = (bytes: Uint8Array | null): string | null =>
  bytes && Buffer.from(bytes).toString('hex');
const unhex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));
const absent = Object.keys(liveSamples).length === 0;

const nested = (levels: number): unknown => {
  let item: unknown = { type: 'Any' };
  for (let level = 1; level < levels; level += 1) item = { type: 'Array', value: [item] };
  return item;
};

describe('the stack of a live node', () => {
  it.skipIf(absent)('is read in every type and written again as it was', () => {
    const stack = Reflect.get(Object(liveResult('invokescript-all-stack-types')), 'stack');
    const items = (stack as unknown[]).map((json) => {
      const item = parseStackItem(json);
      if (!item.ok) throw new Error(JSON.stringify(item.misshapen));
      expect(formatStackItem(item.value)).toEqual(json);
      return item.value;
    });
    expect(items[0]).toEqual({ type: 'Integer', value: 2n ** 255n - 1n });
    expect(items.map(({ type }) => type)).toEqual([
      'Integer',
      'Any',
      'Boolean',
      'Map',
      'ByteString',
      'Array',
      'Struct',
      'Buffer',
      'Pointer',
    ]);
  });

  it.skipIf(absent)('is read from every answer there is', () => {
    for (const method of ['invokescript', 'invokefunction', 'invokefunctionhistoric'])
      for (const [name, result] of liveResults(method))
        expect(parseInvocation(result), name).toMatchObject({
          ok: true,
          value: { stack: expect.any(Array) },
        });
    for (const [name, result] of liveResults('traverseiterator'))
      expect(parseIteratorBatch(result), name).toMatchObject({ ok: true });
  });

  it.skipIf(absent)('gives an iterator as its session and id, or as its first values', () => {
    expect(parseInvocation(liveResult('invokescript-iterator'))).toMatchObject({
      value: {
        session: 'f98f16f1-7eb2-4cda-937c-2f05badb2d79',
        stack: [{ iterator: { id: '3ec27d49-759f-48f9-b503-3cfcce1c2910', values: null } }],
      },
    });
    expect(parseInvocation(liveResult('variant-invokescript-iterator-sessions-off'))).toMatchObject(
      {
        value: { session: null, stack: [{ iterator: { id: null, values: [{ type: 'Struct' }] } }] },
      },
    );
  });

  it('is read from the documented answers of the C# node', () => {
    for (const method of ['invokescript', 'invokefunction'])
      for (const result of documentedResults(method))
        expect(parseInvocation(result)).toMatchObject({ ok: true, value: { vmState: 'HALT' } });
    for (const result of documentedResults('traverseiterator'))
      expect(parseIteratorBatch(result)).toMatchObject({ ok: true });
  });
});

describe('an item in JSON', () => {
  it.each([
    ['null', null, ''],
    ['no type', {}, ''],
    ['a foreign type', { type: 'ByteArray', value: '' }, '/type'],
    ['a type of the prototype', { type: 'constructor', value: '' }, '/type'],
    ['an integer that is a number', { type: 'Integer', value: 1 }, '/value'],
    ['an integer in another form', { type: 'Integer', value: '01' }, '/value'],
    ['minus zero', { type: 'Integer', value: '-0' }, '/value'],
    ['an integer of 257 bits', { type: 'Integer', value: (2n ** 255n).toString() }, '/value'],
    ['digits without end', { type: 'Integer', value: '9'.repeat(1_000_000) }, '/value'],
    ['bytes that are no base64', { type: 'Buffer', value: 'A' }, '/value'],
    ['base64 with bits left over', { type: 'ByteString', value: 'AB==' }, '/value'],
    ['a boolean in words', { type: 'Boolean', value: 'true' }, '/value'],
    ['a pointer below zero', { type: 'Pointer', value: -1 }, '/value'],
    ['a wrong child', { type: 'Array', value: [{ type: 'Any' }, 7] }, '/value/1'],
    [
      'a key that is no primitive',
      { type: 'Map', value: [{ key: { type: 'Any' }, value: { type: 'Any' } }] },
      '/value/0',
    ],
  ])('is refused with its place: %s', (_, json, pointer) => {
    expect(parseStackItem(json)).toMatchObject({ ok: false, misshapen: { pointer } });
  });

  it('is refused when a key of a map stands twice, and not when only its type differs', () => {
    const entry = (key: unknown) => ({ key, value: { type: 'Any' } });
    const one = entry({ type: 'Integer', value: '1' });
    const map = (...value: unknown[]) => parseStackItem({ type: 'Map', value });
    expect(map(one, one)).toMatchObject({ ok: false });
    expect(map(one, entry({ type: 'ByteString', value: 'AQ==' }))).toMatchObject({ ok: true });
  });

  it('is read to the depth of a notification of 1,024 bytes and no deeper', () => {
    expect(parseStackItem(nested(512))).toMatchObject({ ok: true });
    expect(parseStackItem(nested(513))).toMatchObject({ ok: false });
    expect(parseStackItem(nested(100_000))).toMatchObject({ ok: false });
  });

  it('is read to the count of the VM and no further', () => {
    const list = (count: number) => ({
      type: 'Array',
      value: Array.from({ length: count }, () => ({ type: 'Any' })),
    });
    expect(parseStackItem(list(2047))).toMatchObject({ ok: true });
    expect(parseStackItem(list(2048))).toMatchObject({ ok: false });
  });
});

/** BigInteger of .NET, as neo-vm's tests of PUSHINT and pkg/encoding/bigint of neo-go have them. */
const INTEGERS: readonly (readonly [bigint, string])[] = [
  [0n, ''],
  [1n, '01'],
  [-1n, 'ff'],
  [127n, '7f'],
  [128n, '8000'],
  [-128n, '80'],
  [-129n, '7fff'],
  [255n, 'ff00'],
  [-256n, '00ff'],
  [65_535n, 'ffff00'],
  [-65_536n, '0000ff'],
  [100_000_000n, '00e1f505'],
  [2n ** 255n - 1n, `${'ff'.repeat(31)}7f`],
  [-(2n ** 255n), `${'00'.repeat(31)}80`],
];

describe('an integer in bytes', () => {
  it.each(INTEGERS)('%s is %s', (value, bytes) => {
    expect(hex(encodeInteger(value))).toBe(bytes);
    expect(decodeInteger(unhex(bytes))).toBe(value);
  });

  it('is read in a longer form, up to 32 bytes', () => {
    expect(decodeInteger(unhex('010000'))).toBe(1n);
    expect(decodeInteger(unhex('ffff'))).toBe(-1n);
    expect(decodeInteger(new Uint8Array(33))).toBeNull();
  });
});

/** Bytes from pkg/vm/stackitem/serialization_test.go and BinarySerializer of neo. */
const SERIALIZED: readonly (readonly [StackItem, string])[] = [
  [{ type: 'Any' }, '00'],
  [{ type: 'Boolean', value: true }, '2001'],
  [{ type: 'Boolean', value: false }, '2000'],
  [{ type: 'Integer', value: 0n }, '2100'],
  [{ type: 'Integer', value: 42n }, '21012a'],
  [{ type: 'ByteString', value: unhex('0102') }, '28020102'],
  [{ type: 'Buffer', value: unhex('0102') }, '30020102'],
  [{ type: 'Array', value: [] }, '4000'],
  [{ type: 'Struct', value: [{ type: 'Any' }] }, '410100'],
  [
    {
      type: 'Map',
      value: [{ key: { type: 'Integer', value: 1n }, value: { type: 'Boolean', value: true } }],
    },
    '48012101012001',
  ],
];

describe('an item in bytes', () => {
  it.each(SERIALIZED)('is written as neo writes it (%#)', (item, bytes) => {
    expect(hex(encodeStackItem(item))).toBe(bytes);
    expect(decodeStackItem(unhex(bytes))).toEqual({ ok: true, value: item });
  });

  it.each([
    ['nothing', ''],
    ['an unknown type', '01'],
    ['a pointer', '1000'],
    ['an interop object', '60'],
    ['a boolean of two', '2002'],
    ['an integer of 33 bytes', `2121${'00'.repeat(33)}`],
    ['fewer bytes than it says', '2803ff'],
    ['a count that lies', '40fd0008'],
    ['more after the end', '0000'],
    ['a map whose key is an array', '48014000'],
    ['a map with a key twice', '480221010100210101'.concat('00')],
  ])('is refused: %s', (_, bytes) => {
    expect(decodeStackItem(unhex(bytes))).toMatchObject({ ok: false });
  });

  it('does not exist for what the VM cannot serialize, wherever it stands', () => {
    const pointer: StackItem = { type: 'Pointer', value: 1 };
    expect(encodeStackItem(pointer)).toBeNull();
    expect(encodeStackItem({ type: 'Array', value: [pointer] })).toBeNull();
    const iterator = { id: null, values: null, truncated: false };
    expect(encodeStackItem({ type: 'InteropInterface', iterator })).toBeNull();
  });

  it('does not exist beyond the bounds of the VM, and is not written out to find that', () => {
    const large: StackItem = { type: 'Buffer', value: new Uint8Array(131_000) };
    expect(
      encodeStackItem({ type: 'Array', value: Array.from({ length: 2000 }, () => large) }),
    ).toBeNull();
    expect(encodeStackItem({ type: 'Buffer', value: new Uint8Array(131_071) })).toBeNull();
    const nulls = Array.from({ length: 2048 }, (): StackItem => ({ type: 'Any' }));
    expect(encodeStackItem({ type: 'Array', value: nulls })).toBeNull();
  });

  it('is refused, and breaks nothing, when it nests as deep as its bytes allow', () => {
    const bytes = unhex(`${'4001'.repeat(60_000)}00`);
    expect(decodeStackItem(bytes)).toMatchObject({ ok: false });
  });
});

describe('the readers of values', () => {
  const bytes = (type: 'ByteString' | 'Buffer', text: string): StackItem => ({
    type,
    value: unhex(text),
  });
  const one: StackItem = { type: 'Integer', value: 1n };

  it('take their own type and nothing that the VM would convert', () => {
    expect(asBigInt(one)).toBe(1n);
    expect(asBigInt(bytes('ByteString', '01'))).toBeNull();
    expect(asBigInt({ type: 'Boolean', value: true })).toBeNull();
    expect(asBoolean({ type: 'Boolean', value: false })).toBe(false);
    expect(asBoolean(one)).toBeNull();
    expect(asBytes(one)).toBeNull();
    expect(asList({ type: 'Map', value: [] })).toBeNull();
    expect(asMap({ type: 'Array', value: [] })).toBeNull();
    expect(asIterator({ type: 'Any' })).toBeNull();
  });

  it('give no number for an integer that a number cannot hold', () => {
    expect(asInteger({ type: 'Integer', value: 2n ** 53n - 1n })).toBe(2 ** 53 - 1);
    expect(asInteger({ type: 'Integer', value: 2n ** 53n })).toBeNull();
    expect(asInteger({ type: 'Integer', value: -(2n ** 53n) })).toBeNull();
  });

  it('give no text for bytes that are not UTF-8, and keep a byte order mark', () => {
    expect(asUtf8(bytes('ByteString', '6e656f'))).toBe('neo');
    expect(asUtf8(bytes('ByteString', 'ff'))).toBeNull();
    expect(asUtf8(bytes('Buffer', 'efbbbf61'))).toBe('\ufeffa');
  });

  it('turn hashes from wire order to display order', () => {
    const gas = 'cf76e28bd0062c4a478ee35561011319f3cfa4d2';
    expect(asHash160(bytes('ByteString', gas))).toBe('0xd2a4cff31913016155e38e474a2c06d08be276cf');
    expect(asHash160(bytes('ByteString', gas.slice(2)))).toBeNull();
    expect(asHash256(bytes('Buffer', `01${'00'.repeat(31)}`))).toBe(`0x${'00'.repeat(31)}01`);
    expect(asHash256(bytes('ByteString', gas))).toBeNull();
    expect(asPublicKey(bytes('ByteString', `02${'ff'.repeat(32)}`))).toBeNull();
  });
});
