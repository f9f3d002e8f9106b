/**
 * * The command table of `slctl` from the OpenAPI document: every operation becomes `slctl
 * <service> <verb-noun>`, every parameter and every field of an object body a flag. A document
 * whose operation cannot be offered faithfully (two fields that want one flag) stops the
 * generation: better no table than one that sends a value to the wrong place.
 */
import {
  type JsonSchema,
  listOperations,
  type OpenApiDocument,
  type OpenApiParameter,
  type PlacedOperation,
  resolveSchema,
} from '../../worker/http/openapi-document.ts';
import { exampleLine } from './cli-example.ts';
import { GENERATED_MARK } from './mark.ts';

interface FlagEntry {
  readonly flag: string;
  readonly field: string;
  readonly type: string;
  readonly required: boolean;
  readonly description: string;
  readonly values?: readonly string[];
  readonly nullable?: true;
  readonly fallback?: string;
}

/** Flags the program has of its own; a field of that name gets the prefix `field-`. */
const RESERVED = new Set(
  (
    'help version json columns profile addr token-file signing-key timeout allow-plain-http ' +
    'body all watch if-match idempotency-key include'
  ).split(' '),
);

export function renderCommands(document: OpenApiDocument): string {
  const entries = listOperations(document).map((placed) => commandEntry(document, placed));
  const lines = entries.map((entry) => `  ${JSON.stringify(entry)},\n`);
  const table = lines.join('');
  return `${GENERATED_MARK}
import type { Command } from '../command-table.ts';

export const COMMANDS: readonly Command[] = [
${table}];
`;
}

export function commandEntry(document: OpenApiDocument, placed: PlacedOperation) {
  const { method, path, operation } = placed;
  const [service = '', verbNoun = ''] = operation.operationId.split('.');
  const parameters = operation.parameters ?? [];
  const flagsIn = (place: OpenApiParameter['in']) =>
    parameters
      .filter((parameter) => parameter.in === place)
      .map((parameter) => parameterFlag(document, parameter));
  const params = flagsIn('path');
  const query = flagsIn('query');
  const body = bodyEntry(document, placed);
  assertDistinct(operation.operationId, [...params, ...query, ...(body?.flags ?? [])]);
  const name = `${toKebab(service)} ${toKebab(verbNoun)}`;
  return {
    id: operation.operationId,
    service: toKebab(service),
    command: toKebab(verbNoun),
    method,
    path,
    summary: operation.summary,
    description: operation.description,
    params,
    query,
    ...(body === undefined ? {} : { body }),
    answer: answerKind(placed),
    paged: isPaged(document, placed) && query.some(({ field }) => field === 'cursor'),
    ifMatch: operation['x-if-match'] === true,
    idempotent: method !== 'get' && operation['x-idempotency'] !== 'none',
    ...(operation['x-signature'] === undefined ? {} : { signed: true as const }),
    ...deprecation(placed),
    example: exampleLine({ name, operation, flags: [...params, ...query], body: body?.flags }),
  };
}

export const toKebab = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .replace(/[_\s]+/g, '-')
    .toLowerCase();

/**
 * `--no-x` means "not x" on a command line, so a field whose name begins that way needs another
 * flag.
 */
function flagName(field: string): string {
  const kebab = toKebab(field);
  return RESERVED.has(kebab) || kebab.startsWith('no-') ? `field-${kebab}` : kebab;
}

function parameterFlag(document: OpenApiDocument, parameter: OpenApiParameter): FlagEntry {
  const { name, required, schema, description } = parameter;
  return toFlag(document, { name, required, schema: { ...schema, description } });
}

function bodyEntry(document: OpenApiDocument, { operation }: PlacedOperation) {
  const { requestBody } = operation;
  const media = requestBody?.content['application/json'];
  if (requestBody === undefined || media === undefined) return undefined;
  const flags = fieldsOf(document, media.schema ?? {}).map((field) => toFlag(document, field));
  return { required: requestBody.required, flags };
}

/**
 * Of a choice between objects, every field any of them has; required is what all of them ask for.
 */
function fieldsOf(document: OpenApiDocument, schema: JsonSchema): readonly Field[] {
  const resolved = resolveSchema(document, schema);
  const own = Object.entries(resolved.properties ?? {}).map(([name, property]) => ({
    name,
    required: resolved.required?.includes(name) ?? false,
    schema: property,
  }));
  const parts = (resolved.allOf ?? []).flatMap((part) => fieldsOf(document, part));
  const choices = (resolved.anyOf ?? resolved.oneOf ?? []).map((one) => fieldsOf(document, one));
  const inAll = (name: string) =>
    choices.every((fields) => fields.some((field) => field.name === name && field.required));
  const chosen = choices.flat().map((field) => ({ ...field, required: inAll(field.name) }));
  const byName = new Map<string, Field>();
  for (const field of [...chosen, ...parts, ...own]) byName.set(field.name, field);
  return [...byName.values()];
}

interface Field {
  readonly name: string;
  readonly required: boolean;
  readonly schema: JsonSchema;
}

function toFlag(document: OpenApiDocument, { name, required, schema }: Field): FlagEntry {
  const { plain, nullable } = withoutNull(document, schema);
  const values = enumeration(document, plain);
  const fallback = plain.default ?? schema.default;
  return {
    flag: flagName(name),
    field: name,
    type: flagType(document, plain),
    required,
    description: schema.description ?? plain.description ?? '',
    ...(values === undefined ? {} : { values }),
    ...(nullable ? { nullable } : {}),
    ...(fallback === undefined ? {} : { fallback: defaultText(fallback) }),
  };
}

const defaultText = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

interface Plain {
  readonly plain: JsonSchema;
  readonly nullable: boolean;
}

/** zod writes a nullable type as `anyOf` with null; hand-written schemas as a list of types. */
function withoutNull(document: OpenApiDocument, schema: JsonSchema): Plain {
  const resolved = resolveSchema(document, schema);
  if (Array.isArray(resolved.type)) {
    const types = resolved.type.filter((type: string) => type !== 'null');
    const nullable = types.length < resolved.type.length;
    return {
      plain: { ...resolved, type: types.length === 1 ? String(types[0]) : types },
      nullable,
    };
  }
  const choices = resolved.anyOf ?? resolved.oneOf ?? [];
  const others = choices.filter((choice) => choice.type !== 'null');
  const [only] = others;
  if (others.length !== 1 || only === undefined || choices.length === 1)
    return { plain: resolved, nullable: others.length < choices.length };
  return { plain: resolveSchema(document, only), nullable: others.length < choices.length };
}

function flagType(document: OpenApiDocument, schema: JsonSchema): string {
  const { type } = schema;
  if (type === 'array') return arrayType(resolveSchema(document, schema.items ?? {}));
  if (type === 'string' || type === 'integer' || type === 'number' || type === 'boolean')
    return type;
  return isText(document, schema) ? 'string' : 'json';
}

function arrayType(item: JsonSchema): string {
  if (item.type === 'integer') return 'integers';
  return item.type === 'string' || isTextEnum(item.enum) ? 'strings' : 'json';
}

/** Enumerations and unions of texts need no quotes of JSON. */
function isText(document: OpenApiDocument, schema: JsonSchema): boolean {
  if (typeof schema.const === 'string' || isTextEnum(schema.enum)) return true;
  const choices = schema.anyOf ?? schema.oneOf ?? [];
  return (
    choices.length > 0 &&
    choices.every((choice) => flagType(document, resolveSchema(document, choice)) === 'string')
  );
}

const isTextEnum = (values: readonly unknown[] | undefined): boolean =>
  values !== undefined && values.length > 0 && values.every((value) => typeof value === 'string');

function enumeration(document: OpenApiDocument, schema: JsonSchema): readonly string[] | undefined {
  const item = schema.type === 'array' ? resolveSchema(document, schema.items ?? {}) : schema;
  if (typeof item.const === 'string') return [item.const];
  return item.enum !== undefined && isTextEnum(item.enum) ? item.enum.map(String) : undefined;
}

/** What a terminal can show: JSON, else text. */
function answerKind({ operation }: PlacedOperation): 'json' | 'text' | 'none' {
  const types = Object.entries(operation.responses)
    .filter(([status]) => status.startsWith('2'))
    .flatMap(([, response]) => Object.keys(response.content ?? {}));
  if (types.length === 0) return 'none';
  return types.some((type) => /^application\/([\w.+-]+\+)?json\b/.test(type)) ? 'json' : 'text';
}

function isPaged(document: OpenApiDocument, { operation }: PlacedOperation): boolean {
  const media = operation.responses['200']?.content?.['application/json'];
  const { properties } = resolveSchema(document, media?.schema ?? {});
  return properties?.items !== undefined && properties.nextCursor !== undefined;
}

function deprecation({ operation }: PlacedOperation): { readonly deprecated?: string } {
  const facts = operation['x-deprecated'];
  if (facts === undefined) return {};
  return { deprecated: `withdrawn on ${facts.sunset}; use ${facts.successor}` };
}

function assertDistinct(operationId: string, flags: readonly FlagEntry[]): void {
  const seen = new Set<string>();
  for (const { flag } of flags) {
    if (seen.has(flag)) throw new Error(`${operationId}: two fields want the flag --${flag}`);
    seen.add(flag);
  }
}
