/**
 * Prefixed ids in the TypeID form: sortable, bounded, and equal to what other implementations make.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createId,
  ID_PREFIXES,
  type IdKind,
  idPattern,
  idTime,
  isId,
} from '../../worker/core/ids.ts';

const kinds = Object.keys(ID_PREFIXES) as IdKind[];
const bytes = (value: number): Uint8Array => new Uint8Array(10).fill(value);
const times = fc.integer({ min: 0, max: 2 ** 48 - 1 });
const randoms = fc.uint8Array({ minLength: 10, maxLength: 10 });

describe('createId', () => {
  /** spec/valid.yml of jetify-com/typeid, case "uuidv7": 01890a5d-ac96-774b-bcce-b302099a8057. */
  it('makes the text of the TypeID specification from the same UUIDv7', () => {
    const random = new Uint8Array([0x1d, 0xd2, 0xde, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00]);
    const uuid = 0x01890a5dac96774bbcceb302099a8057n;
    const randomA = (uuid >> 64n) & 0xfffn;
    const randomB = uuid & ((1n << 62n) - 1n);
    let bits = (randomA << 68n) | randomB;
    for (let index = 9; index >= 0; index -= 1) {
      random[index] = Number(bits & 0xffn);
      bits >>= 8n;
    }
    const id = createId('apiKey', { now: Number(uuid >> 80n), random });
    expect(id).toBe('key_01h455vb4pex5vsknk084sn02q');
  });

  it('keeps its form, its kind and its time', () => {
    fc.assert(
      fc.property(fc.constantFrom(...kinds), times, randoms, (kind, now, random) => {
        const id = createId(kind, { now, random });
        expect(isId(kind, id)).toBe(true);
        expect(idTime(id)).toBe(now);
        for (const other of kinds.filter((name) => name !== kind))
          expect(isId(other, id)).toBe(false);
      }),
    );
  });

  it('sorts as text by the millisecond it was made in, whatever the random bytes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 48 - 2 }),
        randoms,
        randoms,
        (now, earlier, later) => {
          const first = createId('event', { now, random: earlier });
          const second = createId('event', { now: now + 1, random: later });
          expect(first < second).toBe(true);
        },
      ),
    );
  });

  it('makes another id of each of 74 random bits, all that RFC 9562 leaves', () => {
    const made = Array.from({ length: 80 }, (_, bit) => {
      const random = bytes(0);
      random[bit >> 3] = 1 << (bit & 7);
      return createId('event', { now: 1, random });
    });
    const none = createId('event', { now: 1, random: bytes(0) });
    expect(new Set(made.filter((id) => id !== none)).size).toBe(74);
  });

  it('asserts on too few random bytes and on a time out of range', () => {
    expect(() => createId('event', { now: 1, random: new Uint8Array(9) })).toThrow(
      '10 random bytes',
    );
    for (const now of [-1, 1.5, 2 ** 48, Number.NaN])
      expect(() => createId('event', { now, random: bytes(1) })).toThrow('48 bits');
  });
});

describe('idPattern', () => {
  it('refuses other alphabets, cases, lengths and what stands around', () => {
    const id = createId('account', { now: 1_700_000_000_000, random: bytes(200) });
    for (const text of [
      id.toUpperCase(),
      ` ${id}`,
      `${id}\n`,
      id.slice(0, -1),
      `${id}0`,
      id.replace('acc_', 'acc-'),
      id.replace(/.$/, 'u'),
      'acc_8zzzzzzzzzzzzzzzzzzzzzzzzz',
    ])
      expect(idPattern('account').test(text), JSON.stringify(text)).toBe(false);
  });
});
