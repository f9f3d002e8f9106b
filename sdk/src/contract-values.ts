/**
 * Values between a program and a contract: what a typed client that was generated from a manifest
 * passes and is answered. Arguments get the type that the manifest declares. Answers are read
 * strictly by that type: a contract that answers something else is noticed, not converted, but for
 * what contracts of every compiler do, which is to leave an integer as its bytes and a truth as an
 * integer. Where the machine has a null, null is one.
 */
import { clientError } from './errors.ts';

/** An argument as the API takes it; integers in decimal digits, bytes in base64. */
export type ContractParameter =
  | { readonly type: 'Any'; readonly value: null }
  | { readonly type: 'Boolean'; readonly value: boolean }
  | { readonly type: TextType; readonly value: string }
  | { readonly type: 'Array'; readonly value: readonly ContractParameter[] }
  | { readonly type: 'Map'; readonly value: readonly ContractParameterPair[] };

export interface ContractParameterPair {
  readonly key: ContractParameter;
  readonly value: ContractParameter;
}

type TextType =
  | 'Integer'
  | 'ByteArray'
  | 'String'
  | 'Hash160'
  | 'Hash256'
  | 'PublicKey'
  | 'Signature';

/** A value of the machine as JSON-RPC writes it: `{ type: 'Integer', value: '7' }`. */
export type StackItem = Readonly<Record<string, unknown>>;

const NOTHING: ContractParameter = { type: 'Any', value: null };

const textOf =
  (type: TextType) =>
  (value: string | null): ContractParameter =>
    value === null ? NOTHING : { type, value };
const bytesOf =
  (type: TextType) =>
  (value: Uint8Array | null): ContractParameter =>
    value === null ? NOTHING : { type, value: encodeBase64(value) };
const asGiven = (value: ContractParameter | null): ContractParameter => value ?? NOTHING;

/** By the type a manifest declares for a parameter. */
export const contractArgument = {
  Boolean: (value: boolean): ContractParameter => ({ type: 'Boolean', value }),
  Integer: (value: bigint): ContractParameter => ({ type: 'Integer', value: value.toString() }),
  String: textOf('String'),
  /** An address, or a hash with `0x`. */
  Hash160: textOf('Hash160'),
  Hash256: textOf('Hash256'),
  /** 66 hexadecimal digits. */
  PublicKey: textOf('PublicKey'),
  ByteArray: bytesOf('ByteArray'),
  Signature: bytesOf('Signature'),
  Any: asGiven,
  Array: asGiven,
  Map: asGiven,
  InteropInterface: asGiven,
} as const;

const readBytes = (item: StackItem): Uint8Array | null =>
  isNull(item) ? null : (bytesIn(item) ?? refuse(item, 'bytes'));

/** By the type a manifest declares for an answer. */
export const contractValue = {
  Void: (): undefined => undefined,
  Boolean: readBoolean,
  Integer: readInteger,
  String: readText,
  /** With `0x`, as explorers show it. */
  Hash160: (item: StackItem): string | null => readHash(item, 20),
  Hash256: (item: StackItem): string | null => readHash(item, 32),
  PublicKey: readPublicKey,
  ByteArray: readBytes,
  Signature: readBytes,
  Any: (item: StackItem): StackItem => item,
  Array: (item: StackItem): StackItem => item,
  Map: (item: StackItem): StackItem => item,
  InteropInterface: (item: StackItem): StackItem => item,
} as const;

function readBoolean(item: StackItem): boolean {
  if (item.type === 'Boolean' && typeof item.value === 'boolean') return item.value;
  return readInteger(item) !== 0n;
}

function readInteger(item: StackItem): bigint {
  if (item.type === 'Integer' && typeof item.value === 'string' && DECIMAL.test(item.value))
    return BigInt(item.value);
  const bytes = bytesIn(item);
  return bytes !== null && bytes.length <= INTEGER_BYTES
    ? decodeInteger(bytes)
    : refuse(item, 'an integer');
}
/** Converting is quadratic in the digits; the machine has integers of 256 bits. */
const DECIMAL = /^-?[0-9]{1,78}$/;
const INTEGER_BYTES = 32;

/** Two's complement, the lowest byte first. */
function decodeInteger(bytes: Uint8Array): bigint {
  const value = bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return BigInt.asIntN(8 * bytes.length, value);
}

function readText(item: StackItem): string | null {
  const bytes = readBytes(item);
  try {
    return bytes && new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return refuse(item, 'UTF-8');
  }
}

function readHash(item: StackItem, length: number): string | null {
  const bytes = readBytes(item);
  if (bytes === null) return null;
  return bytes.length === length
    ? `0x${toHex(bytes.toReversed())}`
    : refuse(item, `a hash of ${String(length)} bytes`);
}

function readPublicKey(item: StackItem): string | null {
  const bytes = readBytes(item);
  if (bytes === null) return null;
  return bytes.length === 33 ? toHex(bytes) : refuse(item, 'a public key');
}

const isNull = (item: StackItem): boolean => item.type === 'Any';

function bytesIn({ type, value }: StackItem): Uint8Array | null {
  const isBytes = type === 'ByteString' || type === 'Buffer';
  if (!isBytes || typeof value !== 'string') return null;
  try {
    return Uint8Array.from(atob(value), (character) => character.charCodeAt(0));
  } catch {
    return null; // The only thing `atob` throws for is what is no base64.
  }
}

/** Not what it answered: that is a stranger's, and of any length. */
function refuse({ type }: StackItem, wanted: string): never {
  const given = typeof type === 'string' && /^[A-Za-z]{1,20}$/.test(type) ? type : 'something';
  throw clientError('client.contract_answer', `The contract answered ${given}, not ${wanted}.`);
}

const toHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

const encodeBase64 = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
