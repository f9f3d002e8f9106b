/**
 * The reader and the writer of Neo's binary form: nothing is cut off silently when written, and
 * nothing is allocated for a length that lies when read.
 */
import { describe, expect, it } from 'vitest';
import { type ByteReader, decodeWhole } from '../../../worker/core/neo/byte-reader.ts';
import { ByteWriter } from '../../../worker/core/neo/byte-writer.ts';
import { encodeHex, parseHex } from '../../../worker/core/neo/hex.ts';

const written = (write: (writer: ByteWriter) => unknown): string => {
  const writer = new ByteWriter();
  write(writer);
  return encodeHex(writer.toBytes());
};
function read<Value>(hex: string, from: (reader: ByteReader) => Value) {
  const bytes = parseHex(hex);
  if (bytes === null) throw new Error(`not hexadecimal: ${hex}`);
  return decodeWhole(bytes, from);
}

describe('writing', () => {
  it('is little-endian, with the shortest form of a length', () => {
    expect(written((writer) => writer.u8(1).u16(2).u32(3).u64(4n).i64(-1n))).toBe(
      `010200030000000400000000000000${'ff'.repeat(8)}`,
    );
    for (const [length, hex] of [
      [0xfc, 'fc'],
      [0xfd, 'fdfd00'],
      [0xffff, 'fdffff'],
      [0x10000, 'fe00000100'],
      [2 ** 32, 'ff0000000001000000'],
    ] as const)
      expect(written((writer) => writer.varUint(length))).toBe(hex);
  });

  it('asserts on values out of range instead of cutting them off', () => {
    for (const write of [
      (writer: ByteWriter) => writer.u8(256),
      (writer: ByteWriter) => writer.u16(-1),
      (writer: ByteWriter) => writer.u32(2 ** 32),
      (writer: ByteWriter) => writer.u32(0.5),
      (writer: ByteWriter) => writer.u64(-1n),
      (writer: ByteWriter) => writer.u64(1n << 64n),
      (writer: ByteWriter) => writer.i64(1n << 63n),
      (writer: ByteWriter) => writer.varUint(Number.NaN),
      (writer: ByteWriter) => writer.varString('a\udfff'),
    ])
      expect(() => written(write)).toThrow();
  });

  it('grows past any size without losing a byte', () => {
    const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => index % 251);
    const hex = written((writer) => writer.u8(7).bytes(bytes.subarray(0, 300)).bytes(bytes));
    expect(hex).toBe(`07${encodeHex(bytes.subarray(0, 300))}${encodeHex(bytes)}`);
  });
});

describe('reading', () => {
  it('takes signed and unsigned integers', () => {
    expect(read('ffff', (reader) => [reader.u8(), reader.i8()])).toMatchObject({
      value: [255, -1],
    });
    expect(read('feffffff', (reader) => reader.i32())).toMatchObject({ value: -2 });
    expect(read('feffffff', (reader) => reader.u32())).toMatchObject({ value: 0xffff_fffe });
  });

  it('is refused with the place when bytes are missing or left over', () => {
    expect(read('0102', (reader) => reader.u32())).toEqual({
      ok: false,
      malformed: { at: 0, reason: 'ends too early' },
    });
    expect(read('0102', (reader) => reader.u8())).toMatchObject({
      ok: false,
      malformed: { at: 1 },
    });
    expect(read('', (reader) => reader.peek())).toMatchObject({ ok: false });
  });

  it('does not believe lengths beyond the bound or beyond the bytes', () => {
    for (const hex of ['ffffffffffffffffff', 'feffffffff', 'fdffff', '05aabb'])
      for (const from of [
        (reader: ByteReader) => reader.varBytes(2 ** 40, 'bytes'),
        (reader: ByteReader) => reader.varString(2 ** 40, 'text'),
        (reader: ByteReader) => reader.list(2 ** 40, 'items', () => reader.u8()),
        (reader: ByteReader) => reader.varBytes(4, 'bytes'),
      ])
        expect(read<unknown>(hex, from).ok, hex).toBe(false);
  });

  it('refuses text that is not UTF-8 and keeps a byte order mark', () => {
    expect(read('02c328', (reader) => reader.varString(9, 'text')).ok).toBe(false);
    expect(read('03efbbbf', (reader) => reader.varString(9, 'text'))).toMatchObject({
      value: '\ufeff',
    });
  });

  it('looks at the next byte without taking it', () => {
    expect(
      read('0102', (reader) => [reader.peek(), reader.u8(), reader.peek(), reader.u8()]),
    ).toMatchObject({
      value: [1, 1, 2, 2],
    });
  });

  it('gives copies of bytes, and views only where asked for', () => {
    const bytes = Uint8Array.of(1, 2, 3, 4);
    const decoded = decodeWhole(bytes, (reader) => [reader.bytes(2), reader.view(2)] as const);
    bytes.fill(9);
    expect(decoded).toMatchObject({ value: [Uint8Array.of(1, 2), Uint8Array.of(9, 9)] });
  });

  it('lets errors that are not about the bytes through', () => {
    expect(() =>
      read('00', () => {
        throw new Error('a bug');
      }),
    ).toThrow('a bug');
  });
});
