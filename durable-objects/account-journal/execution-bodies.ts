/**
 * The bulk of executions: sealed inputs that wait, sealed journals, outputs and logs. One row a
 * part, each under 1 MiB, keyed by kind and then execution, so the oldest of a kind are first
 * (execution ids sort by time). Meters hold the bytes of each kind, so that retention and `usage`
 * need no sum over rows.
 */
import { LIMITS } from '../../worker/core/executions/limits.ts';
import { err, ok, type Result } from '../../worker/core/result.ts';
import { addToMeter, type MeterName, type Turn } from './turn.ts';

export type BodyKind = 'input' | 'journal' | 'output' | 'logs';
type BytesRow = { bytes: ArrayBuffer };

const METER: Readonly<Record<BodyKind, MeterName>> = {
  input: 'bytes.input',
  journal: 'bytes.journal',
  output: 'bytes.output',
  logs: 'bytes.output',
};

interface BodyPlace {
  readonly kind: BodyKind;
  readonly executionId: string;
}

export function putBody(turn: Turn, place: BodyPlace, parts: readonly Uint8Array[]): void {
  let bytes = 0;
  for (const [part, content] of parts.entries()) {
    turn.sql.write(
      `INSERT INTO execution_bodies (kind, execution_id, part, created_at, bytes)
       VALUES (?, ?, ?, ?, ?)`,
      place.kind,
      place.executionId,
      part,
      turn.now,
      content,
    );
    bytes += content.byteLength;
  }
  addToMeter(turn, METER[place.kind], bytes);
}

export const readBody = (turn: Turn, place: BodyPlace): readonly Uint8Array[] =>
  turn.sql
    .all<BytesRow>(
      'SELECT bytes FROM execution_bodies WHERE kind = ? AND execution_id = ? ORDER BY part',
      place.kind,
      place.executionId,
    )
    .map(({ bytes }) => new Uint8Array(bytes));

export const encodeText = (text: string): readonly Uint8Array[] => [new TextEncoder().encode(text)];

export function readText(turn: Turn, place: BodyPlace): string | undefined {
  const [part] = readBody(turn, place);
  return part === undefined ? undefined : new TextDecoder().decode(part);
}

/** Answers how many rows went. */
export function dropBody(turn: Turn, place: BodyPlace): number {
  const held = turn.sql.first<{ bytes: number | null }>(
    `SELECT sum(length(bytes)) AS bytes FROM execution_bodies
     WHERE kind = ? AND execution_id = ?`,
    place.kind,
    place.executionId,
  );
  const rows = turn.sql.run(
    'DELETE FROM execution_bodies WHERE kind = ? AND execution_id = ?',
    place.kind,
    place.executionId,
  );
  addToMeter(turn, METER[place.kind], -(held?.bytes ?? 0));
  return rows;
}

/**
 * What is handed in must fit into rows and into one answer; the runner bounds it, and this refuses
 * a mistake there.
 */
export function checkBodies(
  chunks: readonly Uint8Array[],
  texts: readonly (string | undefined)[],
): Result<null, 'request.body_too_large'> {
  const tooLarge = (limit: number, observed: number) =>
    err('request.body_too_large', { limit, observed });
  const chunk = Math.max(0, ...chunks.map(({ byteLength }) => byteLength));
  if (chunk > LIMITS.journalChunkBytesMax.value)
    return tooLarge(LIMITS.journalChunkBytesMax.value, chunk);
  const total = chunks.reduce((sum, { byteLength }) => sum + byteLength, 0);
  if (total > LIMITS.journalTotalBytesMax.value)
    return tooLarge(LIMITS.journalTotalBytesMax.value, total);
  for (const text of texts) {
    const bytes = text === undefined ? 0 : new TextEncoder().encode(text).byteLength;
    if (bytes > LIMITS.outputTextBytesMax.value)
      return tooLarge(LIMITS.outputTextBytesMax.value, bytes);
  }
  return ok(null);
}
