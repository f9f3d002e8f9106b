/**
 * What is kept of a run to run it again: salt, input and the journal's entries, as JSON text in chunks below the row
 * bound, each sealed under the account's key and bound to the execution and its place. A chunk that is changed, swapped
 * or taken from another execution does not open.
 */
import type { Journal } from '../../core/functions-runtime/journal.ts';
import type { JsonValue } from '../../core/functions-runtime/json-text.ts';

export interface JournalFile {
  readonly formatVersion: 1;
  /** Hex, 32 bytes: the salt of every hash in the receipt. */
  readonly salt: string;
  readonly input: JsonValue;
  readonly entries: Journal;
}

/** Below the 1 MiB row bound with room for the envelope. */
const CHUNK_BYTES = 900_000;

export const journalContext = (executionId: string, index: number): readonly string[] => [
  'journal',
  executionId,
  String(index),
];
export const inputContext = (executionId: string): readonly string[] => ['input', executionId];
export const actionContext = (executionId: string, n: number): readonly string[] => [
  'action',
  executionId,
  String(n),
];

export function encodeJournalFile(file: JournalFile): readonly Uint8Array[] {
  const bytes = new TextEncoder().encode(JSON.stringify(file));
  const count = Math.ceil(bytes.byteLength / CHUNK_BYTES);
  return Array.from({ length: count }, (_, index) =>
    bytes.slice(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES),
  );
}

/**
 * Chunks in order, as they were opened. Their seals vouch for each of them, not for their number: undefined when some
 * are missing.
 */
export function decodeJournalFile(chunks: readonly Uint8Array[]): JournalFile | undefined {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  try {
    const text = chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join('');
    return JSON.parse(text + decoder.decode()) as JournalFile;
  } catch {
    return undefined;
  }
}
