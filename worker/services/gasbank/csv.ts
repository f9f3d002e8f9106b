/**
 * Statements as CSV (RFC 4180). The attack: a note or an id that a spreadsheet runs as a formula
 * when somebody of the finance department opens the file; so a text that could begin one begins
 * with an apostrophe instead. Numbers are left alone.
 */
import type { GasEntry } from './views.ts';

const LINE_END = '\r\n';
const NAMES =
  'sequence,at,kind,command,amount,change,from,from_balance,to,to_balance,note' + LINE_END;

export const formatCsv = (items: readonly GasEntry[]): string =>
  NAMES + items.map((item) => lineOf(item) + LINE_END).join('');

const lineOf = ({ sequence, at, kind, command, amount, change, from, to, note }: GasEntry) =>
  [
    String(sequence),
    at,
    text(kind),
    text(command),
    amount,
    change,
    text(from.account),
    from.balance,
    text(to.account),
    to.balance,
    text(note ?? ''),
  ].join(',');

function text(words: string): string {
  const harmless = /^[=+\-@\t\r]/.test(words) ? `'${words}` : words;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
