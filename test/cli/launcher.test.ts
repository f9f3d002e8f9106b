/** The program as a process: `cli/slctl.mjs`, as npm links it. */
import { spawnSync } from 'node:child_process';
import { symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from './support/run-cli.ts';

const LAUNCHER = resolve(import.meta.dirname, '../../cli/slctl.mjs');
const env = { PATH: process.env.PATH ?? '', XDG_CONFIG_HOME: '/nonexistent' };

const start = (words: readonly string[], node = process.execPath, launcher = LAUNCHER) =>
  spawnSync(node, [launcher, ...words], { encoding: 'utf8', env });

describe('the launcher', () => {
  it('runs the program, also through a link, and gives its exit code', async () => {
    const link = join(await makeFolder(), 'slctl');
    await symlink(LAUNCHER, link);
    expect(start(['--version'], process.execPath, link)).toMatchObject({ status: 0 });
    expect(start(['secrets', '--wrong'])).toMatchObject({ status: 2, stdout: '' });
  });

  it('prints no warning of the runtime', () => {
    expect(start(['--version']).stderr).toBe('');
  });

  const older = ['/usr/bin/node', '/usr/local/bin/node'].find((path) => {
    const { stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' });
    return /^v2[0-3]\./.test(stdout ?? '');
  });

  it.skipIf(older === undefined)(
    'hands over to the pinned Node when started by an older one',
    () => {
      expect(start(['--version'], older)).toMatchObject({ status: 0, stderr: '' });
      expect(start(['secrets', '--wrong'], older)).toMatchObject({ status: 2 });
    },
  );
});
