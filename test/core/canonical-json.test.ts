import { describe, expect, test } from 'vitest';
import {
  encodeCanonicalJson,
  parseCanonicalJson,
  sha256Canonical,
} from '../../worker/core/canonical-json.ts';

const text = (value: unknown): string => new TextDecoder().decode(encodeCanonicalJson(value));

describe('canonical JSON', () => {
  test('gives the bytes of RFC 8785 section 3.2.4', () => {
    // The sample input and output of RFC 8785 sections 3.2.2 to 3.2.4.
    const input = JSON.parse(
      '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],' +
        '"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}',
    );
    expect(Buffer.from(encodeCanonicalJson(input)).toString('hex')).toBe(
      '7b226c69746572616c73223a5b6e756c6c2c747275652c66616c73655d2c226e' +
        '756d62657273223a5b3333333333333333332e333333333333332c31652b3330' +
        '2c342e352c302e3030322c31652d32375d2c22737472696e67223a22e282ac24' +
        '5c75303030665c6e4127425c225c5c5c5c5c222f227d',
    );
  });

  test('sorts names by UTF-16 code units (RFC 8785 section 3.2.3)', () => {
    const names = ['\u20ac', '\r', '\ufb33', '1', '\ud83d\ude00', '\u0080', '\u00f6'];
    const object = Object.fromEntries(names.map((name, index) => [name, index]));
    expect(Object.keys(JSON.parse(text(object)) as object)).toEqual([
      '1',
      '\r',
      '\u0080',
      '\u00f6',
      '\u20ac',
      '\ud83d\ude00',
      '\ufb33',
    ]);
  });

  test('is the same for equal values written in another order', () => {
    expect(sha256Canonical({ a: 1, b: [{ c: 2, d: 3 }] })).toBe(
      sha256Canonical({ b: [{ d: 3, c: 2 }], a: 1 }),
    );
  });

  test('keeps a member named __proto__', () => {
    expect(text(JSON.parse('{"__proto__":1}'))).toBe('{"__proto__":1}');
  });

  test('writes minus zero as zero', () => {
    expect(text([-0])).toBe('[0]');
  });

  test('does not overflow the stack on deep nesting', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    let value: unknown = [];
    for (let depth = 1; depth < 100_000; depth += 1) value = [value];
    expect(text(value)).toBe(deep);
  });

  test('hashes to the SHA-256 of its bytes', () => {
    // echo -n '{}' | sha256sum
    expect(sha256Canonical({})).toBe(
      '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
    );
  });
});

const cycle: unknown[] = [];
cycle.push(cycle);
const sparse: unknown[] = [];
sparse[2] = 1;

describe('a value without canonical form', () => {
  test.each<readonly [string, unknown]>([
    ['undefined', undefined],
    ['an undefined member', { a: undefined }],
    ['an undefined member deep inside', { a: [{ b: undefined }] }],
    ['an undefined element', [undefined]],
    ['a hole', sparse],
    ['NaN', Number.NaN],
    ['Infinity', [Number.POSITIVE_INFINITY]],
    ['a BigInt', { a: 1n }],
    ['a function', [() => 1]],
    ['a symbol', { a: Symbol('a') }],
    ['a lone high surrogate', '\ud800'],
    ['a lone low surrogate as JSON brings it', JSON.parse('"\\udc00"')],
    ['a lone surrogate in a name', { '\ud800': 1 }],
    ['a Date', new Date(0)],
    ['a Map', new Map([['a', 1]])],
    ['bytes', new Uint8Array(1)],
    ['a boxed string', Object('a')],
    ['an object that serializes itself as another', { toJSON: () => 1 }],
    ['a cycle', cycle],
  ])('is refused: %s', (_name, value) => {
    expect(parseCanonicalJson(value)).toMatchObject({
      ok: false,
      failure: { code: 'request.malformed' },
    });
    expect(() => encodeCanonicalJson(value)).toThrow('canonical');
  });
});
