/**
 * Scripts against those of neon-js, neo-go and the networks, and what the builder asserts instead
 * of writing something else than was meant.
 */
import { describe, expect, it } from 'vitest';
import { CALL_FLAGS } from '../../../worker/core/neo/call-flags.ts';
import { encodeCalls } from '../../../worker/core/neo/contract-calls.ts';
import { parseContractParameters } from '../../../worker/core/neo/contract-parameter.ts';
import { decodeHash256 } from '../../../worker/core/neo/hash256.ts';
import { encodeHex, parseHex } from '../../../worker/core/neo/hex.ts';
import { NATIVE_CONTRACTS } from '../../../worker/core/neo/native-contracts.ts';
import { isVmInteger, ScriptBuilder } from '../../../worker/core/neo/script-builder.ts';
import { parseScriptHash } from '../../../worker/core/neo/script-hash.ts';
import type { ContractParameter, StackArgument } from '../../../worker/core/neo/stack-argument.ts';
import { readNeoVectors } from '../../support/neo-vectors.ts';

interface Vectors {
  readonly push: readonly {
    readonly name: string;
    readonly value: unknown;
    readonly script: string;
  }[];
  readonly contract_calls: readonly {
    readonly name: string;
    readonly contract: string;
    readonly method: string;
    readonly args: readonly unknown[];
    readonly flags: number;
    readonly then?: 'ASSERT';
    readonly script: string;
  }[];
  readonly syscall_args: readonly {
    readonly syscall: 'System.Crypto.CheckMultisig';
    readonly args_hex_wire: readonly string[];
    readonly script: string;
  }[];
}
const vectors = readNeoVectors('scriptbuilder.json') as Vectors | undefined;
const cryptolib = readNeoVectors('cryptolib.json') as
  | {
      readonly verifyWithECDsa: readonly {
        readonly curve_hash: number;
        readonly message_utf8: string;
        readonly public_key: string;
        readonly signature: string;
        readonly call_script: string;
      }[];
    }
  | undefined;

function bytesOf(hex: string): Uint8Array {
  const bytes = parseHex(hex);
  if (bytes === null) throw new Error(`not hexadecimal: ${hex}`);
  return bytes;
}
function parametersOf(json: readonly unknown[]): readonly ContractParameter[] {
  const parsed = parseContractParameters(json, '');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.failure));
  return parsed.value;
}
function push(argument: StackArgument): string {
  return encodeHex(new ScriptBuilder().push(argument).toBytes());
}
const integer = (value: bigint): StackArgument => ({ type: 'Integer', value });

describe('pushes', () => {
  it.skipIf(!vectors)('agree with neon-js and the virtual machine', () => {
    for (const { name, value, script } of vectors?.push ?? [])
      expect(parametersOf([value]).map(push), name).toEqual([script]);
  });

  it('take the narrowest operand on both sides of every width', () => {
    const edges: readonly (readonly [bits: number, below: string, above: string])[] = [
      [8, '00', '01'],
      [16, '01', '02'],
      [32, '02', '03'],
      [64, '03', '04'],
      [128, '04', '05'],
    ];
    for (const [bits, below, above] of edges) {
      const end = 1n << BigInt(bits - 1);
      for (const [value, opcode] of [
        [end - 1n, below],
        [-end, below],
        [end, above],
        [-end - 1n, above],
      ] as const)
        expect(push(integer(value)).slice(0, 2), String(value)).toBe(opcode);
    }
    expect(push(integer((1n << 127n) - 1n))).toBe(`04${'ff'.repeat(15)}7f`);
    expect(push(integer(1n << 127n))).toBe(`05${'00'.repeat(15)}80${'00'.repeat(16)}`);
    expect(push(integer(-(1n << 255n)))).toBe(`05${'00'.repeat(31)}80`);
    expect(push(integer((1n << 255n) - 1n))).toBe(`05${'ff'.repeat(31)}7f`);
  });

  it('assert on integers the machine cannot hold', () => {
    for (const value of [1n << 255n, -(1n << 255n) - 1n, 1n << 256n]) {
      expect(isVmInteger(value)).toBe(false);
      expect(() => push(integer(value))).toThrow('256 bits');
    }
  });

  it('put the length of bytes into one, two and four bytes', () => {
    const pushed = (length: number): string =>
      push({ type: 'ByteString', value: new Uint8Array(length) }).slice(0, 10);
    expect(pushed(0)).toBe('0c00');
    expect(pushed(255)).toBe('0cff000000');
    expect(pushed(256)).toBe('0d00010000');
    expect(pushed(65_535)).toBe('0dffff0000');
    expect(pushed(65_536)).toBe('0e00000100');
  });

  it('write collections last to first, nested and empty ones too', () => {
    const one = integer(1n);
    const empty: StackArgument = { type: 'Array', value: [] };
    const structure: StackArgument = { type: 'Struct', value: [] };
    const map: StackArgument = { type: 'Map', value: [] };
    expect(push({ type: 'Array', value: [empty, structure, map] })).toBe('c8c5c213c0');
    expect(push({ type: 'Struct', value: [one, { type: 'Boolean', value: true }] })).toBe(
      '081112bf',
    );
    expect(
      push({
        type: 'Map',
        value: [
          { key: one, value: integer(2n) },
          { key: integer(3n), value: { type: 'Array', value: [integer(4n)] } },
        ],
      }),
    ).toBe('1411c013121112be');
  });

  it('write hashes in wire order and keys as they are', () => {
    const wire = Uint8Array.from({ length: 32 }, (_, index) => index);
    expect(push({ type: 'Hash256', value: decodeHash256(wire) })).toBe(`0c20${encodeHex(wire)}`);
    expect(push({ type: 'Hash160', value: NATIVE_CONTRACTS.GasToken.hash })).toBe(
      '0c14cf76e28bd0062c4a478ee35561011319f3cfa4d2',
    );
  });

  it('assert on half a surrogate pair instead of writing another text', () => {
    expect(() => push({ type: 'String', value: 'a\ud800' })).toThrow('UTF-8');
  });
});

describe('instructions', () => {
  it('assert on operands of another size, and on bytes pushed past pushBytes', () => {
    const builder = new ScriptBuilder();
    expect(() => builder.opcode('JMP')).toThrow();
    expect(() => builder.opcode('RET', Uint8Array.of(0))).toThrow();
    expect(() => builder.opcode('PUSHDATA1', Uint8Array.of(0))).toThrow();
    expect(encodeHex(builder.opcode('JMP', Uint8Array.of(2)).toBytes())).toBe('2202');
  });
});

describe('calls', () => {
  it.skipIf(!vectors)('agree with neo-go and with transactions of the networks', () => {
    for (const vector of vectors?.contract_calls ?? []) {
      const contract = parseScriptHash(vector.contract);
      if (contract === null) throw new Error(vector.contract);
      const { method, flags, name } = vector;
      const args = parametersOf(vector.args);
      const result = vector.then === 'ASSERT' ? 'asserted' : 'kept';
      expect(encodeHex(encodeCalls([{ contract, method, args, flags, result }])), name).toBe(
        vector.script,
      );
    }
  });

  it.skipIf(!vectors)('of the node take their arguments from the stack', () => {
    for (const { syscall, args_hex_wire, script } of vectors?.syscall_args ?? []) {
      const builder = new ScriptBuilder();
      for (const argument of args_hex_wire.toReversed()) builder.pushBytes(bytesOf(argument));
      expect(encodeHex(builder.syscall(syscall).toBytes())).toBe(script);
    }
  });

  it.skipIf(!cryptolib)(
    'agree with those of CryptoLib, signature and key among the arguments',
    () => {
      for (const vector of cryptolib?.verifyWithECDsa ?? []) {
        const call = {
          contract: NATIVE_CONTRACTS.CryptoLib.hash,
          method: 'verifyWithECDsa',
          flags: CALL_FLAGS.All,
          result: 'kept',
          args: [
            { type: 'String', value: vector.message_utf8 },
            // Two of the four are of another curve, so not a key of Neo.
            { type: 'ByteArray', value: bytesOf(vector.public_key) },
            { type: 'Signature', value: bytesOf(vector.signature) },
            { type: 'Integer', value: BigInt(vector.curve_hash) },
          ],
        } as const;
        expect(encodeHex(encodeCalls([call]))).toBe(vector.call_script);
      }
    },
  );

  it('assert on flags that are none', () => {
    const call = { contract: NATIVE_CONTRACTS.GasToken.hash, method: 'symbol', args: [] };
    for (const flags of [-1, 16, 1.5, Number.NaN])
      expect(() => encodeCalls([{ ...call, flags, result: 'kept' }])).toThrow('call flags');
  });
});
