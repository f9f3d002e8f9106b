/**
 * The contract as data. An `Operation` says everything a client may rely on: path, access, shapes,
 * codes, bounds and an example. The app, the OpenAPI document, the SDK, the CLI, the error docs and
 * the contract tests all read this one form, so none of them can promise what another does not
 * keep. No function in here touches a request.
 */
import type * as z from 'zod';
import { type Access, PUBLISHABLE_SCOPE, signatureOfAccess } from '../core/access.ts';
import type { ErrorCode } from '../core/errors.ts';
import type { SignatureNeed } from '../core/request-signature/decide.ts';

export interface Success {
  readonly status: 200 | 201 | 202 | 204;
  readonly description: string;
  /** Absent for 204 and for bodies that are not JSON. */
  readonly schema?: z.ZodType;
  /** Set where the body is not `application/json`. */
  readonly contentType?: string;
  /** True when the answer carries an `ETag` for `If-Match`. */
  readonly etag?: boolean;
}

export interface Operation {
  /** `<service>.<verbNoun>`: `client.secrets.createSecret()`, `slctl secrets create-secret`. */
  readonly id: `${string}.${string}`;
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** OpenAPI form: `/accounts/{accountId}/secrets/{name}`. */
  readonly path: `/${string}`;
  readonly summary: string;
  readonly description: string;
  readonly access: Access;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** Absent means the bound shared by all (core/limits.ts). */
  readonly bodyBytesMax?: number;
  readonly successes: readonly [Success, ...Success[]];
  /** Codes beyond those every operation of its kind can answer (`standardErrors`). */
  readonly errors: readonly ErrorCode[];
  /**
   * How `Idempotency-Key` is honoured. `catalogue`: record in the same D1 batch as the effect;
   * `object`: record in the Durable Object that does the work; `none`: the operation has no effect
   * worth repeating, the header is ignored.
   */
  readonly idempotency: 'catalogue' | 'object' | 'none';
  /** True when the operation takes `If-Match`. */
  readonly ifMatch?: boolean;
  /** Set while the operation is being withdrawn (RFC 9745, RFC 8594); RFC 3339 times. */
  readonly deprecated?: {
    readonly since: string;
    readonly sunset: string;
    readonly successor: string;
  };
  readonly example: OperationExample;
}

export interface OperationExample {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly response?: unknown;
}

/** Keeps the literal types of a definition, which handlers and tests infer from. */
export const defineOperation = <const Definition extends Operation>(
  definition: Definition,
): Definition => definition;

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** What a handler receives: every part parsed by its schema. */
export interface Input<Definition extends Operation> {
  readonly params: Parsed<Definition['params']>;
  readonly query: Parsed<Definition['query']>;
  readonly body: Parsed<Definition['body']>;
}

type AnswerBody<S extends Success> = S['schema'] extends z.ZodType ? z.input<S['schema']> : unknown;

/** What a handler may answer: one of the declared successes, checked by the compiler. */
export type Answer<Definition extends Operation> = {
  [Index in keyof Definition['successes']]: Definition['successes'][Index] extends Success
    ? {
        readonly status: Definition['successes'][Index]['status'];
        readonly body: AnswerBody<Definition['successes'][Index]>;
        readonly etag?: string;
        readonly headers?: Readonly<Record<string, string>>;
      }
    : never;
}[number];

const UNSAFE = ['post', 'put', 'patch', 'delete'];

export const isUnsafe = (operation: Pick<Operation, 'method'>): boolean =>
  UNSAFE.includes(operation.method);

/** What publishable keys may ask for: pages of any site may call it, each with a key of its own. */
export const isForBrowsers = ({ access }: Pick<Operation, 'access'>): boolean =>
  access.kind === 'account' && access.scope === PUBLISHABLE_SCOPE;

/** Reading asks for no signature. */
export const signatureNeed = (operation: Pick<Operation, 'method' | 'access'>): SignatureNeed =>
  isUnsafe(operation) ? signatureOfAccess(operation.access) : 'never';

/** A signature that is sent is verified wherever a credential counts. */
const SIGNATURE_REFUSALS: readonly ErrorCode[] = [
  'signature.malformed',
  'signature.key_absent',
  'signature.stale',
  'signature.refused',
  'signature.replayed',
];

/**
 * Codes every operation of this shape can answer; the document lists them beside the operation's
 * own.
 */
function standardErrors(operation: Operation): readonly ErrorCode[] {
  // Malformed, since every operation refuses a query parameter it does not know.
  const codes: ErrorCode[] = [
    'request.malformed',
    'request.rate_limited',
    'internal.error',
    'upstream.unavailable',
  ];
  if (operation.access.kind !== 'public')
    codes.push('request.unauthenticated', ...SIGNATURE_REFUSALS);
  if (signatureNeed(operation) !== 'never') codes.push('signature.required');
  if (operation.access.kind === 'operator') codes.push('request.forbidden');
  if (operation.access.kind === 'authenticated') codes.push('account.suspended');
  if (operation.access.kind === 'account')
    codes.push('request.forbidden', 'account.suspended', 'request.not_found');
  if (isForBrowsers(operation)) codes.push('keys.origin_refused');
  if (operation.body) codes.push('request.body_too_large', 'request.media_type_unsupported');
  if (operation.idempotency !== 'none')
    codes.push('idempotency.key_reused', 'idempotency.in_progress');
  if (operation.ifMatch) codes.push('request.precondition_failed');
  return codes;
}

/** Every code of an operation, once, in a stable order. */
export const allErrors = (operation: Operation): readonly ErrorCode[] =>
  [...new Set([...operation.errors, ...standardErrors(operation)])].sort();
