/**
 * Replaces secret values by `[secret:NAME]` in whatever is stored for reading, shown, logged or
 * hashed. Values of 8 bytes or more are found in strings and keys, in plain form and in the forms
 * they take when code puts them into JSON text or a URL; longest first, so that a secret inside
 * another never leaves the rest of it behind. Shorter values are left alone: replacing them would
 * tear ordinary text apart. It does not find values that code has transformed.
 */
import type { JsonValue } from './json-text.ts';

export interface Secret {
  readonly name: string;
  readonly value: string;
}

const SECRET_BYTES_MIN = 8;

export interface Redactor {
  readonly text: (text: string) => string;
  /** For bytes that the platform itself turns into text, such as base64, before they are kept. */
  readonly bytes: (bytes: Uint8Array) => Uint8Array;
  readonly json: <Value extends JsonValue>(value: Value) => Value;
}

export function createRedactor(secrets: readonly Secret[]): Redactor {
  const forms = secrets
    .filter(({ value }) => new TextEncoder().encode(value).length >= SECRET_BYTES_MIN)
    .flatMap(({ name, value }) =>
      spellings(value).map((spelling) => ({ spelling, mark: `[secret:${name}]` })),
    )
    .toSorted((one, other) => other.spelling.length - one.spelling.length);
  const text = (original: string): string => redactText(original, forms);
  let binary: readonly Form[] | undefined;
  const bytes = (original: Uint8Array): Uint8Array => {
    if (forms.length === 0) return original;
    binary ??= forms.map(({ spelling, mark }) => ({
      spelling: binaryOf(spelling),
      mark: binaryOf(mark),
    }));
    return redactBytes(original, binary);
  };
  const json = (value: JsonValue): JsonValue => redactJson(value, text);
  // Redaction changes strings into strings and keeps every shape.
  return { text, bytes, json: json as Redactor['json'] };
}

interface Form {
  readonly spelling: string;
  readonly mark: string;
}

function spellings(value: string): readonly string[] {
  const inJson = JSON.stringify(value).slice(1, -1);
  const inJsonTwice = JSON.stringify(inJson).slice(1, -1);
  const inUrl = value.isWellFormed() ? encodeURIComponent(value) : value;
  return [...new Set([value, inJson, inJsonTwice, inUrl])];
}

/**
 * One pass from left to right: a mark is never searched again, so a secret that spells `secret:`
 * harms nothing.
 */
function redactText(original: string, forms: readonly Form[]): string {
  if (!forms.some(({ spelling }) => original.includes(spelling))) return original;
  let redacted = '';
  for (let at = 0; at < original.length; ) {
    const found = forms.find(({ spelling }) => original.startsWith(spelling, at));
    redacted += found?.mark ?? original.charAt(at);
    at += found?.spelling.length ?? 1;
  }
  return redacted;
}

function redactBytes(original: Uint8Array, forms: readonly Form[]): Uint8Array {
  const text = toBinary(original);
  const redacted = redactText(text, forms);
  return redacted === text ? original : Uint8Array.from(redacted, (char) => char.charCodeAt(0));
}

/** One character for each byte, so that bytes that are no text are searched as well. */
const toBinary = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');

const binaryOf = (text: string): string => toBinary(new TextEncoder().encode(text));

function redactJson(value: JsonValue, text: (original: string) => string): JsonValue {
  if (typeof value === 'string') return text(value);
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((part: JsonValue) => redactJson(part, text));
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [text(key), redactJson(part, text)]),
  );
}
