/**
 * The tables that scripts are written and read with: instructions, system calls, call flags.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { describe, expect, it } from 'vitest';
import {
  CALL_FLAGS,
  formatCallFlags,
  parseCallFlags,
} from '../../../worker/core/neo/call-flags.ts';
import { encodeHex } from '../../../worker/core/neo/hex.ts';
import { OPCODES, opcodeFormOf } from '../../../worker/core/neo/opcode.ts';
import { encodeSyscall, SYSCALLS, type SyscallName } from '../../../worker/core/neo/syscall.ts';
import { readNeoVectors } from '../../support/neo-vectors.ts';

const syscalls = readNeoVectors('syscalls.json') as
  | {
      readonly ids_as_in_script_hex: Readonly<Record<string, string>>;
    }
  | undefined;

describe('instructions', () => {
  it('have one byte each and are found by it', () => {
    const bytes = Object.values(OPCODES);
    expect(new Set(bytes).size).toBe(bytes.length);
    for (const [name, byte] of Object.entries(OPCODES)) expect(opcodeFormOf(byte)?.name).toBe(name);
  });

  it('are 196 of 256 bytes, and the others are none', () => {
    const known = Array.from({ length: 256 }, (_, byte) => opcodeFormOf(byte)).filter(Boolean);
    expect(known).toHaveLength(196);
    for (const byte of [0x06, 0x07, 0x42, 0x44, 0x47, 0x4f, 0xa7, 0xbc, 0xc7, 0xda, 0xe2, 0xff])
      expect(opcodeFormOf(byte), String(byte)).toBeUndefined();
  });

  it('that have both a short and a long form of a jump differ by its four bytes', () => {
    for (const [name, byte] of Object.entries(OPCODES)) {
      if (!name.endsWith('_L')) continue;
      const short = opcodeFormOf(byte - 1);
      expect(`${String(short?.name)}_L`).toBe(name);
      expect(opcodeFormOf(byte)?.operandBytes).toBe(4 * (short?.operandBytes ?? 0));
    }
  });
});

describe('system calls', () => {
  it('stand in a script as the first four bytes of the SHA-256 of their names', () => {
    for (const name of Object.keys(SYSCALLS) as SyscallName[])
      expect(encodeSyscall(name)).toEqual(sha256(new TextEncoder().encode(name)).slice(0, 4));
  });

  it.skipIf(!syscalls)('agree with neo-go on every name', () => {
    for (const [name, bytes] of Object.entries(syscalls?.ids_as_in_script_hex ?? {}))
      expect(encodeHex(encodeSyscall(name as SyscallName)), name).toBe(bytes);
  });
});

describe('call flags', () => {
  it('keep their names through text, every one of the sixteen', () => {
    for (let flags = 0; flags <= CALL_FLAGS.All; flags += 1)
      expect(parseCallFlags(formatCallFlags(flags)), formatCallFlags(flags)).toBe(flags);
  });

  it('are written as nodes write them', () => {
    expect(formatCallFlags(0)).toBe('None');
    expect(formatCallFlags(15)).toBe('All');
    expect(formatCallFlags(5)).toBe('ReadOnly');
    expect(formatCallFlags(7)).toBe('ReadOnly, WriteStates');
    expect(formatCallFlags(9)).toBe('ReadStates, AllowNotify');
  });

  it('are refused under other names and with All or None among others', () => {
    for (const text of ['', 'all', 'ReadStates,', 'ReadStates,All', 'None,ReadStates', 'Write'])
      expect(parseCallFlags(text), text).toBeNull();
  });
});
