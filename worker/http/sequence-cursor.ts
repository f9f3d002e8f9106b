/** Opaque cursors of lists whose keys are numbers that only rise: journal sequences, versions. */
import { encodeCursor, parseCursor } from '../core/cursor.ts';
import { err, ok, type Result } from '../core/result.ts';

export const encodeSequenceCursor = (sequence: number | null): string | null =>
  sequence === null ? null : encodeCursor(String(sequence));

/** The sequence to go on from; undefined for the first page. */
export function parseSequenceCursor(
  cursor: string | undefined,
): Result<number | undefined, 'request.malformed'> {
  if (cursor === undefined) return ok(undefined);
  const key = parseCursor(cursor);
  if (!key.ok) return key;
  const sequence = /^\d{1,15}$/.test(key.value) ? Number(key.value) : undefined;
  if (sequence !== undefined) return ok(sequence);
  return err('request.malformed', {
    fields: [{ pointer: 'query/cursor', detail: 'is not a cursor of this list' }],
  });
}
