/**
 * Contract parameters as JSON-RPC, wallets and our API write them: `{type, value}` with integers as
 * decimal text, bytes and signatures in base64, keys and hashes in hexadecimal. Whoever sends them
 * is told every wrong place by its pointer; what is accepted here can be pushed without a further
 * check. Stricter than a node: no other names of types, no missing values, no unknown fields, no
 * text that would be another text in UTF-8.
 */
import { base64 } from '@scure/base';
import { err, type FieldProblem, ok, type Result } from '../result.ts';
import { LIMITS } from './script/limits.ts';
import { findMapProblem } from './script/map-key.ts';
import { parseScalarParameter } from './script/scalar-parameter.ts';
import type { ContractParameter } from './stack-argument.ts';
import { LIMITS as VM_LIMITS } from './vm/limits.ts';

/** What `JSON.stringify` may be given. */
export interface ContractParameterJson {
  readonly type: ContractParameter['type'];
  readonly value: ParameterValueJson;
}
type ParameterValueJson =
  | null
  | boolean
  | string
  | readonly ContractParameterJson[]
  | readonly { readonly key: ContractParameterJson; readonly value: ContractParameterJson }[];

/** By type, what a value that is refused is not. */
const EXPECTED = {
  Any: 'must be null',
  Boolean: 'must be true or false',
  Integer: 'must be decimal digits of an integer of at most 256 bits, with its sign',
  ByteArray: 'must be base64',
  String: 'must be text that has a UTF-8 form',
  Hash160: 'must be 0x and 40 hexadecimal digits, or a Neo N3 address',
  Hash256: 'must be 0x and 64 hexadecimal digits',
  PublicKey: 'must be 66 hexadecimal digits of a compressed key',
  Signature: 'must be 64 bytes in base64',
  Array: 'must be an array of parameters',
  Map: 'must be an array of {key, value}',
} as const satisfies Record<ContractParameter['type'], string>;

/** The stack of the machine holds no more, nested ones included. */
const ITEMS_MAX = VM_LIMITS.stackDepthMax.value;
/** More problems than a person reads at once. */
const PROBLEMS_MAX = 20;
const FIELD_NAME_CHARACTERS_MAX = 64;

/** The arguments of a method. `pointer` is where `json` stands in the request. */
export function parseContractParameters(
  json: unknown,
  pointer: string,
): Result<readonly ContractParameter[], 'request.malformed'> {
  const parser = new ParameterParser();
  const parameters = parser.list(json, pointer, 0);
  return parser.problems.length === 0
    ? ok(parameters)
    : err('request.malformed', { fields: parser.problems });
}

export function toContractParameterJson(parameter: ContractParameter): ContractParameterJson {
  const { type } = parameter;
  switch (type) {
    case 'Integer':
      return { type, value: String(parameter.value) };
    case 'ByteArray':
    case 'Signature':
      return { type, value: base64.encode(parameter.value) };
    case 'Array':
      return { type, value: parameter.value.map(toContractParameterJson) };
    case 'Map': {
      const value = parameter.value.map((pair) => ({
        key: toContractParameterJson(pair.key),
        value: toContractParameterJson(pair.value),
      }));
      return { type, value };
    }
    default:
      return { type, value: parameter.value };
  }
}

/** Takes the place of what was refused, so that the rest is still looked at. */
const REFUSED: ContractParameter = { type: 'Any', value: null };

class ParameterParser {
  readonly problems: FieldProblem[] = [];
  #count = 0;

  list(json: unknown, pointer: string, depth: number): readonly ContractParameter[] {
    return this.#items(json, pointer).map((item, index) =>
      this.#parameter(item, `${pointer}/${String(index)}`, depth),
    );
  }

  #parameter(json: unknown, pointer: string, depth: number): ContractParameter {
    const fields = this.#fields(json, pointer, ['type', 'value']);
    if (fields === null) return REFUSED;
    const { type, value } = fields;
    if (!isParameterType(type))
      return this.#refuse(`${pointer}/type`, `must be one of ${Object.keys(EXPECTED).join(', ')}`);
    const valuePointer = `${pointer}/value`;
    if (type !== 'Array' && type !== 'Map')
      return parseScalarParameter(type, value) ?? this.#refuse(valuePointer, EXPECTED[type]);
    if (depth + 1 > LIMITS.argumentDepthMax.value)
      return this.#refuse(
        valuePointer,
        `lies deeper than ${String(LIMITS.argumentDepthMax.value)} arrays and maps`,
      );
    return type === 'Array'
      ? { type, value: this.list(value, valuePointer, depth + 1) }
      : this.#map(value, valuePointer, depth + 1);
  }

  #map(json: unknown, pointer: string, depth: number): ContractParameter {
    const pairs = this.#items(json, pointer).map((item, index) => {
      const place = `${pointer}/${String(index)}`;
      const fields = this.#fields(item, place, ['key', 'value']);
      if (fields === null) return null;
      return {
        key: this.#parameter(fields.key, `${place}/key`, depth),
        value: this.#parameter(fields.value, `${place}/value`, depth),
      };
    });
    if (this.problems.length > 0) return REFUSED;
    const value = pairs.filter((pair) => pair !== null);
    const problem = findMapProblem(value.map(({ key }) => key));
    if (problem) this.#refuse(`${pointer}/${String(problem.index)}/key`, problem.reason);
    return { type: 'Map', value };
  }

  #items(json: unknown, pointer: string): readonly unknown[] {
    if (!Array.isArray(json)) {
      this.#refuse(pointer, 'must be an array');
      return [];
    }
    this.#count += json.length;
    if (this.#count <= ITEMS_MAX) return json;
    this.#refuse(pointer, `holds more than ${String(ITEMS_MAX)} in all`);
    return [];
  }

  /** Null, with the problem noted, for what is no object or has other fields. */
  #fields(
    json: unknown,
    pointer: string,
    names: readonly string[],
  ): Readonly<Record<string, unknown>> | null {
    if (typeof json !== 'object' || json === null || Array.isArray(json)) {
      this.#refuse(pointer, `must be an object of ${names.join(' and ')}`);
      return null;
    }
    const unknown = Object.keys(json).find((name) => !names.includes(name));
    if (unknown !== undefined) {
      this.#refuse(`${pointer}/${escapePointer(unknown)}`, 'is no field of this object');
      return null;
    }
    return Object.fromEntries(Object.entries(json));
  }

  #refuse(pointer: string, detail: string): ContractParameter {
    if (this.problems.length < PROBLEMS_MAX) this.problems.push({ pointer, detail });
    return REFUSED;
  }
}

/** RFC 6901, section 3; an unknown field is the sender's text and may be of any length. */
const escapePointer = (name: string): string =>
  name.slice(0, FIELD_NAME_CHARACTERS_MAX).replaceAll('~', '~0').replaceAll('/', '~1');

const isParameterType = (type: unknown): type is ContractParameter['type'] =>
  typeof type === 'string' && Object.hasOwn(EXPECTED, type);
