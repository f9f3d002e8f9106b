/**
 * M20, M21: what a script does is read from it only when it is nothing but calls with literal
 * arguments in the one form we write. Each test here is a script that means something else than it
 * shows, or could come to.
 */
import { describe, expect, it } from 'vitest';
import { CALL_FLAGS } from '../../../worker/core/neo/call-flags.ts';
import {
  decodeCalls,
  encodeCalls,
  type LiteralCall,
} from '../../../worker/core/neo/contract-calls.ts';
import { encodeHex, parseHex } from '../../../worker/core/neo/hex.ts';
import { NATIVE_CONTRACTS } from '../../../worker/core/neo/native-contracts.ts';
import { ScriptBuilder } from '../../../worker/core/neo/script-builder.ts';
import { decodeScriptHash, encodeScriptHash } from '../../../worker/core/neo/script-hash.ts';
import type { StackLiteral } from '../../../worker/core/neo/stack-argument.ts';

const GAS = NATIVE_CONTRACTS.GasToken.hash;
const payer = new Uint8Array(20).fill(0x11);
const payee = new Uint8Array(20).fill(0x22);

const bytes = (value: Uint8Array): StackLiteral => ({ type: 'ByteString', value });
const integer = (value: bigint): StackLiteral => ({ type: 'Integer', value });
const NOTHING: StackLiteral = { type: 'Any', value: null };

const transfer = (amount: bigint, more: Partial<LiteralCall> = {}): LiteralCall => ({
  contract: GAS,
  method: 'transfer',
  args: [bytes(payer), bytes(payee), integer(amount), NOTHING],
  flags: CALL_FLAGS.All,
  result: 'asserted',
  ...more,
});

function script(hex: string): Uint8Array {
  const parsed = parseHex(hex.replaceAll(' ', ''));
  if (parsed === null) throw new Error(`not hexadecimal: ${hex}`);
  return parsed;
}
function reasonAgainst(bytesOfScript: Uint8Array): string {
  const decoded = decodeCalls(bytesOfScript);
  return decoded.ok ? `read as ${String(decoded.value.length)} calls` : decoded.malformed.reason;
}
/** With what the arguments leave on the stack in front, as hexadecimal. */
const calling = (args: string, flags = '1f', method = '0c0474657374'): string =>
  `${args} ${flags} ${method} 0c14${encodeHex(encodeScriptHash(GAS))} 41627d5b52`;

describe('M21: scripts of literal calls', () => {
  it('are read as what was written, one call or several', () => {
    for (const calls of [
      [transfer(1n)],
      [transfer(16n), transfer(17n, { result: 'dropped' }), transfer(0n, { result: 'kept' })],
      [transfer(1n, { args: [], flags: CALL_FLAGS.ReadOnly, method: '' })],
      [transfer(1n, { method: '\ufeffБаланс' })],
    ])
      expect(decodeCalls(encodeCalls(calls))).toEqual({ ok: true, value: calls });
  });

  it('are read with nested arguments of every kind', () => {
    const args: readonly StackLiteral[] = [
      {
        type: 'Array',
        value: [
          { type: 'Array', value: [] },
          { type: 'Struct', value: [NOTHING] },
        ],
      },
      { type: 'Map', value: [{ key: integer(1n), value: { type: 'Map', value: [] } }] },
      { type: 'Struct', value: [] },
      { type: 'Boolean', value: true },
      { type: 'Boolean', value: false },
      bytes(new Uint8Array(300).fill(7)),
      integer(-(1n << 255n)),
    ];
    const calls = [transfer(1n, { args })];
    expect(decodeCalls(encodeCalls(calls))).toEqual({ ok: true, value: calls });
  });

  it('do not keep the bytes of the script they were read from', () => {
    const written = encodeCalls([transfer(1n)]);
    const decoded = decodeCalls(written);
    written.fill(0);
    expect(decoded).toEqual({ ok: true, value: [transfer(1n)] });
  });
});

describe('M21: a target that a call computed', () => {
  it('is refused: the answer of one call as contract of the next', () => {
    const first = calling('c2');
    expect(reasonAgainst(script(`${first} c2 1f 0c0474657374 53 41627d5b52`))).toContain(
      'REVERSE3',
    );
    // The answer lies below, and the next call pushes only three of its four.
    expect(reasonAgainst(script(`${first} ${calling('')}`))).toBe('takes more than was pushed');
    expect(reasonAgainst(script(`${first} c2 1f 0c0474657374 41627d5b52`))).toContain('no literal');
  });

  it('is refused: the answer of one call packed into the arguments of the next', () => {
    const first = calling('c2');
    for (const packed of ['11c0', '1112c0', '11bf', '1111be', '10c0 12c0'])
      expect(reasonAgainst(script(`${first} ${calling(packed)}`)), packed).toBe(
        'takes more than was pushed',
      );
  });

  it.each([
    'DUP',
    'SWAP',
    'PICK',
    'CAT',
    'CONVERT',
    'PICKITEM',
    'UNPACK',
    'NEWARRAY',
    'JMP',
    'CALL',
    'PUSHA',
    'TRY',
    'RET',
    'NOP',
    'ABORT',
    'THROW',
    'CALLT',
    'LDSFLD0',
    'ASSERTMSG',
    'CLEAR',
    'DEPTH',
  ] as const)('is refused: %s anywhere', (opcode) => {
    const operand =
      { CONVERT: 1, JMP: 1, CALL: 1, PUSHA: 4, TRY: 2, CALLT: 2 }[opcode as string] ?? 0;
    const instruction = encodeHex(
      new ScriptBuilder().opcode(opcode, new Uint8Array(operand).fill(0x21)).toBytes(),
    );
    const whole = encodeHex(encodeCalls([transfer(1n)]));
    for (const changed of [instruction + whole, whole + instruction, whole + instruction + whole])
      expect(reasonAgainst(script(changed))).toBe(`${opcode} is no push of a literal`);
  });

  it('is refused: any system call but System.Contract.Call', () => {
    for (const name of [
      'System.Runtime.LoadScript',
      'System.Contract.CallNative',
      'System.Runtime.BurnGas',
    ] as const) {
      const builder = new ScriptBuilder().pushArray([]).pushInteger(15n).pushString('test');
      const bad = builder.pushHash160(GAS).syscall(name).toBytes();
      expect(reasonAgainst(bad), name).toContain('other than System.Contract.Call');
    }
    expect(reasonAgainst(script('c2 1f 0c0161 41 deadbeef'))).toContain('other than');
  });
});

describe('M21: parts of a call in another form', () => {
  it.each([
    ['an empty script', ''],
    ['pushes without a call', '11 12'],
    ['a call cut off', calling('c2').replaceAll(' ', '').slice(0, -2)],
    ['something under the call', `11 ${calling('c2')}`],
    ['pushes after the last call', `${calling('c2')} 11`],
    ['two asserts', `${calling('c2')} 39 39`],
    ['an assert and a drop', `${calling('c2')} 39 45`],
    ['an assert in front of a call', `39 ${calling('c2')}`],
    ['an assert after a push', `${calling('c2')} 08 39`],
    ['a drop after a push', `11 45 ${calling('c2')}`],
    ['arguments that are one value', calling('11')],
    ['arguments in a struct', calling('11 11 bf')],
    ['arguments in an empty struct', calling('c5')],
    ['arguments in a map', calling('c8')],
    ['arguments that are null', calling('0b')],
    ['flags as bytes', calling('c2', '0c010f')],
    ['flags as a boolean', calling('c2', '08')],
    ['flags of more than four bits', calling('c2', '20')],
    ['flags below zero', calling('c2', '0f')],
    ['flags beyond every number', calling('c2', `05 ${'00'.repeat(31)}40`)],
    ['a method as a number', calling('c2', '1f', '11')],
    ['a method that is not UTF-8', calling('c2', '1f', '0c02c328')],
    ['a method with half a surrogate pair', calling('c2', '1f', '0c03eda080')],
    ['a hash of 19 bytes', `c2 1f 0c0474657374 0c13 ${'11'.repeat(19)} 41627d5b52`],
    ['a hash of 21 bytes', `c2 1f 0c0474657374 0c15 ${'11'.repeat(21)} 41627d5b52`],
    ['a hash as a number', `c2 1f 0c0474657374 05 ${'11'.repeat(32)} 41627d5b52`],
  ])('refuses %s', (_, hex) => {
    expect(decodeCalls(script(hex)).ok).toBe(false);
  });

  it.each([
    ['a small integer in an operand', calling('00 05 11 c0')],
    ['16 as neo-go writes it', calling('0010 11 c0')],
    ['an integer one width too wide', calling('01 1100 11 c0')],
    ['an integer of 256 bits for one', calling(`05 01${'00'.repeat(31)} 11 c0`)],
    ['-1 in an operand', calling('00 ff 11 c0')],
    ['short bytes with a long length', calling('0d0100aa 11 c0')],
    ['short bytes with a longer length', calling('0e01000000aa 11 c0')],
    ['an empty array by packing', calling('10 c0')],
    ['an empty struct by packing', calling('10 bf 11 c0')],
    ['an empty map by packing', calling('10 be 11 c0')],
    ['a count in an operand', calling('11 0001 c0')],
    ['flags in an operand', calling('c2', '00 0f')],
    ['a method with a long length', calling('c2', '1f', '0d040074657374')],
  ])('refuses %s, which would run the same', (_, hex) => {
    expect(reasonAgainst(script(hex))).toBe('these calls have another, canonical form');
  });

  it('refuses counts that are no integers, below zero or above what was pushed', () => {
    for (const args of [
      '11 08 c0',
      '11 0c0101 c0',
      '11 0b c0',
      '11 0f c0',
      '11 12 c0',
      '11 11 12 be',
    ])
      expect(decodeCalls(script(calling(args))).ok, args).toBe(false);
    expect(decodeCalls(script(calling(`11 05 ${'ff'.repeat(31)}7f c0`))).ok).toBe(false);
  });

  it('refuses a map with a key twice: the machine keeps one, a reader may see the other', () => {
    expect(reasonAgainst(script(calling('12 11 13 11 12 be 11 c0')))).toContain('already has');
    // One key as an integer and one as bytes are two keys.
    expect(decodeCalls(script(calling('12 11 13 0c0101 12 be 11 c0'))).ok).toBe(true);
  });

  it('refuses a map with keys that are none', () => {
    for (const key of ['0b', 'c2', 'c5', 'c8', `0c41${'00'.repeat(65)}`])
      expect(reasonAgainst(script(calling(`12 ${key} 11 be 11 c0`))), key).toContain('no key');
    expect(decodeCalls(script(calling(`12 0c40${'00'.repeat(64)} 11 be 11 c0`))).ok).toBe(true);
  });

  it('refuses arguments nested deeper than anybody may walk, in time that grows with the length', () => {
    const nested = (levels: number) => script(calling(`c2 ${'11c0'.repeat(levels)}`));
    expect(decodeCalls(nested(15)).ok).toBe(true);
    expect(reasonAgainst(nested(16))).toContain('deeper than 16');
    expect(reasonAgainst(nested(32_000))).toContain('deeper than 16');
  });

  it('refuses more than a transaction may carry', () => {
    const call = transfer(1n, { args: [bytes(new Uint8Array(65_535 - 44))] });
    const largest = encodeCalls([call]);
    expect(largest).toHaveLength(65_535);
    expect(decodeCalls(largest).ok).toBe(true);
    const larger = encodeCalls([{ ...call, args: [bytes(new Uint8Array(65_535 - 43))] }]);
    expect(reasonAgainst(larger)).toContain('at most 65535 bytes');
  });

  it('says where the canonical form begins to differ', () => {
    const decoded = decodeCalls(script(`${calling('c2')} ${calling('0005 11 c0')}`));
    const at = script(calling('c2')).length;
    expect(decoded).toMatchObject({ ok: false, malformed: { at } });
  });

  it('shows bytes where bytes were pushed, whatever a method would make of them', () => {
    const decoded = decodeCalls(script(calling('0c0105 11 c0')));
    expect(decoded).toMatchObject({
      ok: true,
      value: [
        { contract: decodeScriptHash(encodeScriptHash(GAS)), args: [{ type: 'ByteString' }] },
      ],
    });
  });
});
