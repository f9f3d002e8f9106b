/** The check as a whole: it holds itself to its own rules, and it speaks in one form. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RULES } from '../../../scripts/house/rules.ts';

const folders = ['scripts/house', 'test/scripts/house'];
const paths = folders.flatMap((path) => readdirSync(path).map((name) => `${path}/${name}`));
const itself = ['scripts/check-house.ts', 'scripts/complete-lock.mjs', ...paths].map((path) => ({
  path,
  text: readFileSync(path, 'utf8'),
}));

describe('check-house', () => {
  it('passes its own rules', () => {
    expect(RULES.flatMap((rule) => rule(itself))).toEqual([]);
  });

  it('prints every finding as path, line, rule and what to do, and ends with 1 when there is one', () => {
    const { status, stdout } = spawnSync(process.execPath, ['scripts/check-house.ts'], {
      encoding: 'utf8',
    });
    const lines = stdout.trimEnd().split('\n');
    const summary = /^house check: \d+ files, (\d+) findings$/.exec(lines.pop() ?? '');
    expect(summary?.[1]).toBe(String(lines.length));
    expect(lines.filter((line) => !/^\S+:\d+: [a-z ]+ — \S/.test(line))).toEqual([]);
    expect(status).toBe(lines.length === 0 ? 0 : 1);
  });
});
