/**
 * The contract as an OpenAPI 3.1 document. The app serves `/openapi.json` from this function and
 * `npm run generate` writes docs/openapi.json with it, so the published document cannot differ from
 * the running one. It is deterministic: no time, no environment, fixed key order. What a client may
 * rely on beyond OpenAPI's words stands in `x-` extensions.
 */
import * as z from 'zod';
import { assert } from '../core/assert.ts';
import { ERRORS } from '../core/errors.ts';
import { LIMITS } from '../core/limits.ts';
import type {
  HttpMethod,
  JsonSchema,
  OpenApiDocument,
  OpenApiOperation,
  OpenApiParameter,
  OpenApiResponse,
} from './openapi-document.ts';
import { componentRef } from './openapi-document.ts';
import { HEADERS, headerRef, IDEMPOTENCY_KEY, IF_MATCH, TRACEPARENT } from './openapi-headers.ts';
import { type Rename, SchemaComponents } from './openapi-schemas.ts';
import { allErrors, isUnsafe, type Operation, type Success, signatureNeed } from './operation.ts';

export interface DocumentTitle {
  readonly version: string;
  readonly title?: string;
}

const PROBLEM = z
  .object({
    type: z
      .string()
      .meta({ description: 'Where the code is explained; a reference into /docs/errors.' }),
    title: z.string().meta({ description: 'What the code means, in words that may change.' }),
    status: z.int().meta({ description: 'The HTTP status again.' }),
    detail: z.string().meta({ description: 'What happened this time, for people.' }),
    code: z.string().meta({ description: 'Stable for ever; what programs branch on.' }),
    requestId: z.string().meta({ description: 'Leads to the log entry; also in `X-Request-Id`.' }),
    fields: z
      .array(z.object({ pointer: z.string(), detail: z.string() }))
      .optional()
      .meta({
        description: 'Every wrong place: an RFC 6901 pointer into the body, or `query/limit`.',
      }),
    limit: z.number().optional().meta({ description: 'The bound that was passed.' }),
    observed: z
      .number()
      .optional()
      .meta({ description: 'What was seen, in the unit of the bound.' }),
  })
  .meta({ id: 'Problem', description: 'Every refusal and failure, as RFC 9457 asks.' });

const DESCRIPTION = `Everything a team needs behind one API. Conventions, the same for every operation:

- JSON in camelCase; timestamps RFC 3339 in UTC; ids are prefixed and sort by the time they were made.
- Lists answer \`{ items, nextCursor }\` and take \`limit\` and \`cursor\`; cursors are opaque and survive inserts.
- Bodies are strict: an unknown field is refused with 400 and named. Answers are open: ignore fields you do not know.
- Errors are \`application/problem+json\` (RFC 9457) with a stable \`code\`.
- \`Idempotency-Key\` makes an unsafe request safe to repeat for ${LIMITS.idempotencyKeepHours.value} hours.
- Where an answer has an \`ETag\`, \`If-Match\` guards the next change against a lost update.
- Requests may be signed (RFC 9421); an account can require it where \`x-signature\` says so.
- Another tenant's object answers 404, before any 403. HEAD answers as GET without a body; OPTIONS and 405 name what is
  allowed in \`Allow\`.`;

/**
 * The whole document. Throws only for a contract that is wrong in itself, which every build and
 * test would see.
 */
export function buildOpenApi(
  operations: readonly Operation[],
  { version, title = 'Neo Service Layer' }: DocumentTitle,
): OpenApiDocument {
  const components = new SchemaComponents();
  components.add(PROBLEM, 'output');
  const drafts = operations.map((operation) => draftOperation(operation, components));
  const { schemas, rename } = components.finish();
  const paths: Record<string, Partial<Record<HttpMethod, OpenApiOperation>>> = {};
  operations.forEach((operation, index) => {
    const draft = drafts[index];
    if (draft) (paths[operation.path] ??= {})[operation.method] = draft(rename);
  });
  return {
    openapi: '3.1.1',
    info: {
      title,
      version,
      summary: 'A self-hosted, multi-tenant service platform for dApp teams on Neo N3.',
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'The address this document came from.' }],
    tags: [...new Set(operations.map(serviceOf))].map((name) => ({ name })),
    paths,
    components: {
      schemas,
      headers: HEADERS,
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'An API key of an account, or an operator token.',
        },
      },
    },
  };
}

const serviceOf = (operation: Operation): string =>
  operation.id.slice(0, operation.id.indexOf('.'));

type Draft = (rename: Rename) => OpenApiOperation;

/** Schemas are added now, names of components are known only after the last; hence two steps. */
function draftOperation(operation: Operation, components: SchemaComponents): Draft {
  const parameters = draftParameters(operation, components);
  const body = operation.body && components.add(operation.body, 'input');
  const answers = operation.successes.map((success) =>
    draftSuccess(operation, success, components),
  );
  return (rename) => ({
    operationId: operation.id,
    tags: [serviceOf(operation)],
    summary: operation.summary,
    description: operation.description,
    ...(operation.deprecated ? { deprecated: true, 'x-deprecated': operation.deprecated } : {}),
    'x-access': operation.access.kind,
    ...(operation.access.kind === 'account' ? { 'x-scope': operation.access.scope } : {}),
    ...signatureNote(operation),
    'x-idempotency': operation.idempotency,
    ...(operation.ifMatch ? { 'x-if-match': true } : {}),
    ...(body ? { 'x-body-bytes-max': operation.bodyBytesMax ?? LIMITS.bodyBytesMax.value } : {}),
    security: operation.access.kind === 'public' ? [] : [{ bearer: [] }],
    parameters: parameters.map((each) => ({ ...each, schema: rename(each.schema) })),
    ...(body ? { requestBody: toRequestBody(rename(body), operation.example.body) } : {}),
    responses: Object.fromEntries([
      ...answers.map((answer) => answer(rename)),
      ...errorResponses(operation),
    ]),
  });
}

/** Said only where it is something: an operation without it asks for no signature. */
function signatureNote(operation: Operation) {
  const need = signatureNeed(operation);
  return need === 'never' ? {} : { 'x-signature': need };
}

const takesKey = (operation: Operation): boolean =>
  isUnsafe(operation) && operation.idempotency !== 'none';

function draftParameters(
  operation: Operation,
  components: SchemaComponents,
): readonly OpenApiParameter[] {
  return [
    ...draftPlace('path', operation.params, operation.example.params, components),
    ...draftPlace('query', operation.query, operation.example.query, components),
    ...(takesKey(operation) ? [IDEMPOTENCY_KEY] : []),
    ...(operation.ifMatch ? [IF_MATCH] : []),
    TRACEPARENT,
  ];
}

function draftPlace(
  place: 'path' | 'query',
  schema: z.ZodObject | undefined,
  examples: Readonly<Record<string, string>> | undefined,
  components: SchemaComponents,
): readonly OpenApiParameter[] {
  if (!schema) return [];
  const { $ref, properties = {}, required = [] } = components.add(schema, 'input');
  assert($ref === undefined, 'the schema of a path or a query has no id of its own');
  return Object.entries(properties).map(([name, { description = '', ...rest }]) => {
    const { examples: declared, ...property } = rest;
    const example = examples?.[name] ?? toText(declared?.[0]);
    return {
      name,
      in: place,
      description,
      required: place === 'path' || required.includes(name),
      schema: property,
      ...(example === undefined ? {} : { example }),
    };
  });
}

const toText = (value: unknown): string | undefined =>
  typeof value === 'string' || value === undefined ? value : JSON.stringify(value);

const toRequestBody = (schema: JsonSchema, example: unknown) => ({
  required: true as const,
  content: { 'application/json': { schema, ...(example === undefined ? {} : { example }) } },
});

function draftSuccess(operation: Operation, success: Success, components: SchemaComponents) {
  const schema = success.schema && components.add(success.schema, 'output');
  const first = operation.successes[0] === success;
  const example = first ? operation.example.response : undefined;
  const headers = [
    ...(success.etag ? ['ETag'] : []),
    ...(takesKey(operation) ? ['Idempotency-Replayed'] : []),
    'X-Request-Id',
    'traceparent',
    ...RATE,
  ];
  return (rename: Rename): readonly [string, OpenApiResponse] => {
    const media = {
      ...(schema ? { schema: rename(schema) } : {}),
      ...(example === undefined ? {} : { example }),
    };
    const contentType = success.contentType ?? (schema ? 'application/json' : undefined);
    return [
      String(success.status),
      {
        description: success.description,
        headers: headerRefs(headers),
        ...(contentType === undefined ? {} : { content: { [contentType]: media } }),
      },
    ];
  };
}

const RATE = ['RateLimit', 'RateLimit-Policy'];

const headerRefs = (names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, headerRef(name)]));

function errorResponses(operation: Operation): readonly (readonly [string, OpenApiResponse])[] {
  const byStatus = Map.groupBy(allErrors(operation), (code) => ERRORS[code].status);
  return [...byStatus]
    .sort(([a], [b]) => a - b)
    .map(([status, codes]) => [
      String(status),
      {
        description: codes.map((code) => `\`${code}\`: ${ERRORS[code].title}.`).join('\n'),
        headers: headerRefs(errorHeaders(status)),
        content: { 'application/problem+json': { schema: { $ref: componentRef('Problem') } } },
        'x-codes': codes,
      },
    ]);
}

const errorHeaders = (status: number): readonly string[] => [
  ...(status === 401 ? ['WWW-Authenticate'] : []),
  ...([409, 429, 503].includes(status) ? ['Retry-After'] : []),
  'X-Request-Id',
  'traceparent',
  ...RATE,
];
