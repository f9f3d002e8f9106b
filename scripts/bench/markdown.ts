/** How the page of benchmarks writes its tables and numbers. */
import type { Spread } from './statistics.ts';

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

export const verdict = (reached: boolean, target: string): string =>
  `${target}: ${reached ? 'reached' : '**missed**'}`;

export const ms = (value: number): string => value.toFixed(value < 10 ? 2 : 1);
export const perSecond = (value: number): string => Math.round(value).toLocaleString('en');
export const spread = ({ median, min, max }: Spread): string =>
  `${median.toFixed(2)} (${min.toFixed(2)}–${max.toFixed(2)})`;
