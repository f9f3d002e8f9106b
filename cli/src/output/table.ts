/**
 * * Rows as a table that fits the terminal. Columns that do not fit are left out from the right,
 * except those the caller asked for; the last one shown may be cut with `…`. Ids are never cut:
 * they are there to be copied. Without a terminal nothing is cut or left out, so that a pipe sees
 * everything.
 */
import { cellText, isRow, isScalar, type Row, readPath } from './cell.ts';
import { fitText, padText, textWidth } from './width.ts';

const GAP = '  ';
const CELL_COLUMNS_MAX = 48;
const LAST_CELL_COLUMNS_MIN = 8;
/** What a person looks for first; the rest follows in the answer's own order. */
const FIRST = ['id', 'name', 'label', 'title', 'status', 'type', 'kind', 'version'];

export interface TableOptions {
  /** Undefined: no bound. */
  readonly width: number | undefined;
  readonly columns?: readonly string[];
}

export interface TableColumn {
  readonly name: string;
  readonly width: number;
}

/**
 * Decided from the first page and kept for the ones after it, so that a long list stays one table.
 */
export function chooseColumns(rows: readonly Row[], options: TableOptions): readonly TableColumn[] {
  const names = options.columns ?? defaultColumns(rows);
  const natural = names.map((name) => ({ name, width: naturalWidth(name, rows, options) }));
  if (options.width === undefined) return natural;
  const fitting: TableColumn[] = [];
  let left = options.width;
  for (const column of natural) {
    const width = Math.min(column.width, isId(column.name) ? column.width : left);
    const isTooNarrow = left < Math.min(column.width, LAST_CELL_COLUMNS_MIN) || width > left;
    if (isTooNarrow && fitting.length > 0 && options.columns === undefined) break;
    fitting.push({ name: column.name, width: Math.max(width, 1) });
    left = Math.max(0, left - width - GAP.length);
  }
  return fitting;
}

export const tableHead = (columns: readonly TableColumn[]): string =>
  renderLine(columns, (column) => toTitle(column.name));

export const tableLines = (columns: readonly TableColumn[], rows: readonly Row[]): string =>
  rows.map((row) => renderLine(columns, ({ name }) => cellText(readPath(row, name)))).join('');

function renderLine(
  columns: readonly TableColumn[],
  textOf: (column: TableColumn) => string,
): string {
  const cells = columns.map((column) => {
    const text = textOf(column);
    const fitted = isId(column.name) ? text : fitText(text, column.width);
    return padText(fitted, column.width);
  });
  return `${cells.join(GAP).trimEnd()}\n`;
}

function defaultColumns(rows: readonly Row[]): readonly string[] {
  const names = new Set<string>();
  for (const row of rows)
    for (const [name, value] of Object.entries(row)) if (isShown(value)) names.add(name);
  const first = FIRST.filter((name) => names.has(name));
  return [...first, ...[...names].filter((name) => !FIRST.includes(name))];
}

const isShown = (value: unknown): boolean =>
  isScalar(value) || (Array.isArray(value) && value.every(isScalar));

function naturalWidth(name: string, rows: readonly Row[], options: TableOptions): number {
  const widths = rows.map((row) => textWidth(cellText(readPath(row, name))));
  const widest = Math.max(textWidth(toTitle(name)), ...widths);
  const isFree = isId(name) || options.width === undefined;
  return isFree ? widest : Math.min(widest, CELL_COLUMNS_MAX);
}

const isId = (name: string): boolean => name === 'id' || /[a-z]Id$/.test(name);

/**
 * `createdAt` is shown as `CREATED AT`. Server fields name columns too, so they are as unsafe as
 * cells.
 */
const toTitle = (name: string): string =>
  cellText(name.replace(/([a-z0-9])([A-Z])/g, '$1 $2')).toUpperCase();

export const toRow = (value: unknown): Row => (isRow(value) ? value : { value });
