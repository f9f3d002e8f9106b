/**
 * NEF files (NEP-16, format 3): a contract's script, the calls it makes by token, and who compiled
 * it, under a checksum (first 4 bytes of SHA-256 twice). The checksum guards against damage only:
 * anybody can make one. Whether the script is well formed is not asked here (script-reader.ts).
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { assert } from '../../assert.ts';
import { type ByteReader, type Decoded, decodeWhole } from '../byte-reader.ts';
import { ByteWriter } from '../byte-writer.ts';
import { isCallFlags } from '../call-flags.ts';
import {
  decodeScriptHash,
  encodeScriptHash,
  SCRIPT_HASH_BYTES,
  type ScriptHash,
} from '../script-hash.ts';
import { LIMITS } from './limits.ts';

/** `NEF3`, little-endian. */
export const NEF_MAGIC = 0x33_46_45_4e;

/** A call that the script makes by its number (CALLT). */
export interface MethodToken {
  readonly contract: ScriptHash;
  /** Never one that begins with `_`: those are called by the chain alone. */
  readonly method: string;
  readonly parameterCount: number;
  readonly hasReturnValue: boolean;
  readonly callFlags: number;
}

export interface Nef {
  /** Name and version; at most 64 bytes and no zero byte. */
  readonly compiler: string;
  /** Where the source is; may be empty. */
  readonly source: string;
  readonly tokens: readonly MethodToken[];
  readonly script: Uint8Array;
}

/** Little-endian, as it stands in the file and in the hash of the contract. */
export function checksumOfNef(nef: Nef): number {
  const twice = sha256(sha256(encodeUnchecked(nef)));
  return new DataView(twice.buffer, twice.byteOffset).getUint32(0, true);
}

export function encodeNef(nef: Nef): Uint8Array<ArrayBuffer> {
  const fault = faultOfNef(nef);
  assert(fault === null, fault ?? '');
  return new ByteWriter().bytes(encodeUnchecked(nef)).u32(checksumOfNef(nef)).toBytes();
}

export const decodeNef = (bytes: Uint8Array): Decoded<Nef> =>
  decodeWhole(bytes, (reader) => {
    if (bytes.length > LIMITS.nefBytesMax.value) reader.refuse('longer than an item of the VM');
    if (reader.u32() !== NEF_MAGIC) reader.refuse('not a NEF file');
    const compiler = readCompiler(reader);
    const source = reader.varString(LIMITS.nefSourceBytesMax.value, 'source');
    if (reader.u8() !== 0) reader.refuse('the reserved byte is not zero');
    const tokens = reader.list(LIMITS.nefTokensMax.value, 'tokens', () => readToken(reader));
    if (reader.u16() !== 0) reader.refuse('the reserved bytes are not zero');
    const script = reader.varBytes(LIMITS.nefBytesMax.value, 'script');
    const nef = { compiler, source, tokens, script };
    const fault = faultOfNef(nef);
    if (fault !== null) reader.refuse(fault);
    if (reader.u32() !== checksumOfNef(nef)) reader.refuse('another checksum');
    return nef;
  });

/** Why no NEF file holds this; null when one does. */
export function faultOfNef(nef: Nef): string | null {
  const { compiler, source, tokens, script } = nef;
  if (!isCompiler(compiler)) return 'compiler: longer than 64 bytes, or with a zero byte';
  if (!isTextWithin(source, LIMITS.nefSourceBytesMax.value)) return 'source: too long';
  if (tokens.length > LIMITS.nefTokensMax.value) return 'tokens: too many';
  const wrong = tokens.findIndex((token) => !isToken(token));
  if (wrong >= 0) return `tokens: number ${String(wrong)} is none`;
  if (script.length === 0) return 'script: empty';
  if (script.length > LIMITS.nefBytesMax.value) return 'script: too long';
  // The checksum's own bytes count too.
  const length = encodeUnchecked(nef).length + 4;
  return length > LIMITS.nefBytesMax.value ? 'longer than an item of the VM' : null;
}

function isToken({ method, parameterCount, callFlags }: MethodToken): boolean {
  const isMethod =
    isTextWithin(method, LIMITS.nefTokenMethodBytesMax.value) && !method.startsWith('_');
  const isCount = Number.isInteger(parameterCount) && parameterCount >= 0;
  return isMethod && isCount && parameterCount <= 0xffff && isCallFlags(callFlags);
}

const isCompiler = (text: string): boolean =>
  isTextWithin(text, LIMITS.nefCompilerBytes.value) && !text.includes('\0');

const isTextWithin = (text: string, bytesMax: number): boolean =>
  text.isWellFormed() && utf8(text).length <= bytesMax;

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

function encodeUnchecked({ compiler, source, tokens, script }: Nef): Uint8Array<ArrayBuffer> {
  const padded = new Uint8Array(LIMITS.nefCompilerBytes.value);
  padded.set(utf8(compiler));
  const writer = new ByteWriter().u32(NEF_MAGIC).bytes(padded).varString(source).u8(0);
  writer.list(tokens, (token) => {
    writeToken(writer, token);
  });
  return writer.u16(0).varBytes(script).toBytes();
}

function writeToken(writer: ByteWriter, token: MethodToken): void {
  writer
    .bytes(encodeScriptHash(token.contract))
    .varString(token.method)
    .u16(token.parameterCount)
    .u8(token.hasReturnValue ? 1 : 0)
    .u8(token.callFlags);
}

function readToken(reader: ByteReader): MethodToken {
  const contract = decodeScriptHash(reader.bytes(SCRIPT_HASH_BYTES));
  const method = reader.varString(LIMITS.nefTokenMethodBytesMax.value, 'method');
  const parameterCount = reader.u16();
  const hasReturnValue = reader.u8();
  if (hasReturnValue > 1) reader.refuse('neither true nor false');
  const callFlags = reader.u8();
  return { contract, method, parameterCount, hasReturnValue: hasReturnValue === 1, callFlags };
}

/** Filled up with zero bytes; one within the text would be lost when it is written again. */
function readCompiler(reader: ByteReader): string {
  const field = reader.bytes(LIMITS.nefCompilerBytes.value);
  const text = field.subarray(0, field.findLastIndex((byte) => byte !== 0) + 1);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(text);
  } catch {
    return reader.refuse('compiler: not UTF-8');
  }
}
