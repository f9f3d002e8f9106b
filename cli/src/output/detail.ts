/**
 * One object as `name: value` lines, objects within it indented, lists of objects one after the
 * other.
 */
import { cellText, isRow, isScalar, type Row } from './cell.ts';
import { safeLine, safeLines } from './safe-text.ts';
import { padText, textWidth } from './width.ts';

const INDENT = '  ';

export function detailLines(row: Row, indent = ''): string {
  const names = Object.keys(row).map(safeLine);
  const width = Math.max(0, ...names.map(textWidth)) + 2;
  return Object.entries(row)
    .map(([name, value]) => `${indent}${entryText({ name, value, width, indent })}`)
    .join('');
}

interface Entry {
  readonly name: string;
  readonly value: unknown;
  readonly width: number;
  readonly indent: string;
}

function entryText({ name, value, width, indent }: Entry): string {
  const label = `${safeLine(name)}:`;
  const deeper = indent + INDENT;
  if (isRow(value) && Object.keys(value).length > 0)
    return `${label}\n${detailLines(value, deeper)}`;
  if (Array.isArray(value) && !value.every(isScalar))
    return `${label}\n${listLines(value, deeper)}`;
  if (typeof value === 'string' && value.includes('\n'))
    return `${label}\n${indentLines(safeLines(value), deeper)}`;
  return `${padText(label, width)}${cellText(isEmpty(value) ? null : value)}\n`;
}

const isEmpty = (value: unknown): boolean => isRow(value) && Object.keys(value).length === 0;

function listLines(items: readonly unknown[], indent: string): string {
  return items
    .map((item) => {
      if (!isRow(item)) return `${indent}- ${cellText(item)}\n`;
      const lines = detailLines(item, `${indent}${INDENT}`);
      return `${indent}- ${lines.slice(indent.length + INDENT.length)}`;
    })
    .join('');
}

/** Each line gets the indent, so that a value cannot pose as a field of its own. */
const indentLines = (text: string, indent: string): string =>
  `${text
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => `${indent}${line}`)
    .join('\n')}\n`;
