/** The real bootstrap in a copied tree; `npm` and the pinned Node are stand-ins on disk. */
import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const LOCK = {
  packages: {
    '': { name: 'project' },
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/other-platform': { version: '1.0.0', integrity: 'sha512-o', optional: true },
  },
};
const PRESENT = { packages: { 'node_modules/a': LOCK.packages['node_modules/a'] } };

let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'bootstrap-'));
  mkdirSync(join(root, 'scripts'));
  mkdirSync(join(root, 'tools'));
  copyFileSync('scripts/bootstrap.mjs', join(root, 'scripts/bootstrap.mjs'));
  write('package-lock.json', LOCK);
  writeFileSync(join(root, 'scripts/show.mjs'), SHOW);
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Prints what the script was given, then does what its first argument says. */
const SHOW = `
import { writeFileSync } from 'node:fs';
const [act, value] = process.argv.slice(2);
if (act === 'wait') {
  process.on('SIGTERM', () => process.exit(7));
  process.on('disconnect', () => { writeFileSync(value, 'ended'); process.exit(0); });
  setInterval(() => {}, 1000);
}
// Whoever reads this may send a signal at once.
console.log(JSON.stringify({ args: process.argv.slice(2), node: process.execPath, path: process.env.PATH }));
if (act === 'exit') process.exit(Number(value));
`;

function write(path: string, content: unknown): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), JSON.stringify(content));
}

/** An \`npm\` that notes its call and, unless it is to fail, leaves what an install leaves. */
function placeNpm({ fails = false } = {}): void {
  const npm = join(root, 'tools/npm');
  const install = `mkdir -p node_modules && cp present.json node_modules/.package-lock.json`;
  write('present.json', PRESENT);
  writeFileSync(npm, `#!/bin/sh\necho "$@" >> npm-calls\n${fails ? 'exit 1' : install}\n`);
  chmodSync(npm, 0o755);
}

const environment = () => ({
  ...process.env,
  npm_execpath: '',
  PATH: `${join(root, 'tools')}:/usr/bin:/bin`,
});

function run(...args: readonly string[]) {
  const result = spawnSync(
    process.execPath,
    [join(root, 'scripts/bootstrap.mjs'), 'scripts/show.mjs', ...args],
    { env: environment(), encoding: 'utf8' },
  );
  return { ...result, calls: callsOfNpm() };
}

function callsOfNpm(): string {
  const path = join(root, 'npm-calls');
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

describe('installing', () => {
  it('happens once in a fresh clone, and the script follows in the same run', () => {
    placeNpm();
    const first = run('a', 'b c');
    expect(first.status).toBe(0);
    expect(JSON.parse(first.stdout)).toMatchObject({ args: ['a', 'b c'] });
    expect(first.calls).toBe('ci\n');
    expect(run().calls).toBe('ci\n');
  });

  it.each([
    ['the lock file names another version', { 'node_modules/a': { version: '2.0.0' } }],
    ['a package is missing', {}],
    [
      'the contents differ',
      { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-changed' } },
    ],
  ])('happens again when %s', (_title, packages) => {
    placeNpm();
    write('node_modules/.package-lock.json', { packages });
    expect(run().calls).toBe('ci\n');
  });

  it('does not happen when only packages of other platforms are absent', () => {
    placeNpm();
    write('node_modules/.package-lock.json', PRESENT);
    expect(run().calls).toBe('');
  });

  it('happens again after one that was broken off', () => {
    placeNpm();
    mkdirSync(join(root, 'node_modules/a'), { recursive: true });
    expect(run().calls).toBe('ci\n');
  });

  it('tells what to do and runs nothing when it fails', () => {
    placeNpm({ fails: true });
    const { status, stdout, stderr } = run();
    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain('npm ci ended with 1');
    expect(stderr).toContain('registry');
  });
});

describe('running', () => {
  beforeEach(() => {
    write('node_modules/.package-lock.json', PRESENT);
    mkdirSync(join(root, 'node_modules/.bin'));
  });

  it('uses the pinned Node and puts the tools of the project first', () => {
    const pinned = join(root, 'node_modules/.bin/node');
    symlinkSync(process.execPath, pinned);
    const { path } = JSON.parse(run().stdout);
    expect(path.split(':')[0]).toBe(join(root, 'node_modules/.bin'));
  });

  it('falls back to a running Node that is new enough when the pinned one does not run here', () => {
    writeFileSync(join(root, 'node_modules/.bin/node'), 'for another system', { mode: 0o755 });
    expect(JSON.parse(run().stdout)).toMatchObject({ node: process.execPath });
  });

  it('hands on the exit code', () => {
    expect(run('exit', '5').status).toBe(5);
  });

  it('refuses a script that is not there', () => {
    const bootstrap = join(root, 'scripts/bootstrap.mjs');
    for (const args of [[], ['scripts/absent.ts']]) {
      const { status, stderr } = spawnSync(process.execPath, [bootstrap, ...args], {
        encoding: 'utf8',
      });
      expect(status).toBe(1);
      expect(stderr).toContain('usage');
    }
  });

  function startWaiting(note: string) {
    const args = [join(root, 'scripts/bootstrap.mjs'), 'scripts/show.mjs', 'wait', note];
    const child = spawn(process.execPath, args, {
      env: environment(),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const started = new Promise<void>((resolve) => child.stdout.once('data', () => resolve()));
    return { child, started };
  }

  it('hands on a signal and waits for the script to end', async () => {
    const { child, started } = startWaiting('');
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    await started;
    child.kill('SIGTERM');
    expect(await ended).toBe(7);
  });

  it('does not leave the script behind when it is killed itself', async () => {
    const note = join(root, 'ended');
    const { child, started } = startWaiting(note);
    // The output pipe is held by the script as well, so it closes when both are gone.
    const closed = new Promise((resolve) => child.once('close', resolve));
    await started;
    child.kill('SIGKILL');
    await closed;
    expect(readFileSync(note, 'utf8')).toBe('ended');
  });
});
