/**
 * `sdk/src/generated/types.ts`: components, inputs, outputs, the services with their methods, and
 * the codes of errors. Types only, so a program that uses two operations carries none of the others
 * at run time.
 */
import { ERRORS } from '../../worker/core/errors.ts';
import {
  type JsonSchema,
  listOperations,
  type OpenApiDocument,
  type PlacedOperation,
} from '../../worker/http/openapi-document.ts';
import { inputOf, isJson, placesSchema, successesOf } from './inputs.ts';
import { GENERATED_MARK } from './mark.ts';
import { docComment, renderFields, renderType, type Side, typeName } from './schema-types.ts';

export function renderSdkTypes(document: OpenApiDocument): string {
  const operations = listOperations(document);
  refuseTakenNames(document, operations);
  const codes = Object.keys(ERRORS).map((code) => `\n  | ${JSON.stringify(code)}`);
  return [
    GENERATED_MARK,
    `import type { CallOptions } from '../call-options.ts';\n`,
    '/** Every code an answer can have; each is explained at /docs/errors. */',
    `export type ErrorCode =${codes.join('')};\n`,
    ...renderComponents(document, operations),
    ...operations.map((placed) => renderInput(document, placed)),
    renderOperations(operations),
    renderServices(operations),
  ].join('\n');
}

/** A request's field that may be absent may be `undefined` too; what comes back is exact. */
function renderComponents(
  document: OpenApiDocument,
  operations: readonly PlacedOperation[],
): readonly string[] {
  const sent = namesIn(
    document,
    operations.map(({ operation }) => operation.requestBody),
  );
  return Object.entries(document.components.schemas).map(([name, schema]) =>
    renderComponent(name, schema, sent.has(name) ? 'input' : 'output'),
  );
}

/** Every component that is reached from here, directly or through others. */
function namesIn(document: OpenApiDocument, root: unknown): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (part: unknown): void => {
    for (const [, name = ''] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      if (found.has(name)) continue;
      found.add(name);
      visit(document.components.schemas[name] ?? {});
    }
  };
  visit(root);
  return found;
}

function renderComponent(name: string, schema: JsonSchema, side: Side): string {
  const doc = docComment(schema.description ? [schema.description] : [], '');
  const isFields = schema.type === 'object' && Object.keys(schema.properties ?? {}).length > 0;
  return isFields
    ? `${doc}export interface ${typeName(name)} {\n${renderFields(schema, side, '  ')}}\n`
    : `${doc}export type ${typeName(name)} = ${renderType(schema, side)};\n`;
}

/**
 * A component and the input of an operation must not get one name: the later would quietly merge
 * into the earlier.
 */
function refuseTakenNames(document: OpenApiDocument, operations: readonly PlacedOperation[]): void {
  const taken = operations.map(inputName).find((name) => name in document.components.schemas);
  if (taken !== undefined) throw new Error(`the schema id ${taken} is the name of an input`);
}

const pascal = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

const inputName = ({ operation }: PlacedOperation): string =>
  `${operation.operationId.split('.').map(pascal).join('')}Input`;

function renderInput(document: OpenApiDocument, placed: PlacedOperation): string {
  const input = inputOf(document, placed);
  const places = renderFields(placesSchema(input), 'input', '  ');
  const doc = docComment([`Input of \`${placed.operation.operationId}\`.`], '');
  const head = `${doc}export interface ${inputName(placed)}`;
  const { body, bodySchema } = input;
  if (body === 'none')
    return places === ''
      ? `${doc}export type ${inputName(placed)} = Readonly<Record<string, never>>;\n`
      : `${head} {\n${places}}\n`;
  if (body === 'whole')
    return `${head} {\n${places}  readonly body: ${renderType(bodySchema, 'input', '  ')};\n}\n`;
  if (bodySchema.$ref !== undefined)
    return `${head} extends ${renderType(bodySchema, 'input')} {\n${places}}\n`;
  return `${head} {\n${places}${renderFields(bodySchema, 'input', '  ')}}\n`;
}

function renderOutput({ operation }: PlacedOperation): string {
  const types = successesOf(operation).map(([, { content }]) => {
    const [[type, media] = []] = Object.entries(content ?? {});
    if (type === undefined || media === undefined) return 'undefined';
    if (media.schema) return renderType(media.schema, 'output', '  ');
    if (isJson(type)) return 'unknown';
    return type.startsWith('text/') ? 'string' : 'Uint8Array';
  });
  return [...new Set(types)].join(' | ');
}

function renderOperations(operations: readonly PlacedOperation[]): string {
  const rows = operations.map((placed) => {
    const types = `{ readonly input: ${inputName(placed)}; readonly output: ${renderOutput(placed)} }`;
    return `  readonly '${placed.operation.operationId}': ${types};\n`;
  });
  return `/** Input and output of every operation by its id. */
export interface Operations {\n${rows.join('')}}\n\nexport type OperationId = keyof Operations;\n`;
}

function renderServices(operations: readonly PlacedOperation[]): string {
  const services = Map.groupBy(operations, ({ operation }) => operation.tags[0]);
  const parts = [...services].map(
    ([service, own]) => `  readonly ${service}: {\n${own.map(renderMethod).join('')}  };\n`,
  );
  return `/** Every operation as a method, by service. */\nexport interface Services {\n${parts.join('')}}\n`;
}

function renderMethod(placed: PlacedOperation): string {
  const { operation } = placed;
  const [, verbNoun = ''] = operation.operationId.split('.');
  const { summary, description } = operation;
  const withdrawn = operation['x-deprecated'];
  const doc = docComment(
    [
      `${summary}.`,
      '',
      description,
      ...(withdrawn
        ? [`@deprecated Ends ${withdrawn.sunset}; use \`${withdrawn.successor}\`.`]
        : []),
    ],
    '    ',
  );
  const required = operation.parameters?.some((each) => each.in !== 'header' && each.required);
  const optional = required || operation.requestBody ? '' : '?';
  const input = `input${optional}: ${inputName(placed)}`;
  return `${doc}    readonly ${verbNoun}: (${input}, options?: CallOptions) => Promise<${renderOutput(placed)}>;\n`;
}
