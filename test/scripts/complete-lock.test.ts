import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

type Entry = Readonly<Record<string, unknown>>;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function complete(packages: Readonly<Record<string, Entry>>) {
  const file = join(folder, 'package-lock.json');
  const before = `${JSON.stringify({ name: 'a', lockfileVersion: 3, packages }, null, 2)}\n`;
  writeFileSync(file, before);
  const { status } = spawnSync(process.execPath, ['scripts/complete-lock.mjs', file]);
  const after = readFileSync(file, 'utf8');
  const completed: Readonly<Record<string, Entry>> = JSON.parse(after).packages;
  return { status, completed, unchanged: after === before };
}

function asking(...names: readonly string[]) {
  const optionalDependencies = Object.fromEntries(names.map((name) => [name, '1.2.3']));
  return { '': {}, 'node_modules/tool': { version: '1.2.3', optionalDependencies } };
}

describe('complete-lock', () => {
  it.each([
    ['@tool/linux-x64', { cpu: ['x64'], os: ['linux'] }],
    ['@tool/linux-64', { cpu: ['x64'], os: ['linux'] }],
    ['@tool/binding-linux-arm64-gnu', { cpu: ['arm64'], libc: ['glibc'], os: ['linux'] }],
    ['@tool/binding-linux-arm-musleabihf', { cpu: ['arm'], libc: ['musl'], os: ['linux'] }],
    ['@img/sharp-linuxmusl-x64', { cpu: ['x64'], libc: ['musl'], os: ['linux'] }],
    ['tool-windows-ia32', { cpu: ['ia32'], os: ['win32'] }],
    ['tool-darwin-universal', { os: ['darwin'] }],
    ['tool-wasm32', { cpu: ['wasm32'] }],
  ])('adds %s with its platform', (name, platform) => {
    const { status, completed } = complete(asking(name));
    expect(status).toBe(0);
    expect(completed[`node_modules/${name}`]).toEqual({
      version: '1.2.3',
      optional: true,
      ...platform,
    });
  });

  it('keeps what npm wrote, in its order, and marks what only development needs', () => {
    const known = { version: '1.2.3', integrity: 'sha512-x', optional: true };
    const packages = asking('tool-linux-x64', 'tool-darwin-x64');
    const { completed } = complete({
      '': packages[''],
      'node_modules/tool': { ...packages['node_modules/tool'], dev: true },
      'node_modules/tool-linux-x64': known,
    });
    expect(completed['node_modules/tool-linux-x64']).toEqual(known);
    expect(completed['node_modules/tool-darwin-x64']).toMatchObject({ dev: true });
    expect(Object.keys(completed)).toEqual(Object.keys(completed).sort());
  });

  it('does not take another version higher up for the one that is asked for', () => {
    const above = { version: '9.0.0', optional: true };
    const { completed } = complete({
      ...asking('tool-linux-x64'),
      'node_modules/tool-linux-x64': above,
    });
    expect(completed['node_modules/tool-linux-x64']).toEqual(above);
    expect(completed['node_modules/tool/node_modules/tool-linux-x64']).toMatchObject({
      version: '1.2.3',
    });
  });

  it('changes nothing in a lock that is complete', () => {
    const { completed } = complete(asking('tool-linux-x64'));
    expect(complete(completed).unchanged).toBe(true);
  });

  it('does not guess a version from a range', () => {
    const optionalDependencies = { 'tool-linux-x64': '^1.2.3' };
    expect(complete({ '': { optionalDependencies } }).unchanged).toBe(true);
  });

  it('refuses a lock that names the address of a package, and leaves it as it was', () => {
    const resolved = 'https://packages.example.com/tool-1.2.3.tgz';
    const { status, unchanged } = complete({ 'node_modules/tool': { version: '1.2.3', resolved } });
    expect(status).toBe(1);
    expect(unchanged).toBe(true);
  });

  it('does not refuse a link into the project', () => {
    const { status } = complete({ 'node_modules/sdk': { resolved: 'sdk', link: true } });
    expect(status).toBe(0);
  });
});
