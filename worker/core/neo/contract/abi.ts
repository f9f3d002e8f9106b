/**
 * The ABI of a contract (NEP-15, extended by NEP-25): which methods it has, what they take and
 * answer, and which events it raises. Checked as the chain checks it at deployment, so what is
 * refused here is on no chain, and names of types must be defined where they are used.
 */
import type { JsonReader } from '../json-reader.ts';
import { LIMITS } from './limits.ts';
import {
  type DetailedType,
  formatDetailedType,
  formatParameter,
  isNamedTypeName,
  optionally,
  type Parameter,
  type ReturnType,
  readDetailedType,
  readName,
  readNamedType,
  readParameters,
  readReturnType,
  refuseRepeated,
} from './parameter-type.ts';

export interface AbiMethod {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly returnType: ReturnType;
  readonly extendedReturnType?: DetailedType;
  /** Where in the script it begins. */
  readonly offset: number;
  /** Called with read-only rights. */
  readonly safe: boolean;
}

export interface AbiEvent {
  readonly name: string;
  readonly parameters: readonly Parameter[];
}

export interface Abi {
  /** At least one; two of a name differ in the count of their parameters. */
  readonly methods: readonly AbiMethod[];
  readonly events: readonly AbiEvent[];
  /** Structures by name (NEP-25); absent where the manifest has no such field. */
  readonly namedTypes?: Readonly<Record<string, DetailedType>>;
}

const I32_MAX = 0x7fff_ffff;

export function readAbi(reader: JsonReader): Abi {
  const methods = reader.field('methods').list(LIMITS.manifestListMax.value, readMethod);
  if (methods.length === 0) reader.field('methods').refuse('no method');
  const signatures = methods.map(({ name, parameters }) => `${String(parameters.length)} ${name}`);
  refuseRepeated(reader.field('methods'), signatures);
  const events = reader.field('events').list(LIMITS.manifestListMax.value, readEvent);
  refuseRepeated(
    reader.field('events'),
    events.map(({ name }) => name),
  );
  const abi = { methods, events, ...optionally('namedTypes', named(reader), readNamedTypes) };
  for (const name of namedTypesUsed(abi))
    if (!Object.hasOwn(abi.namedTypes ?? {}, name))
      reader.refuse(`the type ${name} is not among namedtypes`);
  return abi;
}

const named = (reader: JsonReader): JsonReader | null => reader.optional('namedtypes');

function readMethod(reader: JsonReader): AbiMethod {
  const returnType = readReturnType(reader.field('returntype'));
  const extended = reader.optional('extendedreturntype');
  return {
    name: readName(reader.field('name')),
    parameters: readParameters(reader.field('parameters')),
    returnType,
    ...optionally('extendedReturnType', extended, (e) => readDetailedType(e, returnType)),
    offset: reader.field('offset').integer(0, I32_MAX),
    safe: reader.field('safe').boolean(),
  };
}

const readEvent = (reader: JsonReader): AbiEvent => ({
  name: readName(reader.field('name')),
  parameters: readParameters(reader.field('parameters')),
});

function readNamedTypes(reader: JsonReader): Readonly<Record<string, DetailedType>> {
  const entries = reader.entries(LIMITS.manifestListMax.value).map(([name, type]) => {
    if (!isNamedTypeName(name)) type.refuse('not a name of a type');
    return [name, readNamedType(type)] as const;
  });
  return Object.fromEntries(entries);
}

function namedTypesUsed({ methods, events, namedTypes = {} }: Abi): ReadonlySet<string> {
  const used = new Set<string>();
  const see = (type: DetailedType | undefined): void => {
    if (type?.namedType !== undefined) used.add(type.namedType);
    if (type?.value) see(type.value);
    for (const field of type?.fields ?? []) see(field.extendedType);
  };
  for (const { parameters } of [...methods, ...events])
    for (const { extendedType } of parameters) see(extendedType);
  for (const { extendedReturnType } of methods) see(extendedReturnType);
  for (const type of Object.values(namedTypes)) see(type);
  return used;
}

export const formatAbi = ({ methods, events, namedTypes }: Abi): object => ({
  methods: methods.map(formatMethod),
  events: events.map(({ name, parameters }) => ({
    name,
    parameters: parameters.map(formatParameter),
  })),
  ...(namedTypes === undefined ? {} : { namedtypes: formatNamedTypes(namedTypes) }),
});

const formatNamedTypes = (types: Readonly<Record<string, DetailedType>>): object =>
  Object.fromEntries(Object.entries(types).map(([name, type]) => [name, formatDetailedType(type)]));

function formatMethod(method: AbiMethod): object {
  const { name, parameters, returnType, extendedReturnType, offset, safe } = method;
  return {
    name,
    parameters: parameters.map(formatParameter),
    returntype: returnType,
    ...(extendedReturnType && { extendedreturntype: formatDetailedType(extendedReturnType) }),
    offset,
    safe,
  };
}

/** By name and count of parameters, as calls find it; null when there is none. */
export const findMethod = (abi: Abi, name: string, parameterCount: number): AbiMethod | null =>
  abi.methods.find(
    (method) => method.name === name && method.parameters.length === parameterCount,
  ) ?? null;

export const findEvent = (abi: Abi, name: string): AbiEvent | null =>
  abi.events.find((event) => event.name === name) ?? null;
