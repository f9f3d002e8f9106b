/**
 * The only maker of error bodies: RFC 9457 `application/problem+json`. The catalogue decides status
 * and title; a failure adds facts. Whatever was thrown becomes `internal.error` without a word of
 * what it was; the log has the rest.
 */
import { ERROR_TYPE_PREFIX, ERRORS } from '../core/errors.ts';
import type { Failure } from '../core/result.ts';

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly requestId: string;
  readonly fields?: Failure['fields'];
  readonly limit?: number;
  readonly observed?: number;
}

/** The page of errors has one heading a code, whose anchor is the code with `-` for `.` and `_`. */
export const toAnchor = (code: string): string => code.replace(/[._]/g, '-');

const toType = (code: string): string => `${ERROR_TYPE_PREFIX}${toAnchor(code)}`;

export function toProblem(failure: Failure, requestId: string): Problem {
  const { status, title } = ERRORS[failure.code];
  return {
    type: toType(failure.code),
    title,
    status,
    detail: failure.detail ?? title,
    code: failure.code,
    requestId,
    ...(failure.fields === undefined ? {} : { fields: failure.fields }),
    ...(failure.limit === undefined ? {} : { limit: failure.limit }),
    ...(failure.observed === undefined ? {} : { observed: failure.observed }),
  };
}

export function problemResponse(failure: Failure, requestId: string): Response {
  const headers = new Headers({ 'content-type': 'application/problem+json' });
  if (failure.code === 'request.unauthenticated') headers.set('www-authenticate', 'Bearer');
  if (failure.retryAfterSeconds !== undefined)
    headers.set('retry-after', String(Math.max(1, Math.ceil(failure.retryAfterSeconds))));
  return Response.json(toProblem(failure, requestId), {
    status: ERRORS[failure.code].status,
    headers,
  });
}
