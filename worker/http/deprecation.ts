/**
 * The headers of an operation that is being withdrawn: `Deprecation` (RFC 9745, a structured-field
 * date), `Sunset` (RFC 8594, an HTTP date) and a `Link` to the page that names the successor. Pure;
 * the app adds them to every answer of the operation, refusals included, so that a client learns of
 * it whichever way its calls go.
 */
import { assert } from '../core/assert.ts';
import type { Operation } from './operation.ts';

export function deprecationHeaders(
  operation: Pick<Operation, 'deprecated' | 'id'>,
): Readonly<Record<string, string>> {
  const { deprecated } = operation;
  if (!deprecated) return {};
  const since = Date.parse(deprecated.since);
  const sunset = Date.parse(deprecated.sunset);
  assert(Number.isFinite(since) && Number.isFinite(sunset), `${operation.id} has malformed times`);
  // RFC 8594 section 3 and RFC 9745 section 4: the sunset must not be earlier than the deprecation.
  assert(since <= sunset, `${operation.id} ends before it is deprecated`);
  return {
    Deprecation: `@${Math.floor(since / 1_000)}`,
    Sunset: new Date(sunset).toUTCString(),
    Link: `</docs#${deprecated.successor}>; rel="successor-version", </docs#${operation.id}>; rel="deprecation"`,
  };
}
