/**
 * docs/limits.md: every bound with its unit and its reason, from the records that enforce them and
 * `GET /limits` shows.
 */
import type { Limit } from '../../worker/core/limits.ts';
import { cell } from './configuration.ts';
import { markdownTable, markedPage } from './mark.ts';

export function renderLimits(
  groups: Readonly<Record<string, Readonly<Record<string, Limit>>>>,
): string {
  const sections = Object.entries(groups).map(([group, limits]) => {
    const rows = Object.entries(limits).map(([name, { value, unit, reason }]) => [
      `\`${name}\``,
      value.toLocaleString('en-US'),
      cell(unit),
      cell(reason),
    ]);
    const heads = ['bound', 'value', 'unit', 'where the number comes from'];
    return `## ${group}\n\n${markdownTable(heads, rows)}`;
  });
  const introduction =
    'The same records bound the code, stand in error bodies as `limit`, and are answered by `GET /limits`.';
  return `${markedPage('# Limits', introduction, ...sections)}\n`;
}
