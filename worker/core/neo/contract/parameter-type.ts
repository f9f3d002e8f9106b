/**
 * Types of parameters and answers (NEP-15), and what NEP-25 adds to them: element types, lengths,
 * iterators, named structures. Generators of typed clients read these; the chain passes the
 * additions over, so a deployed contract may have wrong ones, and they are refused here instead of
 * misleading a generator.
 */
import type { JsonReader } from '../json-reader.ts';
import { LIMITS } from './limits.ts';

const VALUE_TYPES = [
  'Any',
  'Boolean',
  'Integer',
  'ByteArray',
  'String',
  'Hash160',
  'Hash256',
  'PublicKey',
  'Signature',
  'Array',
  'Map',
  'InteropInterface',
] as const;
export type ValueType = (typeof VALUE_TYPES)[number];
export type ReturnType = ValueType | 'Void';

const KEY_TYPES = [
  'Signature',
  'Boolean',
  'Integer',
  'Hash160',
  'Hash256',
  'ByteArray',
  'PublicKey',
  'String',
] as const satisfies readonly ValueType[];

export interface Parameter {
  readonly name: string;
  readonly type: ValueType;
  readonly extendedType?: DetailedType;
}

/** `ExtendedType` of NEP-25. */
export interface DetailedType {
  readonly type: ReturnType;
  /** Name of a structure in the ABI's `namedTypes`. */
  readonly namedType?: string;
  /** In bytes, or in elements of an array; 0 is without bound. */
  readonly length?: number;
  readonly forbidNull?: boolean;
  readonly interface?: 'IIterator';
  readonly key?: (typeof KEY_TYPES)[number];
  /** Type of an array's elements, of a map's or of an iterator's values. */
  readonly value?: DetailedType;
  /** Fields of a structure; only where `namedTypes` defines it. */
  readonly fields?: readonly Parameter[];
}

/** The base types that a field of DetailedType is for. */
const USED_WITH: Readonly<Record<string, readonly ReturnType[]>> = {
  namedtype: ['Array'],
  length: ['Integer', 'ByteArray', 'String', 'Array'],
  forbidnull: ['Hash160', 'Hash256', 'ByteArray', 'String', 'Array', 'Map', 'InteropInterface'],
  interface: ['InteropInterface'],
  key: ['Map'],
  value: ['Array', 'InteropInterface', 'Map'],
  fields: ['Array'],
};

/** At most what the VM holds in one item, or on its stack. */
const LENGTH_MAX = LIMITS.nefBytesMax.value;

const readValueType = (reader: JsonReader): ValueType => reader.choice(VALUE_TYPES);

export const readReturnType = (reader: JsonReader): ReturnType =>
  reader.choice([...VALUE_TYPES, 'Void']);

/** Names of a list of parameters differ; none is empty. */
export function readParameters(reader: JsonReader): readonly Parameter[] {
  return readParametersWithin(reader, LIMITS.extendedTypeDepthMax.value);
}

/** Of a parameter or an answer whose plain type is `type`; there a structure goes by its name. */
export function readDetailedType(reader: JsonReader, type: ReturnType): DetailedType {
  return readType(reader, {
    type,
    levels: LIMITS.extendedTypeDepthMax.value,
    mayHaveFields: false,
  });
}

/** Of an entry of `namedTypes`. */
export const readNamedType = (reader: JsonReader): DetailedType =>
  readType(reader, {
    type: null,
    levels: LIMITS.extendedTypeDepthMax.value,
    mayHaveFields: true,
  });

function readNamedTypeName(reader: JsonReader): string {
  const name = reader.text(LIMITS.namedTypeCharsMax.value);
  return isNamedTypeName(name) ? name : reader.refuse('not a name of a type');
}

/** NEP-25: identifiers joined by dots, the first of which begins with a letter. */
export const isNamedTypeName = (name: string): boolean =>
  name.length <= LIMITS.namedTypeCharsMax.value &&
  /^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$/.test(name);

interface TypePlace {
  /** What the outer declaration says; null where there is none. */
  readonly type: ReturnType | null;
  readonly levels: number;
  readonly mayHaveFields: boolean;
}

function readType(reader: JsonReader, { type, levels, mayHaveFields }: TypePlace): DetailedType {
  if (levels === 0) reader.refuse('nests too deep');
  const own = readReturnType(reader.field('type'));
  if (type !== null && own !== type) reader.field('type').refuse('another type than outside');
  const field = (name: string): JsonReader | null => optionalFor(reader, name, own);
  const deeper = { type: null, levels: levels - 1, mayHaveFields: false };
  const fields = field('fields');
  if (fields !== null && !mayHaveFields) fields.refuse('a structure goes by its name here');
  const [namedType, value] = [field('namedtype'), field('value')];
  if (fields !== null && value !== null) value.refuse('not together with fields');
  const extended: DetailedType = {
    type: own,
    ...optionally('namedType', namedType, readNamedTypeName),
    ...optionally('length', field('length'), (length) => length.integer(0, LENGTH_MAX)),
    ...optionally('forbidNull', field('forbidnull'), (flag) => flag.boolean()),
    ...optionally('interface', field('interface'), (name) => name.choice(['IIterator'] as const)),
    ...optionally('key', field('key'), (key) => key.choice(KEY_TYPES)),
    ...optionally('value', value, (inner) => readType(inner, deeper)),
    ...optionally('fields', fields, (list) => readParametersWithin(list, levels - 1)),
  };
  if (namedType !== null && Object.keys(extended).length > 2)
    namedType.refuse('a named type has no other field than its type');
  if (extended.interface && !extended.value) reader.refuse('an iterator without a type of values');
  return extended;
}

function readParametersWithin(reader: JsonReader, levels: number): readonly Parameter[] {
  const parameters = reader.list(LIMITS.manifestListMax.value, (item) => {
    const name = readName(item.field('name'));
    const type = readValueType(item.field('type'));
    const extended = item.optional('extendedtype');
    const place = { type, levels, mayHaveFields: false };
    return { name, type, ...optionally('extendedType', extended, (e) => readType(e, place)) };
  });
  refuseRepeated(
    reader,
    parameters.map(({ name }) => name),
  );
  return parameters;
}

function optionalFor(reader: JsonReader, name: string, type: ReturnType): JsonReader | null {
  const field = reader.optional(name);
  if (field !== null && USED_WITH[name]?.includes(type) !== true)
    field.refuse(`not used with ${type}`);
  return field;
}

/** `{}` or `{ name: value }`: an absent field stays absent, so that it round-trips. */
export function optionally<Name extends string, Value>(
  name: Name,
  reader: JsonReader | null,
  read: (reader: JsonReader) => Value,
): { readonly [Key in Name]?: Value } {
  // A computed name widens to string; the one key is the one named.
  return reader === null ? {} : ({ [name]: read(reader) } as { readonly [Key in Name]?: Value });
}

export function readName(reader: JsonReader): string {
  const name = reader.text(LIMITS.manifestBytesMax.value);
  return name === '' ? reader.refuse('empty') : name;
}

export function refuseRepeated(reader: JsonReader, names: readonly string[]): void {
  if (new Set(names).size !== names.length) reader.refuse('an entry stands twice');
}

export function formatParameter({ name, type, extendedType }: Parameter): object {
  const extended = extendedType && { extendedtype: formatDetailedType(extendedType) };
  return { name, type, ...extended };
}

export function formatDetailedType(extended: DetailedType): object {
  const { namedType, forbidNull, value, fields, ...rest } = extended;
  return {
    ...rest,
    ...(namedType === undefined ? {} : { namedtype: namedType }),
    ...(forbidNull === undefined ? {} : { forbidnull: forbidNull }),
    ...(value === undefined ? {} : { value: formatDetailedType(value) }),
    ...(fields === undefined ? {} : { fields: fields.map(formatParameter) }),
  };
}
