/**
 * The input of an operation as one object: path parameters, query and the fields of the body side
 * by side, because `createReservation({ accountId, amountDatoshi })` reads best. Two parts with a
 * field of the same name stop the generator, so a new field can never silently end up in another
 * place of the request.
 */
import {
  type JsonSchema,
  type OpenApiDocument,
  type OpenApiOperation,
  type OpenApiParameter,
  type PlacedOperation,
  resolveSchema,
} from '../../worker/http/openapi-document.ts';

export interface OperationInput {
  readonly params: readonly OpenApiParameter[];
  readonly query: readonly OpenApiParameter[];
  /**
   * `fields`: an object whose fields stand in the input; `whole`: anything else, as the field
   * `body`.
   */
  readonly body: 'none' | 'fields' | 'whole';
  readonly bodySchema: JsonSchema;
}

export function inputOf(document: OpenApiDocument, { operation }: PlacedOperation): OperationInput {
  const parameters = operation.parameters ?? [];
  const input: OperationInput = {
    params: parameters.filter((each) => each.in === 'path'),
    query: parameters.filter((each) => each.in === 'query'),
    ...bodyOf(document, operation),
  };
  const names = namesOf(document, input);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new Error(`${operation.operationId} has the field ${twice} in two places`);
  return input;
}

function bodyOf(document: OpenApiDocument, operation: OpenApiOperation) {
  const schema = operation.requestBody?.content['application/json'].schema;
  if (!schema) return { body: 'none' as const, bodySchema: {} };
  const { properties, additionalProperties } = resolveSchema(document, schema);
  const closed = properties !== undefined && additionalProperties === false;
  return { body: closed ? ('fields' as const) : ('whole' as const), bodySchema: schema };
}

function namesOf(document: OpenApiDocument, input: OperationInput): readonly string[] {
  const fields = Object.keys(resolveSchema(document, input.bodySchema).properties ?? {});
  const body = { none: [], fields, whole: ['body'] }[input.body];
  return [...[...input.params, ...input.query].map(({ name }) => name), ...body];
}

/** The input as one schema, without the fields of the body. */
export function placesSchema({ params, query }: OperationInput): JsonSchema {
  const places = [...params, ...query];
  return {
    type: 'object',
    properties: Object.fromEntries(
      places.map(({ name, description, schema }) => [name, { ...schema, description }]),
    ),
    required: places.filter(({ required }) => required).map(({ name }) => name),
  };
}

/** The answers that are no error, by status. */
export const successesOf = (operation: OpenApiOperation) =>
  Object.entries(operation.responses).filter(([status]) => status.startsWith('2'));

export const isJson = (mediaType: string): boolean =>
  /^application\/(.+\+)?json( *;|$)/.test(mediaType);
