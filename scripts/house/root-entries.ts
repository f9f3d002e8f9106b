/**
 * The root is a closed list; a new entry needs its reason in docs/architecture.md and its line
 * here.
 */
import type { Finding, SourceTree } from './source-tree.ts';

const ROOT = new Set([
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'LICENSE',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'biome.json',
  '.oxlintrc.json',
  'vitest.config.ts',
  'wrangler.toml',
  '.npmrc',
  '.gitignore',
  '.ci',
  '.github',
  'worker',
  'durable-objects',
  'd1-migrations',
  'enclave-bridge',
  'contracts',
  'sdk',
  'cli',
  'dashboard',
  'examples',
  'docs',
  'test',
  'scripts',
]);

export function rootEntries(tree: SourceTree): readonly Finding[] {
  const entries = new Set(tree.map(({ path }) => path.split('/')[0] ?? path));
  return [...entries]
    .filter((entry) => !ROOT.has(entry))
    .map((path) => ({
      path,
      line: 1,
      rule: 'root entries',
      instead:
        'move it into a folder, or give its reason in docs/architecture.md and add it to root-entries.ts',
    }));
}
