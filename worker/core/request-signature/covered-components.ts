/**
 * What is signed: the signature base of RFC 9421 section 2.5, and the one set of components that our
 * profile covers. Method, whole URL and digest of the content bind the request; an `Idempotency-Key`
 * is covered where there is one, since it decides what a repetition means. The content's digest is
 * always covered, of the empty content where there is none: a body that is added or taken away on
 * the way never goes unnoticed, and there is one form for all requests.
 */
import { base64 } from '@scure/base';

type Line = readonly [component: string, value: string];

/** No value holds a line end: they come from a URL and from single header lines. */
export function formatSignatureBase(lines: readonly Line[], signatureParams: string): string {
  return [...lines, ['@signature-params', signatureParams] as const]
    .map(([component, value]) => `"${component}": ${value}`)
    .join('\n');
}

export interface CoveredRequest {
  /** In capitals, as it was sent. */
  readonly method: string;
  /** Absolute, as the platform sees it. */
  readonly targetUri: string;
  readonly contentDigest: string;
  /** Null where the request has none. */
  readonly idempotencyKey: string | null;
}

/** In the order in which they must be covered. */
export const coveredLines = (request: CoveredRequest): readonly Line[] => [
  ['@method', request.method],
  ['@target-uri', request.targetUri],
  ['content-digest', request.contentDigest],
  ...(request.idempotencyKey === null
    ? []
    : [['idempotency-key', request.idempotencyKey] as const]),
];

/** The one form of `Content-Digest` that is accepted: RFC 9530, SHA-256 alone. */
export const formatContentDigest = (sha256: Uint8Array): string =>
  `sha-256=:${base64.encode(sha256)}:`;
