/**
 * Opaque cursors for lists in descending or ascending id order. A cursor holds the last id seen,
 * never an offset, so rows inserted between two pages are neither skipped nor repeated: ids are
 * unique and sortable.
 */
import { base64urlnopad } from '@scure/base';
import { err, ok, type Result } from './result.ts';

const VERSION = 'c1.';

export const encodeCursor = (lastKey: string): string =>
  base64urlnopad.encode(new TextEncoder().encode(`${VERSION}${lastKey}`));

export function parseCursor(text: string): Result<string, 'request.malformed'> {
  const refusal = err('request.malformed', {
    fields: [{ pointer: 'query/cursor', detail: 'is not a cursor of this list' }],
  });
  try {
    const key = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      base64urlnopad.decode(text),
    );
    return key.startsWith(VERSION) && key.length <= 300 ? ok(key.slice(VERSION.length)) : refusal;
  } catch {
    // Undecodable text is the caller's mistake, the same refusal as a foreign cursor.
    return refusal;
  }
}
