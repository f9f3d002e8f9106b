/**
 * Writes scripts for the Neo N3 virtual machine, in the one form this project holds to: integers in
 * the narrowest operand, 16 as PUSH16, empty collections as NEWARRAY0, NEWSTRUCT0 and NEWMAP, as
 * the C# node and neon-js do (neo-go writes 16 as PUSHINT8, which runs the same but hashes
 * otherwise). Values out of range assert: what a user sent has been through
 * contract-parameter.ts. How long a script may be is the transaction's rule.
 */
import { assert, assertNever } from '../assert.ts';
import { ByteWriter } from './byte-writer.ts';
import { isCallFlags } from './call-flags.ts';
import { encodeHash256, type Hash256 } from './hash256.ts';
import { OPCODES, type OpcodeName, opcodeFormOf } from './opcode.ts';
import { encodePublicKey, type PublicKey } from './public-key.ts';
import { encodeScriptHash, type ScriptHash } from './script-hash.ts';
import type { ContractCall, StackArgument } from './stack-argument.ts';
import { encodeSyscall, type SyscallName } from './syscall.ts';

const utf8 = new TextEncoder();
const NOTHING = new Uint8Array(0);
const INTEGER_BITS = 256;
const SMALLEST_IN_OPCODE = -1n;
const LARGEST_IN_OPCODE = 16n;

type MapPairs = Extract<StackArgument, { type: 'Map' }>['value'];

/** Whether the machine can hold the integer. */
export const isVmInteger = (value: bigint): boolean => BigInt.asIntN(INTEGER_BITS, value) === value;

export class ScriptBuilder {
  readonly #writer = new ByteWriter();

  /** One instruction; its operand must have the size the instruction asks for. */
  opcode(name: OpcodeName, operand: Uint8Array = NOTHING): this {
    const form = opcodeFormOf(OPCODES[name]);
    assert(form?.lengthBytes === 0, 'bytes are pushed by pushBytes');
    assert(form.operandBytes === operand.length, 'an operand of its size');
    this.#writer.u8(OPCODES[name]).bytes(operand);
    return this;
  }

  pushNull(): this {
    this.#writer.u8(OPCODES.PUSHNULL);
    return this;
  }

  pushBoolean(value: boolean): this {
    this.#writer.u8(value ? OPCODES.PUSHT : OPCODES.PUSHF);
    return this;
  }

  pushInteger(value: bigint): this {
    const writer = this.#writer;
    if (value >= SMALLEST_IN_OPCODE && value <= LARGEST_IN_OPCODE)
      writer.u8(OPCODES.PUSH0 + Number(value));
    else if (BigInt.asIntN(8, value) === value)
      writer.u8(OPCODES.PUSHINT8).u8(Number(BigInt.asUintN(8, value)));
    else if (BigInt.asIntN(16, value) === value)
      writer.u8(OPCODES.PUSHINT16).u16(Number(BigInt.asUintN(16, value)));
    else if (BigInt.asIntN(32, value) === value)
      writer.u8(OPCODES.PUSHINT32).u32(Number(BigInt.asUintN(32, value)));
    else if (BigInt.asIntN(64, value) === value) writer.u8(OPCODES.PUSHINT64).i64(value);
    else this.#pushWide(value);
    return this;
  }

  pushBytes(bytes: Uint8Array): this {
    const { length } = bytes;
    if (length <= 0xff) this.#writer.u8(OPCODES.PUSHDATA1).u8(length);
    else if (length <= 0xffff) this.#writer.u8(OPCODES.PUSHDATA2).u16(length);
    else this.#writer.u8(OPCODES.PUSHDATA4).u32(length);
    this.#writer.bytes(bytes);
    return this;
  }

  /** UTF-8. Half a surrogate pair has none and would silently become another text. */
  pushString(text: string): this {
    assert(text.isWellFormed(), 'a text that has a UTF-8 form');
    return this.pushBytes(utf8.encode(text));
  }

  pushHash160(hash: ScriptHash): this {
    return this.pushBytes(encodeScriptHash(hash));
  }

  pushHash256(hash: Hash256): this {
    return this.pushBytes(encodeHash256(hash));
  }

  pushPublicKey(key: PublicKey): this {
    return this.pushBytes(encodePublicKey(key));
  }

  pushArray(items: readonly StackArgument[]): this {
    if (items.length === 0) return this.opcode('NEWARRAY0');
    return this.#pushItems(items).opcode('PACK');
  }

  pushStruct(items: readonly StackArgument[]): this {
    if (items.length === 0) return this.opcode('NEWSTRUCT0');
    return this.#pushItems(items).opcode('PACKSTRUCT');
  }

  pushMap(pairs: MapPairs): this {
    if (pairs.length === 0) return this.opcode('NEWMAP');
    for (const { key, value } of pairs.toReversed()) this.push(value).push(key);
    return this.pushInteger(BigInt(pairs.length)).opcode('PACKMAP');
  }

  push(argument: StackArgument): this {
    switch (argument.type) {
      case 'Any':
        return this.pushNull();
      case 'Boolean':
        return this.pushBoolean(argument.value);
      case 'Integer':
        return this.pushInteger(argument.value);
      case 'ByteArray':
      case 'ByteString':
      case 'Signature':
        return this.pushBytes(argument.value);
      case 'String':
        return this.pushString(argument.value);
      case 'Hash160':
        return this.pushHash160(argument.value);
      case 'Hash256':
        return this.pushHash256(argument.value);
      case 'PublicKey':
        return this.pushPublicKey(argument.value);
      case 'Array':
        return this.pushArray(argument.value);
      case 'Struct':
        return this.pushStruct(argument.value);
      case 'Map':
        return this.pushMap(argument.value);
      default:
        return assertNever(argument);
    }
  }

  syscall(name: SyscallName): this {
    this.#writer.u8(OPCODES.SYSCALL).bytes(encodeSyscall(name));
    return this;
  }

  call({ contract, method, args, flags, result }: ContractCall): this {
    assert(isCallFlags(flags), 'call flags');
    this.pushArray(args).pushInteger(BigInt(flags)).pushString(method).pushHash160(contract);
    this.syscall('System.Contract.Call');
    if (result === 'kept') return this;
    return this.opcode(result === 'asserted' ? 'ASSERT' : 'DROP');
  }

  toBytes(): Uint8Array<ArrayBuffer> {
    return this.#writer.toBytes();
  }

  /** Last to first, so that the first one lies on top when they are packed. */
  #pushItems(items: readonly StackArgument[]): this {
    for (let index = items.length - 1; index >= 0; index -= 1) {
      const item = items[index];
      assert(item, 'an item at its index');
      this.push(item);
    }
    return this.pushInteger(BigInt(items.length));
  }

  #pushWide(value: bigint): void {
    assert(isVmInteger(value), 'an integer of the machine, 256 bits with the sign');
    const words = BigInt.asIntN(128, value) === value ? 2 : 4;
    this.#writer.u8(words === 2 ? OPCODES.PUSHINT128 : OPCODES.PUSHINT256);
    for (let word = 0; word < words; word += 1)
      this.#writer.u64(BigInt.asUintN(64, value >> BigInt(64 * word)));
  }
}
