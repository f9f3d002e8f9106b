/**
 * Optimistic concurrency (RFC 9110 sections 8.8.3 and 13.1.1): a strong `ETag` made of the row's
 * revision, and `If-Match` on updates. Without the header the last writer wins, except over a
 * change made between our read and our write.
 */
import { err, ok, type Result } from '../core/result.ts';

export const toEtag = (revision: number): string => `"r${revision}"`;

/**
 * Passes when the header is absent, `*`, or lists the revision's tag. Weak tags never match, as
 * section 13.1.1 says.
 */
export function checkIfMatch(
  header: string | undefined,
  revision: number,
): Result<null, 'request.precondition_failed'> {
  if (header === undefined || header.trim() === '*') return ok(null);
  const tags = header.split(',').map((tag) => tag.trim());
  return tags.includes(toEtag(revision)) ? ok(null) : err('request.precondition_failed');
}
