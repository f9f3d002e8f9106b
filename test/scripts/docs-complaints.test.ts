/**
 * Every complaint about other relayers and monitors that docs/complaints.md lists has a test with its
 * name, and none of those it has to list gets lost.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

const LISTED = [
  'oz-681',
  'oz-683',
  'oz-818',
  'oz-823',
  'oz-844',
  'oz-655',
  'rrelayer-36',
  'rrelayer-99',
  'connext-4327',
  'connext-3019',
  'connext-3036',
  'safe-1730',
  'safe-6471',
  'unlock-12158',
  'oz-relayer-without-idempotency-key',
  'neofs-2278',
  'drips-1185',
  'oz-monitor-394',
  'oz-monitor-432',
  'oz-monitor-464',
  'oz-monitor-487',
];

const page = readFileSync(join(ROOT, 'docs/complaints.md'), 'utf8');
const rows = [...page.matchAll(/\| `([\w-]+)` \| `(test\/[\w/.-]+)` \|$/gm)].map(
  ([, name = '', file = '']) => ({ name, file }),
);

describe('docs/complaints.md', () => {
  it('lists every complaint once', () => {
    expect(rows.map(({ name }) => name)).toEqual(LISTED);
  });

  it.each(rows)('$name has a test in $file', ({ name, file }) => {
    const text = readFileSync(join(ROOT, file), 'utf8');
    const titles = [...text.matchAll(/\b(?:describe|it|test)[^\n]*?\(\s*['"`]([^\n]*)/g)];
    const isNamed = new RegExp(`^${name}\\b(?!-?\\d)`);
    expect(titles.some(([, title = '']) => isNamed.test(title))).toBe(true);
  });
});
