/**
 * The two scripts behind ordinary accounts: one key, or m of n keys. Writing is strict, since
 * another order of the keys or another form of a count is another address: keys stand by point
 * order, each once, and at most 15 of them. Reading takes what others may have made: up to what a
 * verification script can hold, in any order, but never a key twice, because such an account needs
 * fewer people than it says.
 */
import { err, ok, type Result } from '../result.ts';
import { type ByteReader, decodeWhole } from './byte-reader.ts';
import { comparePublicKeys, decodePublicKey, type PublicKey } from './public-key.ts';
import { LIMITS } from './script/limits.ts';
import { ScriptBuilder } from './script-builder.ts';
import { type ScriptHash, scriptHashOf } from './script-hash.ts';
import { type Instruction, integerOf, isSyscall, readInstruction } from './script-reader.ts';
import type { SyscallName } from './syscall.ts';
import { LIMITS as TRANSACTION_LIMITS } from './transaction/limits.ts';

/** More would have two addresses, and money on the one is not seen at the other. */
const MULTISIG_KEYS_MAX = LIMITS.multisigKeysMax.value;

export interface Multisig {
  /** Signatures needed, m. */
  readonly threshold: number;
  /** In the order of the script, which is the order of the signatures too. */
  readonly publicKeys: readonly PublicKey[];
}

export const encodeSignatureScript = (key: PublicKey): Uint8Array =>
  new ScriptBuilder().pushPublicKey(key).syscall('System.Crypto.CheckSig').toBytes();

/** The account of one key. */
export const accountOf = (key: PublicKey): ScriptHash => scriptHashOf(encodeSignatureScript(key));

/** Of any order of the keys, which may come from a user. */
export function encodeMultisigScript({
  threshold,
  publicKeys,
}: Multisig): Result<Uint8Array, 'request.malformed'> {
  const count = publicKeys.length;
  if (count < 1 || count > MULTISIG_KEYS_MAX)
    return refuse(
      '/publicKeys',
      `must be 1 to ${String(MULTISIG_KEYS_MAX)} keys: 16 have two addresses, which depend on the` +
        ' software',
    );
  if (new Set(publicKeys).size !== count)
    return refuse('/publicKeys', 'must be different keys: one key counts as one person');
  if (!Number.isInteger(threshold) || threshold < 1 || threshold > count)
    return refuse('/threshold', 'must be at least 1 and at most the number of keys');
  const script = new ScriptBuilder().pushInteger(BigInt(threshold));
  for (const key of publicKeys.toSorted(comparePublicKeys)) script.pushPublicKey(key);
  return ok(script.pushInteger(BigInt(count)).syscall('System.Crypto.CheckMultisig').toBytes());
}

/** Null when the script is not that of an account of one key. */
export function decodeSignatureScript(script: Uint8Array): PublicKey | null {
  return decodeOrNull(script, (reader) => {
    const key = readKey(reader, readInstruction(reader));
    readSyscall(reader, 'System.Crypto.CheckSig');
    return key;
  });
}

/** Null when the script is not that of an account of several keys. */
export function decodeMultisigScript(script: Uint8Array): Multisig | null {
  return decodeOrNull(script, (reader) => {
    const threshold = readCount(reader, readInstruction(reader));
    const publicKeys: PublicKey[] = [];
    let next = readInstruction(reader);
    for (; next.opcode === 'PUSHDATA1'; next = readInstruction(reader))
      publicKeys.push(readKey(reader, next));
    if (readCount(reader, next) !== publicKeys.length) reader.refuse('another number of keys');
    if (threshold > publicKeys.length) reader.refuse('more signatures than keys');
    if (new Set(publicKeys).size !== publicKeys.length) reader.refuse('a key twice');
    readSyscall(reader, 'System.Crypto.CheckMultisig');
    return { threshold, publicKeys };
  });
}

function decodeOrNull<Value>(
  script: Uint8Array,
  read: (reader: ByteReader) => Value,
): Value | null {
  if (script.length > TRANSACTION_LIMITS.witnessScriptBytesMax.value) return null;
  const decoded = decodeWhole(script, read);
  return decoded.ok ? decoded.value : null;
}

function readKey(reader: ByteReader, { opcode, operand }: Instruction): PublicKey {
  const key = opcode === 'PUSHDATA1' ? decodePublicKey(operand) : null;
  return key ?? reader.refuse('not a public key');
}

/** In the narrowest form, or as neo-go writes 16. */
function readCount(reader: ByteReader, instruction: Instruction): number {
  const count = integerOf(instruction);
  if (count === null || count < 1n || count > 0x7fn) return reader.refuse('not a count');
  const isNarrow =
    instruction.opcode === 'PUSHINT8' ? count >= 16n : instruction.operand.length === 0;
  return isNarrow ? Number(count) : reader.refuse('a count in a wide form');
}

function readSyscall(reader: ByteReader, name: SyscallName): void {
  if (!isSyscall(readInstruction(reader), name)) reader.refuse(`not ${name}`);
}

const refuse = (pointer: string, detail: string) =>
  err('request.malformed', { fields: [{ pointer, detail }] });
