/** The one place that writes answers: JSON for programs, tables and details for people. */
import { EXIT, type FailureFacts } from '../failure.ts';
import type { Io } from '../io.ts';
import { isRow } from './cell.ts';
import { detailLines } from './detail.ts';
import { safeJson, safeLine, safeLines } from './safe-text.ts';
import { chooseColumns, type TableColumn, tableHead, tableLines, toRow } from './table.ts';

export interface Style {
  readonly json: boolean;
  readonly columns?: readonly string[];
}

/**
 * `COLUMNS` counts only where there is a terminal: shells set it, and a pipe must not lose text by
 * it.
 */
const terminalWidth = (io: Io): number | undefined => io.stdout.columns;

export function printAnswer(io: Io, style: Style, answer: unknown): void {
  if (answer === undefined) return;
  if (style.json) io.stdout.write(`${safeJson(answer, 2)}\n`);
  else if (isRow(answer) && Array.isArray(answer.items)) printPage(io, style, answer);
  else if (isRow(answer)) io.stdout.write(detailLines(answer));
  else io.stdout.write(`${safeLines(typeof answer === 'string' ? answer : safeJson(answer, 2))}\n`);
}

function printPage(io: Io, style: Style, page: Readonly<Record<string, unknown>>): void {
  const items: readonly unknown[] = Array.isArray(page.items) ? page.items : [];
  rowPrinter(io, style)(items);
  if (items.length === 0) io.stderr.write('nothing found\n');
  if (typeof page.nextCursor === 'string')
    io.stderr.write(`more: --cursor ${safeLine(page.nextCursor)}, or --all\n`);
}

/** Prints rows as they come, under one head; with `--json` one document a line. */
export function rowPrinter(io: Io, style: Style): (items: readonly unknown[]) => void {
  let columns: readonly TableColumn[] | undefined;
  return (items) => {
    if (style.json) {
      for (const item of items) io.stdout.write(`${safeJson(item)}\n`);
      return;
    }
    if (items.length === 0) return;
    const rows = items.map(toRow);
    if (columns === undefined) {
      const { columns: wanted } = style;
      const chosen = wanted === undefined ? {} : { columns: wanted };
      columns = chooseColumns(rows, { width: terminalWidth(io), ...chosen });
      io.stdout.write(tableHead(columns));
    }
    io.stdout.write(tableLines(columns, rows));
  };
}

/** Always on standard error, so that a pipe of answers stays a pipe of answers. */
export function printFailure(io: Io, json: boolean, facts: FailureFacts): void {
  if (json) {
    io.stderr.write(`${safeJson({ error: facts })}\n`);
    return;
  }
  io.stderr.write(`error ${safeLine(facts.code)}: ${safeLines(facts.detail)}\n`);
  for (const field of facts.fields ?? [])
    io.stderr.write(`  ${safeLine(field.pointer)}: ${safeLine(field.detail)}\n`);
  if (facts.limit !== undefined)
    io.stderr.write(`  limit ${facts.limit}, observed ${facts.observed ?? 'unknown'}\n`);
  if (facts.retryAfterSeconds !== undefined)
    io.stderr.write(`  retry after ${facts.retryAfterSeconds} s\n`);
  if (facts.requestId !== undefined) io.stderr.write(`  request id ${safeLine(facts.requestId)}\n`);
  if (facts.exitCode === EXIT.denied && facts.status === 401)
    io.stderr.write(
      '  `slctl login` stores a credential; `slctl profiles list` shows what is stored\n',
    );
}
