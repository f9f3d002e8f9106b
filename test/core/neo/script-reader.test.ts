/**
 * The check a node makes of a script before it takes a transaction in, after the cases of neo-go's
 * own test (pkg/smartcontract/scparser).
 */
import { describe, expect, it } from 'vitest';
import { decodeWhole } from '../../../worker/core/neo/byte-reader.ts';
import { encodeHex, parseHex } from '../../../worker/core/neo/hex.ts';
import { OPCODES, type OpcodeName, opcodeFormOf } from '../../../worker/core/neo/opcode.ts';
import { ScriptBuilder } from '../../../worker/core/neo/script-builder.ts';
import { checkScript, integerOf, readInstruction } from '../../../worker/core/neo/script-reader.ts';

function script(hex: string): Uint8Array {
  const bytes = parseHex(hex.replaceAll(' ', ''));
  if (bytes === null) throw new Error(`not hexadecimal: ${hex}`);
  return bytes;
}
function instructionsOf(hex: string) {
  return decodeWhole(script(hex), (reader) => {
    const instructions = [];
    while (reader.left > 0) instructions.push(readInstruction(reader));
    return instructions;
  });
}

/**
 * "something", a jump back to the begin, RET, a long jump one back, TRY, TRY_L, ISTYPE, "else".
 */
const GOOD =
  '0c09736f6d657468696e67 22f5 40 23ffffffff 3b03fb 3cfdffffff09000000 d921 0c04656c7365';
const AT = { jump: 11, ret: 13, jumpLong: 14, try: 19, tryLong: 22, type: 31 } as const;

function changed(at: number, ...bytes: readonly number[]): Uint8Array {
  const bad = script(GOOD);
  bad.set(bytes, at);
  return bad;
}

describe('instructions', () => {
  it('are read with offset, name and operand', () => {
    const read = instructionsOf('0c02abcd 1f 01ff7f 41627d5b52 39');
    if (!read.ok) throw new Error(read.malformed.reason);
    expect(
      read.value.map(({ offset, opcode, operand }) => [offset, opcode, encodeHex(operand)]),
    ).toEqual([
      [0, 'PUSHDATA1', 'abcd'],
      [4, 'PUSH15', ''],
      [5, 'PUSHINT16', 'ff7f'],
      [8, 'SYSCALL', '627d5b52'],
      [13, 'ASSERT', ''],
    ]);
  });

  it('are refused wherever they are cut off', () => {
    for (const name of Object.keys(OPCODES) as OpcodeName[]) {
      const form = opcodeFormOf(OPCODES[name]);
      const bytes = (form?.lengthBytes ?? 0) + (form?.operandBytes ?? 0);
      for (let length = 0; length < bytes; length += 1)
        expect(
          checkScript(Uint8Array.of(OPCODES[name], ...new Uint8Array(length).fill(1))),
          `${name} with ${String(length)} of ${String(bytes)} bytes`,
        ).not.toBeNull();
    }
  });

  it('are refused when they promise more bytes than follow, or than an item may have', () => {
    for (const hex of ['0c01', '0d0100', '0e01000000', '0effffffff', '0c', '0d00', '0e000000'])
      expect(checkScript(script(hex)), hex).not.toBeNull();
    const large = new Uint8Array(5 + 131_071);
    large.set([0x0e, 0xff, 0xff, 0x01, 0x00]);
    expect(checkScript(large)?.reason).toContain('at most 131070');
  });
});

describe('integers', () => {
  it('are read from every form a machine takes, wide ones too', () => {
    for (const [hex, value] of [
      ['0f', -1n],
      ['10', 0n],
      ['20', 16n],
      ['0010', 16n],
      ['00ff', -1n],
      ['018000', 128n],
      [`05${'00'.repeat(31)}80`, -(1n << 255n)],
      [`04ff${'00'.repeat(15)}`, 255n],
    ] as const) {
      const read = instructionsOf(hex);
      expect(read.ok && read.value[0] && integerOf(read.value[0]), hex).toBe(value);
    }
  });

  it('are not read from what pushes none', () => {
    for (const hex of ['08', '0b', '0c0101', '21']) {
      const read = instructionsOf(hex);
      expect(read.ok && read.value[0] && integerOf(read.value[0]), hex).toBeNull();
    }
  });
});

describe('the check a node makes', () => {
  it('passes a script with every kind of jump', () => {
    expect(checkScript(script(GOOD))).toBeNull();
    expect(checkScript(new Uint8Array(0))).toBeNull();
  });

  it('passes jumps to the end, which return', () => {
    const jump = new Uint8Array(64);
    jump.set([OPCODES.JMP, 64]);
    expect(checkScript(jump)).toBeNull();
    const tried = new Uint8Array(64);
    tried.set([OPCODES.TRY, 64, 64, OPCODES.RET]);
    expect(checkScript(tried)).toBeNull();
  });

  it.each([
    ['a byte that is no instruction', changed(AT.ret, 0xff)],
    ['a jump before the begin', changed(AT.jump + 1, 0x80)],
    ['a jump behind the end', changed(AT.jump + 1, 0x7f)],
    ['a jump into pushed bytes', changed(AT.jump + 1, 0xff)],
    ['a long jump before the begin', changed(AT.jumpLong + 1, 0xf1)],
    ['a long jump behind the end', changed(AT.jumpLong + 1, 27, 0, 0, 0)],
    ['a long jump into an operand', changed(AT.jumpLong + 1, 0xfe)],
    ['a catch before the begin', changed(AT.try + 1, 0xec)],
    ['a catch behind the end', changed(AT.try + 1, 0x7f)],
    ['a finally behind the end', changed(AT.try + 2, 0x7f)],
    ['a long catch into an operand', changed(AT.tryLong + 1, 0xf6)],
    ['a long finally into pushed bytes', changed(AT.tryLong + 5, 12)],
    ['a type that is none', changed(AT.type + 1, 0xff)],
    ['a test for the type Any', changed(AT.type + 1, 0x00)],
    ['a conversion to what is no type', script('db 29')],
    ['an array of what is no type', script('c4 11')],
    ['a pointer into an operand', script('0a 01000000')],
  ])('refuses %s', (_, bad) => {
    expect(checkScript(bad)).not.toBeNull();
  });

  it('passes arrays of Any and unknown system calls, as nodes do', () => {
    expect(checkScript(script('c4 00'))).toBeNull();
    expect(checkScript(script('41 deadbeef'))).toBeNull();
  });

  it('holds the offsets of methods to instructions', () => {
    const bytes = new ScriptBuilder().pushString('name').opcode('RET').toBytes();
    expect(checkScript(bytes, [0, 6])).toBeNull();
    for (const entry of [1, 7, -1, 1.5]) expect(checkScript(bytes, [0, entry])).not.toBeNull();
  });
});
