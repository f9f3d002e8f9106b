/**
 * What is published as `@neo-service-layer/sdk/keys`: one file that holds all it needs, with types
 * that need no types of Node, apart from the client.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const PROJECT = 'sdk/keys/tsconfig.json';
let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sdk-keys-'));
  execFileSync('node_modules/.bin/tsc', ['-p', PROJECT, '--outDir', join(folder, 'types')]);
  await build({
    entryPoints: ['sdk/keys/index.ts'],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    outfile: join(folder, 'keys.mjs'),
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the entry for keys', () => {
  it('has types where the package says they are', () => {
    expect(readFileSync('sdk/package.json', 'utf8')).toContain('./dist/types/sdk/keys/index.d.ts');
    expect(existsSync(join(folder, 'types/sdk/keys/index.d.ts'))).toBe(true);
  });

  it('imports nothing', () => {
    const code = readFileSync(join(folder, 'keys.mjs'), 'utf8');
    expect(code).not.toMatch(/^import /m);
    expect(code).not.toMatch(/\brequire\(/);
  });

  it('runs as plain JavaScript', async () => {
    const built: unknown = await import(
      /* @vite-ignore */ pathToFileURL(join(folder, 'keys.mjs')).href
    );
    expect(built).toMatchObject({
      encryptKey: expect.any(Function) as unknown,
      parseWallet: expect.any(Function) as unknown,
    });
  });
});
