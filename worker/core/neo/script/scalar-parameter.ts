/**
 * Values of contract parameters that hold no others, from JSON: each in one form, or refused. No
 * value is guessed from another type's form and no text is read before its length is known.
 */
import { base64 } from '@scure/base';
import { assertNever } from '../../assert.ts';
import { parseAddress } from '../address.ts';
import { parseHash256 } from '../hash256.ts';
import { parsePublicKey } from '../public-key.ts';
import { isVmInteger } from '../script-builder.ts';
import { parseScriptHash } from '../script-hash.ts';
import { SIGNATURE_BYTES } from '../signature.ts';
import type { ContractParameter } from '../stack-argument.ts';
import { LIMITS } from '../transaction/limits.ts';

/** Base64 of more than a whole script holds. */
const TEXT_CHARACTERS_MAX = 4 * Math.ceil(LIMITS.scriptBytesMax.value / 3);
/** Converting is quadratic in the digits; 2^255 has 77 of them. */
const DECIMAL = /^(0|-?[1-9][0-9]{0,77})$/;

export type ScalarType = Exclude<ContractParameter['type'], 'Array' | 'Map'>;

/** Null when the value is not of its type. */
export function parseScalarParameter(type: ScalarType, value: unknown): ContractParameter | null {
  if (type === 'Any') return value === null || value === undefined ? { type, value: null } : null;
  if (type === 'Boolean') return typeof value === 'boolean' ? { type, value } : null;
  if (type === 'Integer') return withValue(type, parseInteger(value));
  return typeof value === 'string' && value.length <= TEXT_CHARACTERS_MAX
    ? parseText(type, value)
    : null;
}

type TextType = Exclude<ScalarType, 'Any' | 'Boolean' | 'Integer'>;

function parseText(type: TextType, text: string): ContractParameter | null {
  switch (type) {
    case 'String':
      return text.isWellFormed() ? { type, value: text } : null;
    case 'ByteArray':
      return withValue(type, parseBase64(text));
    case 'Signature': {
      const bytes = parseBase64(text);
      return bytes?.length === SIGNATURE_BYTES ? { type, value: bytes } : null;
    }
    case 'Hash160':
      return withValue(type, parseScriptHash(text) ?? parseAddress(text));
    case 'Hash256':
      return withValue(type, parseHash256(text));
    case 'PublicKey':
      return withValue(type, parsePublicKey(text));
    default:
      return assertNever(type);
  }
}

const withValue = <Type, Value>(type: Type, value: Value | null) =>
  value === null ? null : { type, value };

/** Decimal text, or a JSON number that is still the one that was written. */
function parseInteger(value: unknown): bigint | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : null;
  if (typeof value !== 'string' || !DECIMAL.test(value)) return null;
  const integer = BigInt(value);
  return isVmInteger(integer) ? integer : null;
}

function parseBase64(text: string): Uint8Array | null {
  try {
    return base64.decode(text);
  } catch {
    return null; // The only error of a decoder is: not of this alphabet.
  }
}
