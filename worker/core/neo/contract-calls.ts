/**
 * Scripts that are nothing but calls of contracts with literal arguments, the only scripts that can
 * be judged by looking at them: wallet policy, sponsorship and deposits read what a script does
 * from here. "Only pushes, calls and asserts" would not do, because what one call answers can be
 * the contract the next one calls. So every call is array(arguments), flags, method, contract,
 * System.Contract.Call, and at most one ASSERT or DROP; it takes nothing but what was pushed for
 * it; and the whole is written again and must be equal byte for byte.
 */
import { type ByteReader, type Decoded, decodeWhole } from './byte-reader.ts';
import { isCallFlags } from './call-flags.ts';
import { OPCODES } from './opcode.ts';
import { LiteralStack } from './script/literal-stack.ts';
import { ScriptBuilder } from './script-builder.ts';
import { decodeScriptHash, SCRIPT_HASH_BYTES, type ScriptHash } from './script-hash.ts';
import { isSyscall, readInstruction } from './script-reader.ts';
import type { ContractCall, StackLiteral } from './stack-argument.ts';
import { LIMITS } from './transaction/limits.ts';

const SCRIPT_BYTES_MAX = LIMITS.scriptBytesMax.value;

export type LiteralCall = ContractCall<StackLiteral>;

/** What the instruction right after a call does to its answer. */
const RESULTS: ReadonlyMap<number, ContractCall['result']> = new Map([
  [OPCODES.ASSERT, 'asserted'],
  [OPCODES.DROP, 'dropped'],
]);
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function encodeCalls(calls: readonly ContractCall[]): Uint8Array<ArrayBuffer> {
  const builder = new ScriptBuilder();
  for (const call of calls) builder.call(call);
  return builder.toBytes();
}

/** At least one call; anything else in the script, or another form of the same, is refused. */
export function decodeCalls(script: Uint8Array): Decoded<readonly LiteralCall[]> {
  if (script.length > SCRIPT_BYTES_MAX)
    return refused(SCRIPT_BYTES_MAX, `at most ${String(SCRIPT_BYTES_MAX)} bytes`);
  const decoded = decodeWhole(script, readCalls);
  if (!decoded.ok) return decoded;
  const again = encodeCalls(decoded.value);
  if (again.length === script.length && again.every((byte, index) => byte === script[index]))
    return decoded;
  const at = script.findIndex((byte, index) => byte !== again[index]);
  return refused(at === -1 ? script.length : at, 'these calls have another, canonical form');
}

const refused = (at: number, reason: string) => ({ ok: false, malformed: { at, reason } }) as const;

function readCalls(reader: ByteReader): readonly LiteralCall[] {
  const calls: LiteralCall[] = [];
  do {
    const call = readCall(reader);
    const result = reader.left > 0 ? RESULTS.get(reader.peek()) : undefined;
    if (result) reader.u8();
    calls.push(result ? { ...call, result } : call);
  } while (reader.left > 0);
  return calls;
}

/** A stack of its own for every call: none can take what another left or answered. */
function readCall(reader: ByteReader): LiteralCall {
  const stack = new LiteralStack(reader);
  let instruction = readInstruction(reader);
  for (; instruction.opcode !== 'SYSCALL'; instruction = readInstruction(reader))
    stack.apply(instruction);
  if (!isSyscall(instruction, 'System.Contract.Call'))
    reader.refuse('a system call other than System.Contract.Call');
  const contract = toContract(stack.pop()) ?? reader.refuse('the contract is no literal hash');
  const method = toMethod(stack.pop()) ?? reader.refuse('the method is no literal text');
  const flags = toFlags(stack.pop()) ?? reader.refuse('the flags are no literal flags');
  const args = stack.pop();
  if (args.type !== 'Array') return reader.refuse('the arguments are no literal array');
  if (!stack.isEmpty) reader.refuse('something lies under the call');
  return { contract, method, args: args.value, flags, result: 'kept' };
}

function toContract(literal: StackLiteral): ScriptHash | null {
  if (literal.type !== 'ByteString' || literal.value.length !== SCRIPT_HASH_BYTES) return null;
  return decodeScriptHash(literal.value);
}

function toMethod(literal: StackLiteral): string | null {
  if (literal.type !== 'ByteString') return null;
  try {
    return utf8.decode(literal.value);
  } catch {
    return null; // Not UTF-8: no contract has a method of that name.
  }
}

function toFlags(literal: StackLiteral): number | null {
  if (literal.type !== 'Integer') return null;
  const flags = Number(literal.value);
  return isCallFlags(flags) ? flags : null;
}
