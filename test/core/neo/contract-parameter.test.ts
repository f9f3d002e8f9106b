/**
 * Contract parameters from JSON: every wrong place is named, and what is accepted can be pushed.
 */
import { describe, expect, it } from 'vitest';
import {
  parseContractParameters,
  toContractParameterJson,
} from '../../../worker/core/neo/contract-parameter.ts';
import { encodeHex } from '../../../worker/core/neo/hex.ts';
import { ScriptBuilder } from '../../../worker/core/neo/script-builder.ts';

const HASH = '0xd2a4cff31913016155e38e474a2c06d08be276cf';
const KEY = '03cae768e1cf58d50260cab808da8d6d83d5d3ab91eac41cdce577ce5862d73641';
const SIGNATURE = Buffer.alloc(64, 1).toString('base64');

const ALL = [
  { type: 'Any', value: null },
  { type: 'Boolean', value: true },
  {
    type: 'Integer',
    value: '-57896044618658097711785492504343953926634992332820282019728792003956564819968',
  },
  { type: 'ByteArray', value: 'AAEC' },
  { type: 'ByteArray', value: '' },
  { type: 'String', value: 'Привет' },
  { type: 'Hash160', value: HASH },
  { type: 'Hash256', value: `0x${'ab'.repeat(32)}` },
  { type: 'PublicKey', value: KEY },
  { type: 'Signature', value: SIGNATURE },
  {
    type: 'Array',
    value: [
      { type: 'Array', value: [] },
      { type: 'Integer', value: '1' },
    ],
  },
  {
    type: 'Map',
    value: [{ key: { type: 'String', value: 'a' }, value: { type: 'Map', value: [] } }],
  },
];

function problemsOf(json: unknown) {
  const parsed = parseContractParameters(json, '/args');
  return parsed.ok ? [] : (parsed.failure.fields ?? []);
}
const pointersOf = (json: unknown) => problemsOf(json).map(({ pointer }) => pointer);
const nested = (levels: number): unknown =>
  levels === 0 ? { type: 'Any', value: null } : { type: 'Array', value: [nested(levels - 1)] };

describe('contract parameters', () => {
  it('of every type are read, and written as they were', () => {
    const parsed = parseContractParameters(ALL, '/args');
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.failure));
    expect(parsed.value.map(toContractParameterJson)).toEqual(ALL);
  });

  it('are read in the other forms wallets send', () => {
    const parsed = parseContractParameters(
      [
        { type: 'Any' },
        { type: 'Integer', value: 5 },
        { type: 'Hash160', value: 'NepwUjd9GhqgNkrfXaxj9mmsFhFzGoFuWM' },
        { type: 'Hash160', value: HASH.toUpperCase().replace('X', 'x') },
      ],
      '/args',
    );
    expect(parsed).toEqual({
      ok: true,
      value: [
        { type: 'Any', value: null },
        { type: 'Integer', value: 5n },
        { type: 'Hash160', value: HASH },
        { type: 'Hash160', value: HASH },
      ],
    });
  });

  it('are refused by the place and for the reason, all of them at once', () => {
    expect(
      problemsOf([
        { type: 'Integer', value: '1' },
        { type: 'Integer', value: 'one' },
        { type: 'Array', value: [{ type: 'Hash160', value: HASH.slice(2) }] },
        { type: 'Map', value: [{ key: { type: 'Nothing', value: 0 }, value: 7 }] },
        null,
      ]),
    ).toEqual([
      { pointer: '/args/1/value', detail: expect.stringContaining('decimal') },
      { pointer: '/args/2/value/0/value', detail: expect.stringContaining('40 hexadecimal') },
      { pointer: '/args/3/value/0/key/type', detail: expect.stringContaining('Hash256') },
      { pointer: '/args/3/value/0/value', detail: expect.stringContaining('an object') },
      { pointer: '/args/4', detail: expect.stringContaining('an object') },
    ]);
  });

  it.each([
    ['Any', 0],
    ['Boolean', 'true'],
    ['Boolean', 1],
    ['Integer', 2 ** 53],
    ['Integer', 1.5],
    ['Integer', ''],
    ['Integer', '-0'],
    ['Integer', '01'],
    ['Integer', '+1'],
    ['Integer', '0x10'],
    ['Integer', ' 1'],
    ['Integer', '1n'],
    ['Integer', '57896044618658097711785492504343953926634992332820282019728792003956564819968'],
    ['Integer', '9'.repeat(100_000)],
    ['ByteArray', 'AAE'],
    ['ByteArray', 'AA=='.repeat(2)],
    ['ByteArray', 'AB=='],
    ['ByteArray', 'A-_='],
    ['ByteArray', 'A'.repeat(90_000)],
    ['String', 'a\ud800'],
    ['String', 1],
    ['String', 'a'.repeat(90_000)],
    ['Hash160', `0X${HASH.slice(2)}`],
    ['Hash160', 'ALq7AWrhAueN6mJNqk6FHJjnsEoPRytLdW'],
    ['Hash256', HASH],
    ['PublicKey', `04${KEY.slice(2)}`],
    ['PublicKey', `02${'ff'.repeat(32)}`],
    ['Signature', Buffer.alloc(63, 1).toString('base64')],
    ['Array', {}],
    ['Map', { a: 1 }],
    ['Boolean', undefined],
  ])('of type %s do not take %j', (type, value) => {
    expect(pointersOf([{ type, value }])).toEqual(['/args/0/value']);
  });

  it('take no name of a type that is not theirs', () => {
    for (const type of [
      'integer',
      'Struct',
      'InteropInterface',
      'Void',
      'toString',
      '__proto__',
      5,
      null,
    ])
      expect(pointersOf([{ type, value: 1 }]), String(type)).toEqual(['/args/0/type']);
  });

  it('take no unknown fields, whose names are escaped and cut', () => {
    expect(pointersOf([{ type: 'Any', value: null, 'a/~': 1 }])).toEqual(['/args/0/a~1~0']);
    const [pointer = ''] = pointersOf([{ type: 'Any', ['x'.repeat(100_000)]: 1 }]);
    expect(pointer.length).toBeLessThan(100);
  });

  it('are refused deeper than 16 levels, however deep they go', () => {
    expect(problemsOf([nested(16)])).toEqual([]);
    expect(pointersOf([nested(17)])).toEqual([`/args/0${'/value/0'.repeat(16)}/value`]);
    expect(problemsOf([nested(3000)])).toHaveLength(1);
  });

  it('are refused when there are more than the stack of the machine holds', () => {
    const many = Array.from({ length: 2048 }, () => ({ type: 'Any', value: null }));
    expect(problemsOf(many)).toEqual([]);
    expect(pointersOf([...many, ...many])).toEqual(['/args']);
    expect(pointersOf([{ type: 'Array', value: many }])).toEqual(['/args/0/value']);
  });

  it('name no more problems than a person reads', () => {
    expect(problemsOf(Array.from({ length: 2000 }, () => null))).toHaveLength(20);
  });

  it('refuse maps that name a key twice or by what is no key', () => {
    const value = { type: 'Any', value: null };
    const keyed = (...keys: readonly unknown[]) => [
      { type: 'Map', value: keys.map((key) => ({ key, value })) },
    ];
    const text = { type: 'String', value: 'a' };
    expect(problemsOf(keyed(text, { type: 'Integer', value: '97' }))).toEqual([]);
    for (const second of [
      text,
      { type: 'ByteArray', value: 'YQ==' },
      value,
      { type: 'Array', value: [] },
    ])
      expect(pointersOf(keyed(text, second))).toEqual(['/args/0/value/1/key']);
    expect(pointersOf(keyed({ type: 'String', value: 'a'.repeat(65) }))).toEqual([
      '/args/0/value/0/key',
    ]);
  });

  it('are no list when they are none', () => {
    for (const json of [undefined, null, {}, 'args', 5])
      expect(pointersOf(json)).toEqual(['/args']);
  });

  it('are pushed as they were read', () => {
    const parsed = parseContractParameters(ALL.slice(9, 12), '/args');
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.failure));
    expect(encodeHex(new ScriptBuilder().pushArray(parsed.value).toBytes())).toBe(
      `c80c016111be11c212c00c40${'01'.repeat(64)}13c0`,
    );
  });
});
