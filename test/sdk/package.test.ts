/** What is published: it builds without Node's types, runs as plain JavaScript and depends on nothing. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const manifest = JSON.parse(readFileSync('sdk/package.json', 'utf8')) as {
  readonly version: string;
  readonly dependencies?: unknown;
  readonly exports: Readonly<Record<string, unknown>>;
};

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sdk-'));
  execFileSync('node_modules/.bin/tsc', ['-p', 'sdk/tsconfig.json', '--outDir', folder]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the package', () => {
  it('builds with the types of browsers and Workers alone', () => {
    expect(readdirSync(folder)).toEqual(
      expect.arrayContaining(['index.js', 'index.d.ts', 'client.js']),
    );
  });

  it('runs as plain JavaScript', async () => {
    const built: unknown = await import(
      /* @vite-ignore */ pathToFileURL(join(folder, 'index.js')).href
    );
    expect(built).toMatchObject({
      createClient: expect.any(Function) as unknown,
      paginate: expect.any(Function) as unknown,
    });
  });

  it('imports nothing but itself', () => {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.js'),
    );
    const imported = files.flatMap((name) =>
      [...readFileSync(join(folder, name), 'utf8').matchAll(/from '([^']+)'/g)].map(
        ([, from]) => from,
      ),
    );
    expect(imported.length).toBeGreaterThan(5);
    expect(imported.filter((from) => !from?.startsWith('.'))).toStrictEqual([]);
    expect(manifest.dependencies).toBeUndefined();
  });

  it('has the version of the platform it was generated from', () => {
    const { info } = JSON.parse(readFileSync('docs/openapi.json', 'utf8')) as {
      info: { version: string };
    };
    expect(manifest.version).toBe(info.version);
  });
});
