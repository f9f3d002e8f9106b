/** Completion scripts, tried in the shells that this machine has. */
import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder, run } from './support/run-cli.ts';

const exists = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0;

/** What bash offers after these words, the last of which is being typed. */
async function offered(words: readonly string[]): Promise<readonly string[]> {
  const script = join(await makeFolder(), 'completion.bash');
  await writeFile(script, (await run(['completion', 'bash'])).out);
  const line = words.map((word) => `'${word}'`).join(' ');
  const program = [
    'set -u',
    `source '${script}'`,
    `COMP_WORDS=(${line}); COMP_CWORD=${words.length - 1}`,
    '_slctl',
    'printf "%s\\n" "${COMPREPLY[@]-}"',
  ].join('\n');
  const { stdout, stderr, status } = spawnSync('bash', ['-c', program], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return stdout.split('\n').filter((word) => word !== '');
}

describe.skipIf(!exists('bash'))('in bash', () => {
  it('offers services, then their operations, then their flags', async () => {
    expect(await offered(['slctl', 'secret'])).toEqual(['secret-boxes']);
    expect(await offered(['slctl', 'secret-boxes', 'cr'])).toEqual(['create-box']);
    expect(await offered(['slctl', 'secret-boxes', 'create-box', '--na'])).toEqual(['--name']);
  });

  it('offers the choices of a flag, and leaves free values to file names', async () => {
    const words = ['slctl', 'secret-boxes', 'create-box', '--color'];
    expect(await offered([...words, ''])).toEqual(['red', 'blue']);
    expect(await offered(['slctl', 'secret-boxes', 'create-box', '--value', ''])).toEqual([]);
  });

  it('finds its place behind flags', async () => {
    expect(await offered(['slctl', '--profile', 'ops', 'secret-boxes', 'get'])).toEqual([
      'get-box',
    ]);
  });

  it('offers the commands written by hand', async () => {
    expect(await offered(['slctl', 'functions', 'dep'])).toEqual(['deploy']);
    expect(await offered(['slctl', 'audit', ''])).toContain('verify');
  });
});

describe.each(['zsh', 'fish'])('in %s', (shell) => {
  it('is a script that names every command', async () => {
    const { out, code } = await run(['completion', shell]);
    expect(code).toBe(0);
    for (const word of ['secret-boxes', 'create-box', 'deploy', 'login'])
      expect(out).toContain(word);
  });

  it.skipIf(!exists(shell))('is free of syntax errors', async () => {
    const script = join(await makeFolder(), `completion.${shell}`);
    await writeFile(script, (await run(['completion', shell])).out);
    expect(spawnSync(shell, ['-n', script], { encoding: 'utf8' }).stderr).toBe('');
  });
});

it('refuses an unknown shell with 2', async () => {
  expect((await run(['completion', 'tcsh'])).code).toBe(2);
});
