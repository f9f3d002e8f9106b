/**
 * Neo's JSON, reading side: what a node answers and what a compiler wrote. The value may come from
 * anybody: it is taken apart field by field, and every refusal ends at `parseWhole` as a value that
 * names the place (RFC 6901) and the reason. As with bytes (byte-reader.ts), `refuse` is thrown
 * only between a reading function and that door. Fields that nobody reads are passed over, as
 * neo-go and the C# node do; nodes add some with every version.
 */
import { base64 } from '@scure/base';

export interface Misshapen {
  /** JSON Pointer to the value that was refused; empty for the whole. */
  readonly pointer: string;
  readonly reason: string;
}

export type Parsed<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly misshapen: Misshapen };

class MisshapenError extends Error {
  override readonly name = 'MisshapenError';
  readonly pointer: string;

  constructor(pointer: string, reason: string) {
    super(reason);
    this.pointer = pointer;
  }
}

/** Reads one value; what it is read as decides what is refused. */
export function parseWhole<Value>(
  json: unknown,
  read: (reader: JsonReader) => Value,
): Parsed<Value> {
  try {
    return { ok: true, value: read(new JsonReader(json)) };
  } catch (thrown) {
    if (!(thrown instanceof MisshapenError)) throw thrown;
    return { ok: false, misshapen: { pointer: thrown.pointer, reason: thrown.message } };
  }
}

export class JsonReader {
  readonly #value: unknown;
  readonly #parent: JsonReader | null;
  readonly #token: string | number;

  /** `token` is the field or the index within `parent`; the whole has no parent. */
  constructor(value: unknown, parent: JsonReader | null = null, token: string | number = '') {
    this.#value = value;
    this.#parent = parent;
    this.#token = token;
  }

  /** Put together only when something is refused: most values are never named. */
  get pointer(): string {
    if (this.#parent === null) return '';
    const token = String(this.#token).replaceAll('~', '~0').replaceAll('/', '~1');
    return `${this.#parent.pointer}/${token}`;
  }

  /** Ends the reading; `reason` is for the one who sent the value. */
  refuse(reason: string): never {
    throw new MisshapenError(this.pointer, reason);
  }

  /** The value itself, unread. */
  get raw(): unknown {
    return this.#value;
  }

  get isNull(): boolean {
    return this.#value === null;
  }

  get isText(): boolean {
    return typeof this.#value === 'string';
  }

  text(charsMax: number): string {
    const value = this.#value;
    if (typeof value !== 'string') return this.refuse('not a string');
    if (value.length > charsMax) this.refuse(`longer than ${String(charsMax)} characters`);
    // Half a surrogate pair has no UTF-8 form: written again it would be another text.
    if (!value.isWellFormed()) this.refuse('not Unicode text');
    return value;
  }

  boolean(): boolean {
    return typeof this.#value === 'boolean' ? this.#value : this.refuse('neither true nor false');
  }

  /** A JSON number; amounts and other wide integers are strings (`decimal`). */
  integer(min: number, max: number): number {
    const value = this.#value;
    if (typeof value !== 'number' || !Number.isInteger(value)) return this.refuse('not an integer');
    if (value < min || value > max) this.refuse(`not between ${String(min)} and ${String(max)}`);
    return value;
  }

  /** An integer written as a decimal string in its one form. */
  decimal(min: bigint, max: bigint): bigint {
    const text = this.text(DECIMAL_CHARACTERS);
    if (!/^(0|-?[1-9][0-9]*)$/.test(text)) this.refuse('not a decimal integer');
    const value = BigInt(text);
    if (value < min || value > max) this.refuse('out of range');
    return value;
  }

  /** Base64 in its one form (RFC 4648, section 4, with padding). */
  bytes(bytesMax: number): Uint8Array {
    const text = this.text(4 * Math.ceil(bytesMax / 3));
    try {
      return base64.decode(text);
    } catch {
      // The library throws for what is no base64: the sender's mistake.
      return this.refuse('not base64');
    }
  }

  /** A text that `parse` understands. */
  parsed<Value>(parse: (text: string) => Value | null, what: string): Value {
    return parse(this.text(PARSED_CHARACTERS)) ?? this.refuse(`not ${what}`);
  }

  choice<Choice extends string>(choices: readonly Choice[]): Choice {
    const text = this.text(PARSED_CHARACTERS);
    return choices.find((choice) => choice === text) ?? this.refuse('none of the known names');
  }

  list<Item>(max: number, read: (item: JsonReader) => Item): Item[] {
    const value = this.#value;
    if (!Array.isArray(value)) return this.refuse('not a list');
    if (value.length > max) this.refuse(`more than ${String(max)} items`);
    return Array.from(value, (item: unknown, index) => read(new JsonReader(item, this, index)));
  }

  /** The fields of an object with free names, in the order of the object. */
  entries(max: number): readonly (readonly [string, JsonReader])[] {
    const fields = Object.entries(this.#object());
    if (fields.length > max) this.refuse(`more than ${String(max)} fields`);
    return fields.map(([name, value]) => [name, this.#child(name, value)]);
  }

  field(name: string): JsonReader {
    const value = this.#get(name);
    return value === undefined ? this.refuse(`${name} is missing`) : this.#child(name, value);
  }

  /** Null when the field is absent; a `null` that is present is read as a value. */
  optional(name: string): JsonReader | null {
    const value = this.#get(name);
    return value === undefined ? null : this.#child(name, value);
  }

  /** Own fields only: `constructor` and the like are never found in the prototype. */
  #get(name: string): unknown {
    const fields = this.#object();
    return Object.hasOwn(fields, name) ? fields[name] : undefined;
  }

  #object(): Readonly<Record<string, unknown>> {
    const value = this.#value;
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return this.refuse('not an object');
    // An object of unknown fields is all that has been established, and all that is said.
    return value as Readonly<Record<string, unknown>>;
  }

  #child(name: string, value: unknown): JsonReader {
    return new JsonReader(value, this, name);
  }
}

/** Sign and 78 digits: a 256-bit integer and no more, since BigInt() is quadratic in the digits. */
const DECIMAL_CHARACTERS = 79;
/** No name, hash, key or address of Neo is longer. */
const PARSED_CHARACTERS = 200;
