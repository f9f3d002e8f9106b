/** Values of an answer as text of one line. */
import { safeJson, safeLine } from './safe-text.ts';

export type Row = Readonly<Record<string, unknown>>;

export const isRow = (value: unknown): value is Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isScalar = (value: unknown): boolean => value === null || typeof value !== 'object';

export function cellText(value: unknown): string {
  if (value === undefined || value === null) return '-';
  if (typeof value === 'string') return safeLine(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value) && value.every(isScalar))
    return value.length === 0 ? '-' : value.map(cellText).join(',');
  return safeLine(safeJson(value));
}

/** `limits.fuel` reads a field of a field; a field whose own name has a dot wins. */
export function readPath(row: Row, path: string): unknown {
  if (Object.hasOwn(row, path)) return row[path];
  let value: unknown = row;
  for (const part of path.split('.')) {
    if (!isRow(value) || !Object.hasOwn(value, part)) return undefined;
    value = value[part];
  }
  return value;
}
