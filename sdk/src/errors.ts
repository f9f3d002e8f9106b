/**
 * The one error the SDK throws. `code` is what programs branch on: a code of the catalogue, or one
 * of the `client.*` codes below for what went wrong before an answer of the platform could be read.
 * No error holds the token, a request body or the text of an answer that was not understood.
 */
import type { ErrorCode } from './generated/types.ts';

/** What can go wrong on the way; `retryable` tells whether the same call can succeed later. */
const CLIENT_CODES = {
  /** The options of the client or of the call cannot be used. Nothing was sent. */
  'client.input_invalid': { retryable: false },
  /** No answer: the name did not resolve, the connection was refused or broke. */
  'client.network': { retryable: true },
  /** No whole answer in time. */
  'client.timeout': { retryable: true },
  /** The caller's own signal ended the call. */
  'client.aborted': { retryable: false },
  /** The answer was a redirect. It is never followed: it could carry the token to another host. */
  'client.redirect_refused': { retryable: false },
  /** The answer is not one this platform gives; often a proxy's page. */
  'client.unexpected_response': { retryable: false },
  /** The answer is larger than `responseBytesMax`. */
  'client.response_too_large': { retryable: false },
  /** The method of a contract that was read ended in a FAULT. */
  'client.contract_fault': { retryable: false },
  /** The contract answered something else than its manifest says. */
  'client.contract_answer': { retryable: false },
} as const satisfies Record<`client.${string}`, { readonly retryable: boolean }>;

export type ClientCode = keyof typeof CLIENT_CODES;

/** A newer platform may answer with a code this version does not know; hence the open end. */
export type ServiceLayerErrorCode = ErrorCode | ClientCode | (string & {});

/**
 * One wrong place in a request: an RFC 6901 pointer into the body, or `query/limit`, `path/name`.
 */
export interface FieldProblem {
  readonly pointer: string;
  readonly detail: string;
}

export interface ErrorFacts {
  readonly code: ServiceLayerErrorCode;
  readonly detail: string;
  readonly retryable: boolean;
  readonly status?: number | undefined;
  readonly fields?: readonly FieldProblem[] | undefined;
  readonly requestId?: string | undefined;
  readonly limit?: number | undefined;
  readonly observed?: number | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly operation?: string | undefined;
  readonly cause?: unknown;
}

export class ServiceLayerError extends Error {
  readonly code: ServiceLayerErrorCode;
  readonly retryable: boolean;
  readonly status: number | undefined;
  readonly fields: readonly FieldProblem[];
  readonly requestId: string | undefined;
  /** The bound that was passed, and what was seen. */
  readonly limit: number | undefined;
  readonly observed: number | undefined;
  readonly retryAfterSeconds: number | undefined;
  /** The id of the operation, e.g. `secrets.createSecret`. */
  readonly operation: string | undefined;

  constructor(facts: ErrorFacts) {
    super(facts.detail, facts.cause === undefined ? {} : { cause: facts.cause });
    this.name = 'ServiceLayerError';
    this.code = facts.code;
    this.retryable = facts.retryable;
    this.status = facts.status;
    this.fields = facts.fields ?? [];
    this.requestId = facts.requestId;
    this.limit = facts.limit;
    this.observed = facts.observed;
    this.retryAfterSeconds = facts.retryAfterSeconds;
    this.operation = facts.operation;
  }

  /** The public text of the answer; the same as `message`. */
  get detail(): string {
    return this.message;
  }
}

/**
 * Whether something caught is an error of the platform or of the way to it, of any or of one given
 * code.
 */
export function isServiceLayerError<Code extends ErrorCode | ClientCode>(
  error: unknown,
  code?: Code,
): error is ServiceLayerError & { readonly code: Code } {
  return error instanceof ServiceLayerError && (code === undefined || error.code === code);
}

export const clientError = (
  code: ClientCode,
  detail: string,
  facts: Partial<Omit<ErrorFacts, 'code' | 'detail'>> = {},
): ServiceLayerError =>
  new ServiceLayerError({ retryable: CLIENT_CODES[code].retryable, ...facts, code, detail });
