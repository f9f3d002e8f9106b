/**
 * The parts of an OpenAPI 3.1 document (https://spec.openapis.org/oas/v3.1.1) that ours uses, as
 * types. The document is what the reference page, the SDK, the CLI and the compatibility check
 * read, so everything they need stands in it; what OpenAPI has no word for is an `x-` extension
 * declared here. Schemas are JSON Schema 2020-12.
 */
export interface JsonSchema {
  readonly $ref?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly propertyNames?: JsonSchema;
  readonly items?: JsonSchema;
  readonly prefixItems?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly not?: JsonSchema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly contentEncoding?: string;
  readonly contentMediaType?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly deprecated?: boolean;
  readonly readOnly?: boolean;
  readonly writeOnly?: boolean;
}

export interface OpenApiParameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly description: string;
  readonly required: boolean;
  readonly schema: JsonSchema;
  /** As text, the way it stands in an address. */
  readonly example?: string;
}

export interface Reference {
  readonly $ref: string;
}

export interface MediaType {
  readonly schema?: JsonSchema;
  readonly example?: unknown;
}

export interface OpenApiHeader {
  readonly description: string;
  readonly schema: JsonSchema;
}

export interface OpenApiResponse {
  readonly description: string;
  readonly headers?: Readonly<Record<string, Reference>>;
  readonly content?: Readonly<Record<string, MediaType>>;
  /** The codes of error bodies with this status. */
  readonly 'x-codes'?: readonly string[];
}

export interface OpenApiOperation {
  /** `<service>.<verbNoun>`. */
  readonly operationId: string;
  readonly tags: readonly [string];
  readonly summary: string;
  readonly description: string;
  readonly deprecated?: true;
  /** RFC 9745 and RFC 8594 times, and the operation to use instead. */
  readonly 'x-deprecated'?: {
    readonly since: string;
    readonly sunset: string;
    readonly successor: string;
  };
  readonly 'x-access': 'public' | 'operator' | 'authenticated' | 'account';
  /** The scope an account's key needs; only where `x-access` is `account`. */
  readonly 'x-scope'?: string;
  /** When the request must be signed; absent means never. */
  readonly 'x-signature'?: 'where_required' | 'always';
  /** How `Idempotency-Key` is honoured; `none` means it is ignored. */
  readonly 'x-idempotency': 'catalogue' | 'object' | 'none';
  readonly 'x-if-match'?: true;
  readonly 'x-body-bytes-max'?: number;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly OpenApiParameter[];
  readonly requestBody?: {
    readonly required: true;
    readonly content: Readonly<Record<'application/json', MediaType>>;
  };
  readonly responses: Readonly<Record<string, OpenApiResponse>>;
}

export type HttpMethod = 'get' | 'post' | 'put' | 'patch' | 'delete';

export type PathItem = Readonly<Partial<Record<HttpMethod, OpenApiOperation>>>;

export interface OpenApiDocument {
  readonly openapi: '3.1.1';
  readonly info: {
    readonly title: string;
    readonly version: string;
    readonly summary: string;
    readonly description: string;
    readonly license: { readonly name: string; readonly identifier: string };
  };
  readonly servers: readonly { readonly url: string; readonly description: string }[];
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, PathItem>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly headers: Readonly<Record<string, OpenApiHeader>>;
    readonly securitySchemes: Readonly<Record<string, unknown>>;
  };
}

/** One operation with the place it stands at; what readers of the document iterate over. */
export interface PlacedOperation {
  readonly method: HttpMethod;
  readonly path: string;
  readonly operation: OpenApiOperation;
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const satisfies readonly HttpMethod[];

/** Every operation of a document in the document's own order. */
export const listOperations = (document: OpenApiDocument): readonly PlacedOperation[] =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      return operation ? [{ method, path, operation }] : [];
    }),
  );

const COMPONENT = '#/components/schemas/';

export const componentRef = (name: string): string => `${COMPONENT}${name}`;

/** The component a schema refers to by name, or undefined when it is inline. */
export const componentName = (schema: JsonSchema): string | undefined =>
  schema.$ref?.startsWith(COMPONENT) ? schema.$ref.slice(COMPONENT.length) : undefined;

/**
 * The schema itself, through one or more references; a broken or circular reference gives the empty
 * schema.
 */
export function resolveSchema(document: OpenApiDocument, schema: JsonSchema): JsonSchema {
  let current = schema;
  for (let hops = 0; hops < 10; hops += 1) {
    const name = componentName(current);
    if (name === undefined) return current;
    current = document.components.schemas[name] ?? {};
  }
  return {};
}
