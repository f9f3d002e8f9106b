/** The platform itself, and the world outside it. Rows of the catalogue (../errors.ts). */
import type { ErrorEntry } from './entry.ts';

export const PLATFORM_ERRORS = {
  'service.not_ready': {
    status: 503,
    title: 'A part of the platform is not ready',
    retryable: true,
    help: 'With an operator token, `fields` name the parts that failed and why.',
  },
  'service.misconfigured': {
    status: 503,
    title: 'The service is not configured for this',
    retryable: true,
    help: 'An operator must set what `/readyz` names.',
  },
  'upstream.unavailable': {
    status: 503,
    title: 'A part of the platform did not answer',
    retryable: true,
    help: 'Repeat with backoff; `/readyz` tells operators which part.',
  },
  'egress.refused': {
    status: 422,
    title: 'The outgoing request is not allowed',
    retryable: false,
    help:
      'Only https on port 443 to public hosts is allowed, and what an operator lists in ' +
      '`EGRESS_ALLOW`. `detail` tells which rule refused it.',
  },
  'egress.too_large': {
    status: 502,
    title: 'The answer of the remote host is too large',
    retryable: false,
    help: 'Ask the host for less; `limit` is counted after decompression.',
  },
  'egress.timed_out': {
    status: 504,
    title: 'The remote host did not answer in time',
    retryable: true,
    help: 'The deadline covers all redirects and the whole body. Repeat with backoff.',
  },
  'egress.failed': {
    status: 502,
    title: 'The remote host could not be reached',
    retryable: true,
    help: 'The name does not resolve, the connection or its certificate failed, or the answer broke off.',
  },
  'egress.too_many_redirects': {
    status: 502,
    title: 'The remote host redirects too often',
    retryable: false,
    help: 'Use the final address; at most `limit` redirects are followed.',
  },
  'internal.error': {
    status: 500,
    title: 'Something broke on our side',
    retryable: true,
    help: 'The request id leads to the log entry.',
  },
} as const satisfies Record<string, ErrorEntry>;
