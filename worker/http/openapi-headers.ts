/**
 * Request and answer headers of the document, each with its standard; the words a client's author
 * reads.
 */
import { LIMITS } from '../core/limits.ts';
import type { OpenApiHeader, OpenApiParameter, Reference } from './openapi-document.ts';

const text = { type: 'string' } as const;

export const HEADERS: Readonly<Record<string, OpenApiHeader>> = {
  ETag: {
    description: 'The version of the resource, for `If-Match` (RFC 9110 section 8.8.3).',
    schema: text,
  },
  'Idempotency-Replayed': {
    description: '`true` when this is the stored answer of an earlier request with the same key.',
    schema: text,
  },
  RateLimit: {
    description:
      'What is left of the quota and when it is whole again (draft-ietf-httpapi-ratelimit-headers).',
    schema: text,
  },
  'RateLimit-Policy': {
    description: 'The quota of this caller and its window in seconds.',
    schema: text,
  },
  'Retry-After': {
    description:
      'Whole seconds to wait before the same request can succeed (RFC 9110 section 10.2.3).',
    schema: { type: 'integer', minimum: 1 },
  },
  'WWW-Authenticate': { description: 'Always `Bearer`.', schema: text },
  'X-Request-Id': { description: 'Leads to the log entry of this request.', schema: text },
  traceparent: {
    description: 'The trace of this request, continued from the one sent (W3C Trace Context).',
    schema: text,
  },
};

export const headerRef = (name: string): Reference => ({ $ref: `#/components/headers/${name}` });

export const IDEMPOTENCY_KEY: OpenApiParameter = {
  name: 'Idempotency-Key',
  in: 'header',
  description: [
    `Makes repeating this request safe for ${LIMITS.idempotencyKeepHours.value} hours:`,
    'the same key and body give the same answer.',
  ].join(' '),
  required: false,
  schema: { type: 'string', minLength: 1, maxLength: LIMITS.idempotencyKeyCharsMax.value },
};

export const IF_MATCH: OpenApiParameter = {
  name: 'If-Match',
  in: 'header',
  description: 'The `ETag` the change was based on; 412 when the resource has changed since.',
  required: false,
  schema: text,
};

export const TRACEPARENT: OpenApiParameter = {
  name: 'traceparent',
  in: 'header',
  description: 'W3C Trace Context; a new trace starts when it is absent or malformed.',
  required: false,
  schema: text,
};
